"""What the characters of each line are, counted in one compiled pass over a text."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.kernels.arrays import Int64Array, UInt32Array
from models.kernels.compile import kernel
from models.text.characters import (
    CLOSING,
    COMMA,
    DECIMAL,
    END_ANYWHERE,
    END_BEFORE_BLANK,
    IS_HAN,
    IS_LATIN,
    LETTER,
    LINK,
    RUN,
    SPACE,
    SYMBOL,
    UPPER,
    WIDER,
    WORD,
    table_of,
)

_END = END_BEFORE_BLANK | END_ANYWHERE
_LINE_FEED, _UNDERSCORE = 10, 95


@dataclass(frozen=True, eq=False, slots=True)
class Lines:
    """A number for each line, (lines,); a text without a line feed is one line.

    ``width`` is that of the line without white space at its ends (``shape.width``), 0 of a blank
    one, and ``first`` and ``last`` are its outermost characters by code. ``size`` counts all
    characters, ``letters``, ``alphanumerics``, ``upper`` and ``decimals`` those that Python takes
    for it, ``commas`` marks inside sentences, ``links`` marks between links, ``symbols`` marks
    that prose has not, ``mark_runs`` stretches of two marks and more. ``stretches`` stand between
    blanks, ``capitalised`` of them begin with a capital. ``ended`` is 1 where the line ends as a
    sentence does, closing marks left aside.
    """

    size: Int64Array
    width: Int64Array
    first: Int64Array
    last: Int64Array
    ended: Int64Array
    letters: Int64Array
    alphanumerics: Int64Array
    upper: Int64Array
    decimals: Int64Array
    han: Int64Array
    latin: Int64Array
    commas: Int64Array
    links: Int64Array
    symbols: Int64Array
    mark_runs: Int64Array
    stretches: Int64Array
    capitalised: Int64Array

    @classmethod
    def of(cls, codes: UInt32Array, kinds: UInt32Array) -> Lines:
        """The lines of a text by its characters' codes and kinds."""
        ends = np.append(np.flatnonzero(codes == _LINE_FEED), len(codes))
        found = np.zeros((len(_NAMES), len(ends)), np.int64)
        _measure(codes, kinds, ends, found)
        return cls(*found)

    def filled(self) -> Lines:
        """Those that are not blank."""
        kept = self.width > 0
        if kept.all():
            return self
        return Lines(*np.array([getattr(self, name) for name in _NAMES])[:, kept])

    def begin_with(self, marks: str) -> NDArray[np.bool_]:
        """Whether the first character of each line is one of some marks."""
        return table_of(marks)[self.first]

    def end_with(self, marks: str) -> NDArray[np.bool_]:
        """Whether the last character of each line is one of some marks."""
        return table_of(marks)[self.last]


_NAMES = [field.name for field in fields(Lines)]
(
    _SIZE, _WIDTH, _FIRST, _LAST, _ENDED, _LETTERS, _ALPHANUMERICS, _UPPER, _DECIMALS, _HAN,
    _LATIN, _COMMAS, _LINKS, _SYMBOLS, _MARK_RUNS, _STRETCHES, _CAPITALISED,
) = range(len(_NAMES))  # fmt: skip


@kernel()
def _measure(codes: UInt32Array, kinds: UInt32Array, ends: Int64Array, found: Any) -> None:
    start = 0
    for line in range(len(ends)):
        end = ends[line]
        first, last = end, start - 1
        letters = alphanumerics = upper = decimals = han = latin = 0
        commas = links = symbols = mark_runs = stretches = capitalised = run = wider = 0
        is_blank = True
        for place in range(start, end):
            kind = kinds[place]
            was_blank, is_blank = is_blank, kind & SPACE != 0
            if not is_blank:
                first, last = min(first, place), place
                stretches += was_blank
                capitalised += was_blank and kind & UPPER != 0
            wider += kind >> WIDER
            letters += kind & LETTER != 0
            alphanumerics += kind & WORD != 0 and codes[place] != _UNDERSCORE
            upper += kind & UPPER != 0
            decimals += kind & DECIMAL != 0
            han += kind & IS_HAN != 0
            latin += kind & IS_LATIN != 0
            commas += kind & COMMA != 0
            links += kind & LINK != 0
            symbols += kind & SYMBOL != 0
            run = run + 1 if kind & RUN else 0
            mark_runs += run == 2  # noqa: PLR2004 -- it is counted once
        row = found[:, line]
        row[_SIZE] = end - start
        row[_LETTERS], row[_ALPHANUMERICS], row[_UPPER] = letters, alphanumerics, upper
        row[_DECIMALS], row[_HAN], row[_LATIN] = decimals, han, latin
        row[_COMMAS], row[_LINKS], row[_SYMBOLS] = commas, links, symbols
        row[_MARK_RUNS], row[_STRETCHES], row[_CAPITALISED] = mark_runs, stretches, capitalised
        if last >= first:
            row[_WIDTH] = last + 1 - first + wider
            row[_FIRST], row[_LAST] = codes[first], codes[last]
            while last > first and kinds[last] & CLOSING:
                last -= 1
            row[_ENDED] = kinds[last] & _END != 0 and kinds[last] & CLOSING == 0
        start = end + 1
