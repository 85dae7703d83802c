"""A sample of the documents that are meant, drawn by lot: the same, whatever the parts.

What is held of a run is the sample: documents whose draw is higher than all in it are let go.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from curation.inspect.documents import Place, rows_at
from curation.inspect.run_files import StepRun
from curation.inspect.sampling.selection import Selection, select
from curation.inspect.verdicts import how_it_left
from schemas.verdict import Decision
from stages.base import Row
from stages.lottery import draw, drawn_as
from stages.recall import Limit

_CHUNK = 64  # documents whose text is held at once


@dataclass(frozen=True)
class Sampled:
    """A document of the sample, with the step that stored it and the thresholds in force there."""

    step: str
    decision: Decision
    row: Row
    limits: Sequence[Limit]

    @property
    def ending(self) -> str:
        """What the step decided, and who and why."""
        if self.decision is Decision.KEEP:
            return f"kept by {self.step}"
        return how_it_left(self.decision, self.row)


@dataclass(frozen=True)
class SampleResult:
    """A sample: how many documents are meant, and where those lie that were drawn."""

    meant: int
    drawn: Sequence[tuple[int, Place, StepRun, Decision]]
    stage: str

    def documents(self) -> Iterator[Sampled]:
        """Those that were drawn, in the order of their draws; a few in memory at a time."""
        for start in range(0, len(self.drawn), _CHUNK):
            some = self.drawn[start : start + _CHUNK]
            rows = rows_at(place for _, place, _, _ in some)
            for _, place, step, decision in some:
                yield Sampled(
                    step.manifest.step, decision, rows[place], self._limits(step, rows[place])
                )

    def _limits(self, step: StepRun, row: Row) -> Sequence[Limit]:
        """Those of the stage that was asked for, else of the one that the document left at."""
        stage = self.stage or row["stage"] or ""
        return step.manifest.limits.get(stage, ())


def draw_sample(steps: Sequence[StepRun], wanted: Selection, size: int, seed: int) -> SampleResult:
    """``size`` of the documents that are meant. Raises UsageError for what the run lacks."""
    checked = wanted.check(steps)
    heap: list[tuple[int, str, Place, StepRun, Decision]] = []
    meant = 0
    for chosen in select(steps, checked):
        rows = chosen.rows
        names = _identities(chosen.rows.table, chosen.numbers.tolist())
        meant += len(names)
        for number, name in zip(chosen.numbers.tolist(), names, strict=True):
            lot = -draw(seed, name, "looked at")
            if len(heap) < size or (lot, name) > heap[0][:2]:
                entry = (lot, name, rows.place(number), rows.step, rows.decision)
                (heapq.heappush if len(heap) < size else heapq.heapreplace)(heap, entry)
    ordered = sorted(heap, key=lambda one: (-one[0], one[1], one[2]))
    drawn = [(-lot, place, step, decision) for lot, _, place, step, decision in ordered]
    return SampleResult(meant, drawn, checked.stage)


def _identities(table: pa.Table, numbers: Sequence[int]) -> list[str]:
    """Ids, or the places of those without one, as losses are."""
    some = table.take(pa.array(numbers, pa.int64()))
    columns = [some[name].to_pylist() for name in ("doc_id", "source", "offset")]
    return [drawn_as(*one) for one in zip(*columns, strict=True)]
