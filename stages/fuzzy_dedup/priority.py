"""Who stays among near copies: the place of each document among them, as one integer."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from enum import StrEnum

from stages.base import Row
from stages.lottery import draw

LAST = (1 << 63) - 1


class Priority(StrEnum):
    """Who stays among near copies; ties go to the earlier in crawl order."""

    CRAWL_ORDER = "crawl_order"
    LONGEST = "longest"
    BEST_SCORE = "best_score"
    RANDOM = "random"


def rank(row: Row, priority: Priority, seed: int, score: str = "") -> int:
    """The place of a document among its near copies, lowest first: a signed 64-bit integer.

    ``score`` names the number that `Priority.BEST_SCORE` goes by, the highest first, documents
    without one last. Raises TypeError for a score that is no number.
    """
    match priority:
        case Priority.CRAWL_ORDER:
            return 0
        case Priority.LONGEST:
            return -len(row["text"] or "")
        case Priority.BEST_SCORE:
            return _highest_first(_score(row, score))
        case Priority.RANDOM:
            return draw(seed, row["doc_id"], "fuzzy_dedup")


def _score(row: Row, path: str) -> float | None:
    value: object = row
    for name in path.split("."):
        if value is None:
            return None
        if not isinstance(value, Mapping) or name not in value:
            raise TypeError(f"fuzzy_dedup: score = {path!r}: there is no {name!r}")
        value = value[name]
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"fuzzy_dedup: score = {path!r} must name a number, not {value!r}")
    return None if math.isnan(value) else float(value)


def _highest_first(value: float | None) -> int:
    """An integer that falls as the number rises: the bits of a double sort as a signed integer.

    >>> _highest_first(0.9) < _highest_first(0.1) < _highest_first(-2.0) < _highest_first(None)
    True
    """
    if value is None:
        return LAST
    (bits,) = struct.unpack("<q", struct.pack("<d", value + 0.0))  # -0.0 becomes 0.0
    rising = bits if bits >= 0 else bits ^ LAST
    return ~rising
