"""A page's way through a run, read back: a row for each step that it came to, and its rows after.

What is asked for may have been captured more than once; each capture has a way of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from curation.inspect.lookup.pages import (
    Hit,
    find_pages,
    key_of,
    near_misses,
    same_path,
    search,
)
from curation.inspect.lookup.rows import PlacedRow, row_at
from curation.inspect.run_files import StepRun, find_exported, load_run
from curation.inspect.verdicts import how_it_left
from schemas.verdict import Decision
from stages.base import Row


@dataclass(frozen=True, slots=True)
class Visit:
    """A capture in one step: the step, and the row as that stored it."""

    step: StepRun
    placed: PlacedRow


@dataclass(frozen=True, slots=True)
class Capture:
    """One capture in the run of a batch, with every step that it came to, in order.

    ``is_whole`` says that no step that it should have come to lacks it.
    """

    batch_folder: str
    visits: tuple[Visit, ...]
    is_whole: bool

    @property
    def row(self) -> Row:
        """What is known of it in the end."""
        return self.visits[-1].placed.row

    @property
    def decision(self) -> Decision:
        """What became of it."""
        return self.visits[-1].placed.decision

    @property
    def batch(self) -> str:
        """The name of its batch, and of the pipeline."""
        return "/".join(self.batch_folder.rstrip("/").split("/")[-2:])

    @property
    def ending(self) -> str:
        """In words: kept, or by whom it was removed and why."""
        if self.decision is Decision.KEEP:
            return "kept"
        return how_it_left(self.decision, self.row)


class BatchPages:
    """The pages of one batch's last run."""

    def __init__(self, batch_folder: str) -> None:
        self.folder = batch_folder
        self._runs = load_run(batch_folder)
        self.steps = [run for run in self._runs if run.manifest.stages]
        self._found: tuple[str, list[Hit]] = ("", [])

    def captures(self, query: str) -> list[Capture]:
        """Those that are meant by a URL or a doc_id, in crawl order."""
        positions = find_pages(self._search(query), key_of(query))
        found = [self.capture_at(position) for position in positions]
        exact = [one for one in found if _is_meant(one.row, query)]
        return exact or found

    def near(self, query: str) -> list[Hit]:
        """Pages that nearly fit it."""
        return near_misses(self._search(query), key_of(query))

    def _search(self, query: str) -> list[Hit]:
        """What has the key of a query or one beside it; of the last query it is not read again."""
        key = key_of(query)
        if key != self._found[0]:
            self._found = (key, search(self.steps[0], key) if self.steps else [])
        return self._found[1]

    def exported(self, capture: Capture) -> Iterator[tuple[str, int]]:
        """File and row (from 0) of each copy of it in what was made of the kept documents."""
        if capture.decision is Decision.KEEP and (doc_id := capture.row["doc_id"]):
            copies = int(capture.row.get("copies") or 1)
            for run in self._runs:
                yield from find_exported(run, doc_id, copies)

    def capture_at(self, position: int) -> Capture:
        """The capture at a position, as far as its steps are done."""
        visits: list[Visit] = []
        for step in self.steps:
            placed = row_at(step, position)
            if placed is None:
                return Capture(self.folder, tuple(visits), is_whole=False)
            visits.append(Visit(step, placed))
            if placed.decision is not Decision.KEEP:
                break
        return Capture(self.folder, tuple(visits), is_whole=True)


def _is_meant(row: Row, query: str) -> bool:
    return query.strip().lower() == row["doc_id"] or same_path(row["url"] or "", query)
