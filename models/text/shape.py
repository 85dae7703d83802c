"""The shape of a text: script, width, lines, marks. What the features of every model start from."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Sequence

import numpy as np

from models.kernels.arrays import Int64Array
from models.text.scripts import HAN, LATIN, SCRIPTS

CODE_END = ("{", "}", ";")
CODE_START = re.compile(r"\s*(?://|#include|>>>|\$ |def |class |import |return )")
TABLE_CELLS = 2
"""A row of a table has as many cells that are not empty; with fewer it holds a page's layout."""

_WIDE = tuple(script for script in SCRIPTS.values() if script.width > 1)


def is_chinese(text: str) -> bool:
    """Whether Han characters carry more than half of what the letters of a text say.

    >>> is_chinese("用 Python 写网页"), is_chinese("Beijing (北京) is the capital.")
    (True, False)
    """
    return HAN.width * HAN.count(text) > LATIN.count(text)


def width(text: str) -> int:
    """The length of a text in Latin characters' worth.

    >>> width("ab 北京")
    9
    """
    return len(text) + sum((script.width - 1) * script.count(text) for script in _WIDE)


def lines_of(text: str) -> list[str]:
    """The lines that are not blank, without white space at their ends."""
    return [line for line in (raw.strip() for raw in text.split("\n")) if line]


def is_not_prose(line: str) -> bool:
    """Whether a line is blank, code or a row of a table: no judge of prose can judge it.

    >>> is_not_prose("| 2019 | 63.9 |"), is_not_prose("Home | News")
    (True, False)
    """
    bare = line.strip()
    is_row = bare.startswith("|") and bare.endswith("|")
    cells = sum(bool(cell.strip()) for cell in bare.split("|")) if is_row else 0
    return not bare or cells >= TABLE_CELLS or is_code(line)


def is_code(line: str) -> bool:
    """Whether a line ends or begins as lines of code do.

    >>> is_code("return 0;"), is_code("We return; they stay.")
    (True, False)
    """
    return line.rstrip().endswith(CODE_END) or CODE_START.match(line) is not None


def ratio(part: float, whole: float) -> float:
    """``part / whole``, and 0 of nothing."""
    return part / whole if whole else 0.0


def log1p(value: float) -> float:
    """The natural logarithm of ``1 + value``."""
    return math.log1p(value)


def distinct_ratio(items: Sequence[Hashable]) -> float:
    """How many different items there are for each item; 1 of none."""
    return len(set(items)) / len(items) if items else 1.0


def entropy(counts: Int64Array) -> float:
    """Shannon entropy in bits of how often things stand, in any order; 0 of none.

    >>> entropy(np.array([2, 2]))
    1.0
    """
    repeats = np.bincount(counts)
    sizes = np.flatnonzero(repeats)
    shares = sizes / counts.sum()
    terms = np.repeat(shares * list(map(math.log2, shares.tolist())), repeats[sizes])
    return -float(np.add.accumulate(terms)[-1]) if len(terms) else 0.0  # added from the least on
