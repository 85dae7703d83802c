"""What a run says of the documents that labels name, against which the labels are checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from curation.labelling.questions import asked_lines
from curation.labelling.records import digest_of_text
from curation.labelling.run_documents import JudgedRun, ends
from curation.labelling.run_texts import RunText, read_texts


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """A document of the run: its language, and the digests of its lines where a task asks of them.

    Documents that share an id and a text are one.
    """

    language: str
    lines: frozenset[str]


KnownDocuments = Mapping[str, Mapping[str, KnownDocument]]
"""The documents of a run by id and, below it, by the digest of their text."""


def look_up(run: JudgedRun, doc_ids: Collection[str]) -> KnownDocuments:
    """The documents of the run that have one of these ids, and a text.

    The run's ids are read once, and the texts of those alone that are asked for.
    """
    wanted = [document for document in ends(run) if document.doc_id in doc_ids]
    known: dict[str, dict[str, KnownDocument]] = {}
    for found in read_texts(run, wanted):
        document = KnownDocument(found.ended.language, _lines(run, found))
        known.setdefault(found.ended.doc_id, {})[digest_of_text(found.text)] = document
    return known


def _lines(run: JudgedRun, found: RunText) -> frozenset[str]:
    if not run.task.asks_lines:
        return frozenset()
    whole = asked_lines(found.text, found.text.count("\n") + 1)
    return frozenset(line.digest for line in whole)
