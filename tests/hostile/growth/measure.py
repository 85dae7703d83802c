"""Whether the time of a function doubles where its input does, however busy the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

ENOUGH_S = 0.02  # below it, the clock's own grain and the caches count for too much
LINEAR = 2.6  # doubling an input may cost this much; what is quadratic costs 4
TRIES = 5

Input = TypeVar("Input")


@dataclass(frozen=True, slots=True)
class Doubling:
    """What an input took, and one of twice its size, in seconds of processor time."""

    size: int
    least_s: float
    twice_s: float

    @property
    def growth(self) -> float:
        """Twice the input's time over the input's."""
        return self.twice_s / self.least_s

    @property
    def is_linear(self) -> bool:
        """Whether it took no more than it may."""
        return self.twice_s <= LINEAR * max(self.least_s, ENOUGH_S)


def doublings(
    make: Callable[[int], Input], run: Callable[[Input], object], sizes: Sequence[int]
) -> Iterator[Doubling]:
    """One for each two sizes that follow each other, the smallest first.

    A time is measured once, and again only where it seems to grow too much: what disturbs a try
    adds to it, and each try of either size can show that there was less. Whoever stops at the first
    that is not linear does not wait for what would never end.
    """
    size = sizes[0]
    least = seconds(run, make(size))
    for twice in sizes[1:]:
        given, double = make(size), make(twice)
        found = Doubling(size, least, seconds(run, double))
        for _ in range(TRIES - 1):
            if found.is_linear:
                break
            # The smaller one is not disturbed into passing: its time is the least too.
            least = min(found.least_s, seconds(run, given))
            found = Doubling(size, least, min(found.twice_s, seconds(run, double)))
        yield found
        size, least = twice, found.twice_s


def seconds(run: Callable[[Input], object], given: Input) -> float:
    """Processor time of one call."""
    start = time.process_time()
    run(given)
    return time.process_time() - start
