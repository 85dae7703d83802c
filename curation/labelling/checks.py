"""Rows of labels, and what is wrong with those that cannot be taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from curation.errors import RecordError, UsageError
from curation.labelling.jsonl import read_lines
from curation.labelling.records import Label
from curation.labelling.run_lookup import KnownDocuments
from curation.labelling.tasks import LabelTask
from curation.storage.records import parse_record


@dataclass(frozen=True, slots=True)
class Row:
    """A label with the place that it was read from, as "FILE, line N"."""

    place: str
    label: Label


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is not taken, and why not, in words that begin with its place."""

    message: str


def read_rows(paths: Iterable[str]) -> Iterator[Row | Refused]:
    """The rows of some files; blank lines are none. Raises UsageError for a file without any."""
    for path in paths:
        empty = True
        for number, line in read_lines(path):
            empty = False
            place = f"{path}, line {number}"
            try:
                yield Row(place, parse_record(place, line, Label))
            except RecordError as error:
                yield Refused(str(error))
        if empty:
            raise UsageError(f"{path}: holds no label")


def fault_of(label: Label, task: LabelTask, values: tuple[str, ...], known: KnownDocuments) -> str:
    """Why a label cannot be taken, "" if it can."""
    if label.task != task.name:
        return f"task {label.task!r}: is not {task.name}"
    if label.doc_id not in known:
        return f"doc_id {label.doc_id!r}: no document of the run that has a text has this id"
    document = known[label.doc_id].get(label.text_digest)
    if document is None:
        return (
            f"text_digest {label.text_digest}: document {label.doc_id} has another text in the "
            "run: it was labelled from another run, or before a stage changed"
        )
    if label.language != document.language:
        return f"language {label.language!r}: is {document.language!r} in the run"
    if task.asks_lines:
        return _fault_of_lines(label, document.lines)
    if label.lines:
        return f"lines: are not asked for by {task.name}"
    if label.value not in values:
        shown = ", ".join(values[:_MAX_SHOWN]) + (", …" if len(values) > _MAX_SHOWN else "")
        return f"value {label.value!r}: must be one of {shown}"
    return ""


_MAX_SHOWN = 12


def _fault_of_lines(label: Label, there: frozenset[str]) -> str:
    if label.value:
        return f"value {label.value!r}: {label.task} has lines, and no value"
    if not label.lines:
        return "lines: has none"
    foreign = [digest for digest, _ in label.lines if digest not in there]
    if foreign:
        return f"lines: {foreign[0]} is no line of document {label.doc_id}"
    if len(dict(label.lines)) < len(set(label.lines)):
        return "lines: has the same line with both values"
    return ""
