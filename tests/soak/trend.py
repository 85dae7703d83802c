"""Whether what deliveries cost stays: the last tenth of them beside the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

MAX_GROWTH = 1.10
TENTH = 10


@dataclass(frozen=True)
class Trend:
    """The median of one figure over the first and the last tenth of the deliveries."""

    figure: str
    first: float
    last: float

    @property
    def grows(self) -> bool:
        """Whether the last is more than a tenth above the first."""
        return self.last > self.first * MAX_GROWTH


def trends(deliveries: Sequence[Mapping[str, float]], figures: Sequence[str]) -> list[Trend]:
    """One for each figure; a tenth is one delivery at least.

    >>> day = {"seconds": 2.0}
    >>> [trend.grows for trend in trends([day] * 19 + [{"seconds": 2.3}], ["seconds"])]
    [False]
    >>> [trend.grows for trend in trends([day] * 18 + [{"seconds": 2.3}] * 2, ["seconds"])]
    [True]
    """
    size = max(1, len(deliveries) // TENTH)
    return [
        Trend(
            figure,
            median(one[figure] for one in deliveries[:size]),
            median(one[figure] for one in deliveries[-size:]),
        )
        for figure in figures
    ]
