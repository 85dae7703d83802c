"""A label as every file of labels has it, one JSON object a line, and the reader of such files.

``{root}/labels/TASK.jsonl`` holds what `curate label import` took, for all runs of a root. A label
names a document by its id and by a digest of the text that was judged: where a stage before has
changed and serves another text, the label no longer fits, and whoever reads both can tell.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Gt, Le, MaxLen
from pydantic import StringConstraints

from curation import storage
from curation.errors import UsageError
from curation.storage.records import parse_record

FOLDER = "labels"

TextDigest = Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$")]
LineDigest = Annotated[str, StringConstraints(pattern="^[0-9a-f]{8}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[^\p{C}]{1,200}$")]
"""No control characters, no lone surrogates: names go to terminals and into file names."""

LineValue = tuple[LineDigest, Literal[0, 1]]
"""``digest_of_line`` of a line, and 1 if it is main text, 0 if it is clutter."""


@dataclass(frozen=True, slots=True)
class Label:
    """What one annotator said of one document in one pass.

    ``value`` is one of the task's values, "" where the task asks of lines: then ``lines`` has those
    that were judged, in the order of the text. ``language`` is the document's. ``weight`` is how
    many documents of the run this one stands for (the sum of weights over a value estimates how
    many documents have it), None for a document that was not drawn by lot. A second pass of the
    same annotator is there to measure how well they agree with themselves.
    """

    format_version: ClassVar[int] = 1
    remedy: ClassVar[str] = "correct or remove that line"

    doc_id: Name
    text_digest: TextDigest
    language: Annotated[str, MaxLen(35)]
    task: Name
    annotator: Name
    pass_number: Annotated[int, Ge(1), Le(99)] = 1
    value: Annotated[str, MaxLen(200)] = ""
    lines: tuple[LineValue, ...] = ()
    weight: Annotated[float, Gt(0), Le(1e18)] | None = None

    @property
    def rater(self) -> tuple[str, int]:
        """Who judged, and in which pass."""
        return self.annotator, self.pass_number

    @property
    def key(self) -> tuple[str, str, str, str, int]:
        """What no two labels may share."""
        return self.doc_id, self.text_digest, self.task, self.annotator, self.pass_number

    @property
    def judgement(self) -> tuple[str, tuple[LineValue, ...]]:
        """What was said of the document, whoever said it."""
        return self.value, self.lines


def digest_of_text(text: str) -> str:
    """What names a text among labels: 32 hex characters of BLAKE2b.

    >>> digest_of_text("a") == digest_of_text("a ")
    False
    """
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def digest_of_line(line: str) -> str:
    """What names a line among labels: no text has to be in a file of labels.

    >>> digest_of_line(" Share this ") == digest_of_line("Share this")
    True
    """
    data = line.strip().encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=4).hexdigest()


def stored_path(root: str, task: str) -> str:
    """Where the labels of a task lie below a root."""
    return storage.join(root, FOLDER, f"{task}.jsonl")


def read_labels(sources: Sequence[str], task: str) -> list[Label]:
    """The labels of a task in some files, or stored below roots, in their order.

    A source whose name does not end in .jsonl is a root. Raises UsageError for a file that is not
    there and for a root without labels of the task, RecordError, with file and line, for a line
    that is damaged.
    """
    found = []
    for source in sources:
        path = source if source.endswith(".jsonl") else stored_path(source, task)
        if not storage.exists(path):
            raise UsageError(f"{path}: no such file of labels; `curate label import` makes one")
        found += [label for label in read_file(path) if label.task == task]
    return found


def read_file(path: str) -> Iterator[Label]:
    """The labels of one file; blank lines are passed over. Raises RecordError."""
    for number, line in enumerate(storage.read_bytes(path).split(b"\n"), 1):
        if line.strip():
            yield parse_record(f"{path}, line {number}", line, Label)


def to_lines(labels: Iterable[Label]) -> bytes:
    """Labels as a file has them, one a line."""
    return b"".join(_line(label) for label in labels)


def _line(label: Label) -> bytes:
    row = {"format_version": Label.format_version, **asdict(label)}
    row = {name: value for name, value in row.items() if value not in ("", (), None)}
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
