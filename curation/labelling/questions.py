"""A question to an annotator as `curate label export` writes it: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import ClassVar

from curation.errors import UsageError
from curation.labelling.jsonl import read_lines
from curation.labelling.records import Label, LineDigest, digest_of_line, digest_of_text
from curation.labelling.run_texts import RunText
from curation.labelling.sample import Drawn
from curation.labelling.strata import Stratum
from curation.labelling.tasks import LabelTask
from curation.storage.records import parse_record

MAX_LINE_CHARS = 2000
"""What is shown of one line: twenty on a screen of 100 columns."""


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A line that is asked of: its number (from 0) in the text that is shown, and its digest."""

    number: int
    digest: LineDigest


@dataclass(frozen=True, slots=True)
class Question:
    """A document, what is asked of it, and what the answers mean.

    ``text`` is what fits into the limit that was given to the export, in whole lines; long lines
    are cut and end in "…". ``text_digest`` and ``text_chars`` are of the whole text, digests of
    lines of whole lines. ``guide`` is a path in the repository. ``weight`` is how many documents
    of the ``run`` (pipeline/batch) this one stands for.
    """

    format_version: ClassVar[int] = 1
    remedy: ClassVar[str] = "export again, or remove that line"

    task: str
    doc_id: str
    text_digest: str
    language: str
    url: str
    title: str
    text: str
    text_chars: int
    question: Mapping[str, str]
    values: tuple[str, ...]
    guide: str
    run: str
    stratum: Stratum
    weight: float
    lines: tuple[AskedLine, ...] = ()

    def label(self, annotator: str, pass_number: int) -> Label:
        """A label of this document that says nothing yet."""
        return Label(
            doc_id=self.doc_id,
            text_digest=self.text_digest,
            language=self.language,
            task=self.task,
            annotator=annotator,
            pass_number=pass_number,
            weight=self.weight,
        )


@dataclass(frozen=True, slots=True)
class QuestionMaker:
    """What all questions of an export share."""

    task: LabelTask
    values: tuple[str, ...]
    run: str
    max_chars: int

    def make(self, drawn: Drawn, found: RunText) -> Question:
        """The question about one document."""
        shown = excerpt(found.text, self.max_chars)
        return Question(
            task=self.task.name,
            doc_id=drawn.document.doc_id,
            text_digest=digest_of_text(found.text),
            language=drawn.document.language,
            url=found.url,
            title=found.title[:MAX_LINE_CHARS],
            text="\n".join(shown),
            text_chars=len(found.text),
            question=self.task.question,
            values=self.values,
            guide=self.task.guide,
            run=self.run,
            stratum=drawn.stratum,
            weight=drawn.weight,
            lines=asked_lines(found.text, len(shown)) if self.task.asks_lines else (),
        )


def excerpt(text: str, max_chars: int) -> list[str]:
    r"""The first lines of a text that fit, at least one, each cut to ``MAX_LINE_CHARS``.

    >>> excerpt("one\ntwo\nthree", 8)
    ['one', 'two']
    """
    shown: list[str] = []
    left = max_chars
    for line in text.split("\n"):
        cut = line if len(line) <= MAX_LINE_CHARS else line[:MAX_LINE_CHARS] + "…"
        left -= len(cut)
        if shown and left < 0:
            break
        shown.append(cut)
    return shown


def asked_lines(text: str, count: int) -> tuple[AskedLine, ...]:
    """The lines among the first ``count`` that are not blank."""
    lines = text.split("\n", count)[:count]
    return tuple(
        AskedLine(number, digest_of_line(line)) for number, line in enumerate(lines) if line.strip()
    )


def to_line(question: Question) -> bytes:
    """A question as a file has it."""
    row = {"format_version": Question.format_version, **asdict(question)}
    if not question.lines:
        del row["lines"]
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read_questions(path: str) -> Iterator[Question]:
    """The questions of a file. Raises RecordError with file and line for one that is damaged."""
    for number, line in read_lines(path):
        yield parse_record(f"{path}, line {number}", line, Question)


def load_questions(path: str) -> list[Question]:
    """All questions of a file, which are of one task. Raises UsageError for none, or several."""
    questions = list(read_questions(path))
    if not questions:
        raise UsageError(f"{path}: holds no question; `curate label export` makes such a file")
    refuse_mixture(path, questions)
    return questions


def refuse_mixture(path: str, questions: Sequence[Question]) -> None:
    """Raise UsageError for questions of several tasks."""
    tasks = sorted({question.task for question in questions})
    if len(tasks) > 1:
        raise UsageError(f"{path}: has questions of {', '.join(tasks)}; give each task its file")
