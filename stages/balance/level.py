"""The one sum of balancing: an amount shared out in proportion to weights, each part within bounds.

Languages get their tokens so, targets theirs of a language, classes theirs of a target, and bands
of quality theirs of a class.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Part:
    """One that shares: it gets ``weight`` x the level, ``low`` at least and ``high`` at most."""

    weight: Fraction
    low: Fraction
    high: Fraction

    def at(self, level: Fraction) -> Fraction:
        """What it gets at a level."""
        return max(self.low, min(level * self.weight, self.high)) if self.weight else self.low


def find_level(amount: Fraction, parts: Iterable[Part]) -> Fraction:
    """The lowest level at which the parts have the amount together, or all that they can have.

    What they have grows with the level, along straight lines between the levels at which a part
    leaves its ``low`` or reaches its ``high``. Exact; 0 where there is nothing to share.

    >>> third = Part(Fraction(1), Fraction(0), Fraction(3))
    >>> find_level(Fraction(12), [third, Part(Fraction(2), Fraction(0), Fraction(100))])
    Fraction(9, 2)
    """
    shared = [part for part in parts if part.weight]
    turns = [(part.low / part.weight, part.weight) for part in shared]
    turns += [(part.high / part.weight, -part.weight) for part in shared]
    level, slope = Fraction(0), Fraction(0)
    reached = sum((part.low for part in shared), Fraction(0))
    for turn, change in sorted(turns):
        ahead = reached + slope * (turn - level)
        if ahead >= amount:
            return level + (amount - reached) / slope if amount > reached else level
        level, slope, reached = turn, slope + change, ahead
    return level


def share_out(amount: Fraction, parts: Sequence[Part]) -> list[Fraction]:
    """What each part gets of an amount; less than it together where all are at their ``high``.

    A part without weight has its ``low``, which the others do not share.
    """
    idle = sum((part.low for part in parts if not part.weight), Fraction(0))
    level = find_level(amount - idle, parts)
    return [part.at(level) for part in parts]
