"""A subject and a kind of text together: whether time grows as the text does."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from tests.growth import lasting_excess
from tests.hostile.growth.kinds import text_of
from tests.hostile.growth.subjects import subject

SIZES = (50_000, 100_000, 200_000, 400_000)  # bytes
_numbers = count()


def first_excess(name: str, kind: str, sizes: Sequence[int]) -> str:
    """Where the subject's time first grows too much on texts of the kind, "" if nowhere."""
    found = lasting_excess(lambda size: _fresh(kind, size), subject(name), sizes)
    return f"{name} of {kind}: {found}" if found else ""


def _fresh(kind: str, size: int) -> str:
    """A text that was not seen before: what is remembered of one takes no time."""
    return f"{text_of(kind, size)}\n{next(_numbers)}"
