"""What balancing counts tokens by, and the quality that it goes by."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

from stages.balance.level import Part, find_level

NO_BAND = -1
"""That of a document whose quality is asked for and is no number."""
FINE_BANDS = 100
"""Into which documents are sorted, where the best go first."""

Order = Literal["lot", "best_first"]


class Content(NamedTuple):
    """What a document is, as far as shares of the corpus go by it."""

    language: str
    category: str
    page_type: str = ""


class Cell(NamedTuple):
    """Documents that are told apart by the draw alone: they are expected to be copied alike."""

    content: Content
    band: int = 0


Tokens = Mapping[Cell, int]
"""Tokens that there are, each counted once."""

Delivered = Mapping[Content, int]
"""Tokens that earlier batches wrote, each as often as it was written."""

Copies = Mapping[Cell, Fraction]
"""How many copies a document is expected to have."""


@dataclass(frozen=True)
class QualityRule:
    """How the copies of a class are spread over its documents by their quality.

    ``weights`` are pairs of a quality and what documents from there on count, each 1 without any.
    With ``best_first`` the worst are dropped first, to a hundredth of quality; they are not both.
    """

    weights: Sequence[tuple[float, float]] = ()
    order: Order = "lot"

    @property
    def is_asked(self) -> bool:
        """Whether the quality of a document makes a difference."""
        return bool(self.weights) or self.order == "best_first"

    def band(self, quality: float | None) -> int:
        """The band of a document, the better the higher; ``NO_BAND`` without a finite quality.

        >>> rule = QualityRule([(0.0, 0.5), (0.6, 2.0)])
        >>> rule.band(0.59), rule.band(0.6), rule.band(float("nan")), QualityRule().band(None)
        (0, 1, -1, 0)
        """
        if not self.is_asked:
            return 0
        if quality is None or not math.isfinite(quality):
            return NO_BAND
        if self.weights:
            return sum(quality >= start for start, _ in self.weights[1:])
        return max(0, min(int(quality * FINE_BANDS), FINE_BANDS - 1))

    def spread(self, tokens: Tokens, rate: Fraction, max_copies: int) -> Copies:
        """Copies of the cells of one class, whose tokens come to ``rate`` times theirs together."""
        total = sum(tokens.values())
        if not total or not self.is_asked:
            return dict.fromkeys(tokens, rate)
        if self.order == "best_first":
            return _best_first(tokens, rate)
        weights = {cell: Fraction(str(self.weights[cell.band][1])) for cell in tokens}
        parts = [
            Part(n * weights[c], Fraction(0), Fraction(n * max_copies)) for c, n in tokens.items()
        ]
        level = find_level(rate * total, parts)
        return {cell: min(level * weights[cell], Fraction(max_copies)) for cell in tokens}


def _best_first(tokens: Tokens, rate: Fraction) -> Copies:
    """All have the whole part of the rate, the best one copy more, until the tokens are used up."""
    whole = int(rate)
    left = (rate - whole) * sum(tokens.values())
    copies: dict[Cell, Fraction] = {}
    bands = sorted({cell.band for cell in tokens}, reverse=True)
    for band in bands:
        cells = [cell for cell in tokens if cell.band == band]
        there = sum(tokens[cell] for cell in cells)
        more = min(left / there, Fraction(1)) if there else Fraction(left > 0)
        copies |= dict.fromkeys(cells, whole + more)
        left -= more * there
    return copies
