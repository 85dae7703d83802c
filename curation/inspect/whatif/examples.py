"""A few documents of each side of a change, drawn by lot."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from curation.inspect.whatif.judged import Judged
from curation.inspect.whatif.sides import Side
from schemas.verdict import Verdict
from stages.lottery import draw

_SNIPPET_CHARS = 160


@dataclass(frozen=True, slots=True, order=True)
class Example:
    """One document: whose it is, why it would leave (or left), and how its text begins."""

    lot: int
    doc_id: str
    url: str
    why: str
    snippet: str


class Examples:
    """Keeps so many of each side as come first in the lottery."""

    def __init__(self, size: int, seed: int) -> None:
        self._size, self._seed = size, seed
        self._chosen: dict[Side, list[Example]] = {side: [] for side in Side}

    def add(self, side: Side, one: Judged, after: Verdict, text: str) -> None:
        """Take a document into account."""
        if not self._size:
            return
        doc_id = one.row["doc_id"] or str(one.position)
        why = after.detail if side is not Side.RETURNS else f"left for {one.reason}"
        lot = -draw(self._seed, doc_id, "whatif")
        example = Example(lot, doc_id, one.row["url"] or "", why, text[:_SNIPPET_CHARS])
        chosen = self._chosen[side]
        if len(chosen) < self._size:
            heapq.heappush(chosen, example)
        else:
            heapq.heappushpop(chosen, example)

    def chosen(self) -> Mapping[Side, Sequence[Example]]:
        """Those that were kept, the first drawn first."""
        return {side: sorted(found, reverse=True) for side, found in self._chosen.items()}
