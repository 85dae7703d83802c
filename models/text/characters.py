"""What the characters of a text are, by code point: the tables that every pass over them reads."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from models.kernels.arrays import UInt32Array
from models.text.scripts import HAN, LATIN, PLANES, SCRIPTS, codes_of

(
    SPACE, WORD, LETTER, WORD_LETTER, NUMERAL, DECIMAL, UPPER, IS_HAN, IS_LATIN,
    COMMA, LINK, SYMBOL, RUN, CLOSING, CLOSER, END_BEFORE_BLANK, END_ANYWHERE,
) = (1 << bit for bit in range(17))  # fmt: skip
"""Bits of a character's kind: white space; what ``\\w``, ``isalpha``, ``[^\\W\\d_]``, ``isdigit``,
``\\d`` and ``isupper`` mean; its script; marks. Those of the ends of sentences depend on which
languages are known: ``Languages.kinds`` has them."""

WIDER = 28
"""From this bit on: how much wider than a Latin letter a character is (``Script.width``)."""

CLOSING_MARKS = "\"'”’»)]）】」』"
"""What may stand between the mark that ends a sentence and the end of a line."""

_MARKS = {
    COMMA: ",;:，；：、",
    LINK: "|»›>→•·/_【】[]",
    RUN: "!！?？.。,，~～",
    CLOSING: CLOSING_MARKS,
    CLOSER: "\"'”’)]",
}
_PROSE_MARKS = ",.;:!?'\"()，。；：！？、“”‘’（）《》…—-"  # all others are symbols


@cache
def base_kinds() -> UInt32Array:
    """The kind of each code point up to ``PLANES``, (codes,), without the ends of sentences."""
    characters = list(map(chr, range(PLANES)))
    tests = {
        SPACE: str.isspace, LETTER: str.isalpha, NUMERAL: str.isdigit, DECIMAL: str.isdecimal,
        UPPER: str.isupper,
    }  # fmt: skip
    kinds = np.zeros(PLANES + 1, np.uint32)
    for bit, test in tests.items():
        kinds[:-1] |= np.fromiter(map(test, characters), np.bool_, PLANES) * np.uint32(bit)
    for bit, script in {IS_HAN: HAN, IS_LATIN: LATIN}.items():
        kinds |= script.table * np.uint32(bit)
    for script in SCRIPTS.values():
        kinds |= script.table * np.uint32(script.width - 1 << WIDER)
    alphanumeric = np.fromiter(map(str.isalnum, characters), np.bool_, PLANES)
    kinds[:-1] |= alphanumeric * np.uint32(WORD)
    kinds[:-1] |= (alphanumeric & (kinds[:-1] & DECIMAL == 0)) * np.uint32(WORD_LETTER)
    kinds[ord("_")] |= WORD
    for bit, marks in _MARKS.items():
        kinds[codes_of(marks)] |= bit
    symbol = kinds & (WORD | SPACE) == 0
    symbol[codes_of(_PROSE_MARKS)] = False
    return kinds | symbol * np.uint32(SYMBOL)


@cache
def lower_codes() -> UInt32Array:
    """The lower case of each code point up to ``PLANES``, (codes,), for comparison.

    All three sigmas of Greek are one. A dotted capital I, whose lower case is two characters,
    stays what it is: no other character has that lower case.
    """
    lower = [character.lower() for character in map(chr, range(PLANES + 1))]
    codes = [ord(new) if len(new) == 1 else old for old, new in enumerate(lower)]
    table = np.array(codes, np.uint32)
    table[ord("ς")] = ord("σ")
    return table


@cache
def table_of(marks: str) -> NDArray[np.bool_]:
    """Whether each code point up to ``PLANES`` is one of some marks, (codes,)."""
    table = np.zeros(PLANES + 1, np.bool_)
    table[codes_of(marks)] = True
    return table
