"""Whether the time of a function grows as its input does, however busy the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

ENOUGH_S = 0.02  # below it, the clock's own grain and the caches count for too much
# Time may grow as this power of the size: 2.6 times for twice the input, 7 times for four times.
# What is quadratic takes 4 and 16 times as long.
POWER = 1.4
TRIES = 5
MAX_SIZE = 1 << 26

Input = TypeVar("Input")


@dataclass(frozen=True, slots=True)
class Growth:
    """What an input took and what a larger one did, in seconds of processor time."""

    size: int
    larger: int
    size_s: float
    larger_s: float

    @property
    def is_linear(self) -> bool:
        """Whether the larger one took no more than it may."""
        return self.larger_s <= self.allowed * max(self.size_s, ENOUGH_S)

    @property
    def allowed(self) -> float:
        """How many times as long the larger one may take."""
        return (self.larger / self.size) ** POWER

    def __str__(self) -> str:
        return (
            f"{self.size_s:.3f} s at size {self.size}, {self.larger_s:.3f} s at {self.larger}: "
            f"{self.larger_s / self.size_s:.1f} times as long, and may be {self.allowed:.1f}"
        )


def growths(
    make: Callable[[int], Input], run: Callable[[Input], object], sizes: Sequence[int]
) -> Iterator[Growth]:
    """One for each two sizes that follow each other, the smallest first.

    A time is measured once, and again only where it seems to grow too much: what disturbs a try
    adds to it, and each try of either size can show that there was less. Whoever stops at the first
    that is not linear does not wait for what would never end.
    """
    least = seconds(run, make(sizes[0]))
    for size, larger in pairwise(sizes):
        given, more = make(size), make(larger)
        found = Growth(size, larger, least, seconds(run, more))
        for _ in range(TRIES - 1):
            if found.is_linear:
                break
            # The smaller one is not disturbed into passing: its time is the least too.
            least = min(found.size_s, seconds(run, given))
            found = Growth(size, larger, least, min(found.larger_s, seconds(run, more)))
        yield found
        least = found.larger_s


def lasting_excess(
    make: Callable[[int], Input], run: Callable[[Input], object], sizes: Sequence[int]
) -> Growth | None:
    """The first growth that is too much, and that goes on so to twice the size.

    What takes more because it has outgrown a cache does so once; what is quadratic goes on.
    """
    for found in growths(make, run, sizes):
        if not found.is_linear:
            (onward,) = growths(make, run, (found.larger, 2 * found.larger))
            if not onward.is_linear:
                return found
    return None


def excess(make: Callable[[int], Input], run: Callable[[Input], object]) -> Growth | None:
    """The growth to four times the input, from one that takes long enough, if it is too much.

    The size is found by doubling, so that what is quadratic fails soon instead of never ending.
    """
    size = 256
    while seconds(run, make(size)) < ENOUGH_S:
        size *= 2
        assert size < MAX_SIZE, "the time does not depend on the size"
    (found,) = growths(make, run, (size, 4 * size))
    return None if found.is_linear else found


def seconds(run: Callable[[Input], object], given: Input) -> float:
    """Processor time of one call."""
    start = time.process_time()
    run(given)
    return time.process_time() - start
