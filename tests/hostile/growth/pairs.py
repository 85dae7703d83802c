"""A subject and a kind of text together: whether time grows as the text does."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from tests.hostile.growth.kinds import text_of
from tests.hostile.growth.measure import LINEAR, doublings
from tests.hostile.growth.subjects import subject

SIZES = (50_000, 100_000, 200_000, 400_000)
_numbers = count()


def first_excess(name: str, kind: str, sizes: Sequence[int]) -> str:
    """Where the subject's time first more than doubles on texts of the kind, "" if nowhere."""
    for found in doublings(lambda size: _fresh(kind, size), subject(name), sizes):
        if not found.is_linear:
            return (
                f"{name} of {kind}: {found.least_s:.3f} s for {found.size} bytes, "
                f"{found.twice_s:.3f} s for twice as many, which is {found.growth:.1f} times as "
                f"long and may be {LINEAR}"
            )
    return ""


def _fresh(kind: str, size: int) -> str:
    """A text that was not seen before: what is remembered of one takes no time."""
    return f"{text_of(kind, size)}\n{next(_numbers)}"
