"""How long the lines of a page are, how they begin and end, and whether they come in records."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.kernels.arrays import Int64Array, UInt32Array
from models.kernels.compile import kernel
from models.text import languages
from models.text.characters import NUMERAL, table_of
from models.text.lines import Lines

SHORT, LONG = 40, 200
"""Widths (``text_shape.width``) of a line as in menus, and of a paragraph."""

DATED, NUMBERED = 4, 100
"""Digits of a line with a date, and its width at most."""

LISTED = "-*•·–|"
"""Marks that a line of a list begins with; others begin with a number."""

MIN_PERIOD, MAX_PERIOD = 2, 6
"""Lines of an entry in a list."""

_KINDS = 8


class LineShapes(NamedTuple):
    """Of the lines that are not blank: their number, widths added up, and how many are of a kind.

    ``long`` and ``ended`` are widths of lines that are long, and that end as sentences do;
    ``numbered`` ones are short and have a date's worth of digits. ``records`` says how far lines
    come in records, as title, teaser, date, title, teaser, date, from 0 to 1: the share of lines
    that are of the kind of the line so many before, for the best such number, over what it would be
    by chance.
    """

    lines: int
    width: int
    longest: int
    long: int
    ended: int
    short: int
    listed: int
    numbered: int
    digits: int
    records: float


def shapes_of(lines: Lines) -> LineShapes:
    """Measure lines, those that are blank or not."""
    kinds = languages.KNOWN.kinds
    return LineShapes(
        *_measure(lines.width, lines.first, lines.ended, lines.decimals, kinds, _listed())
    )


@cache
def _listed() -> NDArray[np.bool_]:
    return table_of(LISTED)


@kernel(allocates=True)
def _measure(
    widths: Int64Array,
    firsts: Int64Array,
    ends: Int64Array,
    decimals: Int64Array,
    kinds: UInt32Array,
    marks: NDArray[np.bool_],
) -> tuple[int, int, int, int, int, int, int, int, int, float]:
    shapes = np.empty(len(widths), np.uint8)
    lines = total = longest = long = ended = short = listed = numbered = digits = 0
    for line in range(len(widths)):
        width = widths[line]
        digits += decimals[line]
        if width == 0:
            continue
        is_numbered = decimals[line] >= DATED and width < NUMBERED
        shapes[lines] = (width >= SHORT) + 2 * ends[line] + 4 * is_numbered
        lines += 1
        total += width
        longest = max(longest, width)
        long += width if width >= LONG else 0
        ended += width * ends[line]
        short += width < SHORT
        listed += marks[firsts[line]] or kinds[firsts[line]] & NUMERAL != 0
        numbered += is_numbered
    records = _records(shapes[:lines])
    return lines, total, longest, long, ended, short, listed, numbered, digits, records


@kernel(allocates=True)
def _records(shapes: NDArray[np.uint8]) -> float:
    lines = len(shapes)
    if lines < 2 * MAX_PERIOD:
        return 0.0
    counts = np.zeros(_KINDS, np.int64)
    for shape in shapes:
        counts[shape] += 1
    chance = (counts * counts).sum() / (lines * lines)
    if chance == 1.0:
        return 0.0
    best = 0.0
    for period in range(MIN_PERIOD, MAX_PERIOD + 1):
        equal = 0
        for line in range(period, lines):
            equal += shapes[line] == shapes[line - period]
        best = max(best, equal / (lines - period))
    return max(0.0, (best - chance) / (1.0 - chance))
