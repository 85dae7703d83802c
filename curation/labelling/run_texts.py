"""The texts of a run's documents as the stage that is labelled was given them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from curation import storage
from curation.labelling.run_documents import KEPT, Ended, JudgedRun, put_back
from curation.storage.parquet import open_parquet
from schemas.verdict import Decision
from stages.base import Row
from stages.clutter import Clutter

COLUMNS = ("doc_id", "position", "url", "title", "text", "edits", "markup")
TEXT_ROWS = 16
"""Rows that are read at once, of 10 MB each at the worst."""


@dataclass(frozen=True, slots=True)
class RunText:
    """A document with what the task's stage, or the last stage before it, was given of it.

    ``markup`` are the counts of its page's markup; None where there are none.
    """

    ended: Ended
    url: str
    title: str
    text: str
    markup: Mapping[str, int | None] | None = None


def read_texts(run: JudgedRun, wanted: Collection[Ended]) -> Iterator[RunText]:
    """The texts of some documents, in the order of the run's files, a bounded number at a time."""
    for (number, decision), documents in sorted(_by_place(run, wanted).items()):
        step = run.steps[number]
        for _, file in step.manifest.files(decision):
            yield from _texts_of(run, storage.join(step.folder, file.name), documents)


_Key = tuple[str, int]


def _by_place(
    run: JudgedRun, wanted: Collection[Ended]
) -> dict[tuple[int, Decision], dict[_Key, Ended]]:
    """The documents by the step and decision whose files have the text that the stage was given."""
    places: dict[tuple[int, Decision], dict[_Key, Ended]] = {}
    for one in wanted:
        removed = one.end != KEPT
        place = (one.step, Decision.REMOVE if removed else Decision.KEEP)
        if one.step >= run.step and run.given_whole:
            place = (run.step - 1, Decision.KEEP)
        elif one.step > run.step:
            place = (run.step, Decision.KEEP)
        places.setdefault(place, {})[one.doc_id, one.position] = one
    return places


def _texts_of(run: JudgedRun, uri: str, wanted: Mapping[_Key, Ended]) -> Iterator[RunText]:
    """Ids are read first, and texts of those groups of rows alone that have a wanted one."""
    with open_parquet(uri) as parquet:
        columns = [name for name in COLUMNS if name in parquet.schema_arrow.names]
        for group in range(parquet.num_row_groups):
            ids = parquet.read_row_group(group, columns=["doc_id", "position"])
            pairs = zip(*(ids[name].to_pylist() for name in ("doc_id", "position")), strict=True)
            if not any(pair in wanted for pair in pairs):
                continue
            for batch in parquet.iter_batches(TEXT_ROWS, row_groups=[group], columns=columns):
                for row in batch.to_pylist():
                    ended = wanted.get((row["doc_id"], row["position"]))
                    if ended:
                        yield _run_text(run, ended, row)


def _run_text(run: JudgedRun, ended: Ended, row: Row) -> RunText:
    text = row["text"] or ""
    if ended.step >= run.step and not run.given_whole and _cut_since(run):
        text = put_back(text, [e for e in row["edits"] or () if e["stage"] == Clutter.name])
    return RunText(ended, row["url"] or "", row["title"] or "", text, row.get("markup"))


def _cut_since(run: JudgedRun) -> bool:
    """Whether the step that runs the stage cut clutter in it or behind it."""
    names = [stage.name for stage in run.steps[run.step].manifest.stages]
    return Clutter.name in names[names.index(run.task.name) :]
