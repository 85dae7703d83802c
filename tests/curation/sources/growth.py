"""How processor time grows with the size of an input, on however busy a machine."""

import time
from collections.abc import Callable
from typing import TypeVar

ENOUGH_S = 0.02  # below it, the clock's own grain and the caches count for too much
MAX_SIZE = 1 << 26
LINEAR = 2.6  # doubling an input may cost this much; what is quadratic costs 4

Input = TypeVar("Input")


def growth(make: Callable[[int], Input], run: Callable[[Input], object]) -> float:
    """The time for an input of twice the size, over that for one that takes long enough.

    The size is found by doubling, so that what is quadratic fails soon instead of never ending.
    """
    size = 256
    while (least := best_of_three(run, make(size))) < ENOUGH_S:
        size *= 2
        assert size < MAX_SIZE, "the time does not depend on the size"
    return best_of_three(run, make(2 * size)) / least


def best_of_three(run: Callable[[Input], object], given: Input) -> float:
    """Processor time in seconds, of the try that the rest of the machine disturbed least."""
    times = []
    for _ in range(3):
        start = time.process_time()
        run(given)
        times.append(time.process_time() - start)
    return min(times)
