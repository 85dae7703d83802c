"""What judging takes: a part whatever is in it, and a byte of the crawl.

A part takes some 0.1 s of processor time to be read, written and summed up, and a sample has few
parts: multiplied with the bytes of a crawl, that would be forecast many times over. Two samples
whose parts are of different sizes tell one from the other.
"""

from __future__ import annotations

from dataclasses import dataclass

CLEAR_RATIO = 2.0
"""Parts that are less than so many times as large as others do not tell what is fixed of them."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the tasks of a step took for so many parts, and so many bytes of the crawl."""

    seconds: float
    parts: int
    bytes: int


@dataclass(frozen=True, slots=True)
class JudgingCost:
    """The processor seconds of a part that holds nothing, and of a byte."""

    part_s: float
    byte_s: float

    def of(self, parts: int, size: int) -> float:
        """What so many parts of so many bytes together take."""
        return self.part_s * parts + self.byte_s * size


def cost_of_judging(small: Judged, large: Judged) -> JudgingCost:
    """The cost that explains two samples; neither part of it is negative.

    >>> cost_of_judging(Judged(20, 1, 10), Judged(50, 1, 40))
    JudgingCost(part_s=10.0, byte_s=1.0)
    >>> cost_of_judging(Judged(20, 1, 10), Judged(80, 4, 40))  # parts of one size
    JudgingCost(part_s=0.0, byte_s=2.0)
    """
    if not large.parts or not small.parts:
        return JudgingCost(0.0, 0.0)
    all_s = large.seconds / large.bytes
    times = large.parts / small.parts
    if large.bytes < CLEAR_RATIO * small.bytes * times:
        return JudgingCost(0.0, all_s)
    byte_s = (large.seconds - small.seconds * times) / (large.bytes - small.bytes * times)
    byte_s = min(max(byte_s, 0.0), all_s)
    return JudgingCost((large.seconds - byte_s * large.bytes) / large.parts, byte_s)
