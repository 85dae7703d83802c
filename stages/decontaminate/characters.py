"""What becomes of each character in the form in which items and pages are compared."""

from __future__ import annotations

import unicodedata
from functools import cache

import numpy as np
import regex

from models.kernels.arrays import BoolArray, UInt32Array
from models.text.characters import lower_codes
from models.text.scripts import PLANES
from models.text.traditional import simple_codes

CODE = (1 << 24) - 1
"""What an entry of the table says of the code that a character becomes; above are its kinds."""
NOTHING, BREAK, _LETTER, _DIGIT, SINGLE, END = (bit << 24 for bit in (1, 2, 4, 8, 16, 32))
"""Left out; left out, and a word may begin behind it; a word by itself; the end of a text."""
WRITTEN = _LETTER | _DIGIT | SINGLE | END
"""All kinds that are not left out. A word may begin where one stands behind another."""

_SINGLES = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Sm}]"
)
"""Scripts without blanks between words, and signs: a word may begin at any of these."""
_UNSEEN = regex.compile(r"[\p{Mn}\p{Cf}\p{Sk}]")
"""Accents that stand by themselves, zero-width spaces and soft hyphens: they divide no word."""


@cache
def character_table() -> UInt32Array:
    """The kind and the new code of each code point up to ``PLANES``, (codes,)."""
    table = np.full(PLANES + 1, BREAK, np.uint32)
    lower, simple = lower_codes(), simple_codes()
    for code, character in enumerate(map(chr, range(PLANES))):
        base = _without_accents(character)
        if base.isalnum() or _SINGLES.match(base):
            kind = SINGLE if _SINGLES.match(base) else _DIGIT if base.isdigit() else _LETTER
            table[code] = kind | simple[lower[ord(base)]]
        elif _UNSEEN.match(character):
            table[code] = NOTHING
    table[0] = END
    return table


@cache
def single_characters() -> BoolArray:
    """Whether each canonical character may be a word by itself, (codes,) up to ``PLANES``."""
    found = np.zeros(PLANES + 1, np.bool_)
    table = character_table()
    found[table[table & SINGLE != 0] & CODE] = True
    return found


def _without_accents(character: str) -> str:
    """The one character that this one is a form of, itself where it stands for several.

    >>> "".join(map(_without_accents, "éＡ²ﬁ"))
    'eA2ﬁ'
    """
    if character.isascii():
        return character
    parts = unicodedata.normalize("NFKD", character)
    base = "".join(part for part in parts if not unicodedata.combining(part))
    return base if len(base) == 1 else character
