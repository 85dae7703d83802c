"""The files that asking appends to, and takes up again after it was cut off.

``OUT`` has a label a line, as an import takes it; ``OUT.asked.jsonl`` has a line for each question
that was asked: what it cost, and why it gave no label. The account of a question is written first,
so that no cost is forgotten: where its label is missing it is asked again.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, ClassVar

from curation.errors import UsageError
from curation.labelling.jsonl import read_lines
from curation.labelling.records import Label, read_file, to_lines
from curation.storage.records import parse_record

SUFFIX = ".asked.jsonl"
CHUNK_BYTES = 1 << 16

Question = tuple[str, str]
"""The id of a document, and the digest of its text."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was asked: ``answers`` that came, tokens and cost of all of them.

    ``fault`` says why there is no label, "" where there is one. One that is not ``final`` (the
    endpoint gave no answer) is asked again at the next start.
    """

    format_version: ClassVar[int] = 1
    remedy: ClassVar[str] = "remove that line"

    task: str
    doc_id: str
    text_digest: str
    annotator: str
    pass_number: int
    answers: int
    prompt_tokens: int
    completion_tokens: int
    cost: float
    fault: str = ""
    is_final: bool = True


@dataclass(frozen=True, slots=True)
class Before:
    """What former starts have done: questions with a label, those that failed, and the cost."""

    answered: frozenset[Question]
    failed: frozenset[Question]
    spent: float


@dataclass(frozen=True)
class AnswerFiles:
    """Both files, open to be appended to by this process alone."""

    labels: BinaryIO
    account: BinaryIO

    def add(self, asked: Asked, label: Label | None) -> None:
        """Write down what became of a question."""
        row = {"format_version": Asked.format_version, **asdict(asked)}
        _append(self.account, json.dumps(row, ensure_ascii=False).encode() + b"\n")
        if label is not None:
            _append(self.labels, to_lines([label]))


def _append(stream: BinaryIO, data: bytes) -> None:
    stream.write(data)
    stream.flush()


@contextmanager
def open_answers(out: str) -> Iterator[AnswerFiles]:
    """Open both files; a last line that was cut off is dropped.

    Raises UsageError where they cannot be written, and while another process appends to them.
    """
    if "://" in out:
        raise UsageError(f"--out {out}: is appended to, and so must be a file on this machine")
    try:
        Path(out).parent.mkdir(parents=True, exist_ok=True)
        with Path(out).open("a+b") as labels, Path(out + SUFFIX).open("a+b") as account:
            _lock(account, out)
            for stream in (labels, account):
                repair(stream)
            yield AnswerFiles(labels, account)
    except OSError as error:
        raise UsageError(f"--out {out}: cannot be written ({error.strerror or error})") from error


def _lock(stream: BinaryIO, out: str) -> None:
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise UsageError(f"--out {out}: another process appends to it") from error


def repair(stream: BinaryIO) -> None:
    """Drop what stands behind the last end of a line: a process ended while it wrote."""
    end = stream.seek(0, os.SEEK_END)
    while end:
        start = max(end - CHUNK_BYTES, 0)
        stream.seek(start)
        place = stream.read(end - start).rfind(b"\n")
        end = start + place + 1 if place >= 0 else start
        if place >= 0:
            break
    stream.truncate(end)
    stream.seek(end)


def read_before(out: str, task: str, annotator: str, pass_number: int) -> Before:
    """What this annotator has done of a task in this pass. Raises RecordError for damage."""
    who = task, annotator, pass_number
    labels = [one for one in read_file(out) if (one.task, one.annotator, one.pass_number) == who]
    account = out + SUFFIX
    asked = [
        parse_record(f"{account}, line {number}", line, Asked)
        for number, line in read_lines(account)
    ]
    return Before(
        answered=frozenset((label.doc_id, label.text_digest) for label in labels),
        failed=frozenset(
            (one.doc_id, one.text_digest)
            for one in asked
            if one.fault and one.is_final and (one.task, one.annotator, one.pass_number) == who
        ),
        spent=sum(one.cost for one in asked),
    )
