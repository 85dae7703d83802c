"""The words and numbers of a text by the simplest rule, as numbers to count and compare.

A word is a stretch of letters, with apostrophes and hyphens between them; a number is a stretch of
digits, with points and commas between them. Whatever cuts by grammar is in ``words``.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from models.kernels.arrays import Int64Array, UInt32Array, UInt64Array
from models.kernels.compile import kernel
from models.kernels.hashing import OFFSET, PRIME
from models.text.characters import DECIMAL, WORD_LETTER, lower_codes
from models.text.scripts import codes_of

_APOSTROPHE, _QUOTE, _HYPHEN, _POINT, _COMMA = 0x27, 0x2019, 0x2D, 0x2E, 0x2C
DOTTED_I = 0x130


@dataclass(frozen=True, eq=False, slots=True)
class PlainWords:
    """The words of a text in order, (words,): where each begins, its size and its hash.

    Both are of the word in lower case (``characters.lower_codes``); 64 bits tell all words apart.
    """

    places: Int64Array
    sizes: Int64Array
    hashes: UInt64Array

    @classmethod
    def of(cls, codes: UInt32Array, kinds: UInt32Array) -> PlainWords:
        """The words of a text by its characters' codes and kinds."""
        places, sizes = (np.empty(len(codes), np.int64) for _ in range(2))
        hashes = np.empty(len(codes), np.uint64)
        count = _cut(codes, kinds, lower_codes(), places, sizes, hashes)
        return cls(places[:count], sizes[:count], hashes[:count])


@cache
def hashes_of(words: Collection[str]) -> UInt64Array:
    """The hashes that some words would have in a text, (words,); remembered for each collection."""
    hashes = [_hash(codes_of(word), lower_codes(), 0, len(word)) for word in words]
    return np.array(hashes, np.uint64)


def pairs_of(codes: UInt32Array, chosen: NDArray[np.bool_]) -> tuple[Int64Array, UInt64Array]:
    """Where two chosen characters follow each other, and the two as one number."""
    places = np.flatnonzero(chosen[:-1] & chosen[1:])
    first, second = codes[places].astype(np.uint64), codes[places + 1]
    return places, first << np.uint64(32) | second


@kernel()
def _hash(codes: UInt32Array, lower: UInt32Array, start: int, end: int) -> np.uint64:
    """FNV-1a over code points."""
    value = OFFSET
    for place in range(start, end):
        value = (value ^ np.uint64(lower[codes[place]])) * PRIME
    return value


@kernel()
def _cut(
    codes: UInt32Array,
    kinds: UInt32Array,
    lower: UInt32Array,
    places: Int64Array,
    sizes: Int64Array,
    hashes: UInt64Array,
) -> int:
    size = len(codes)
    count = place = 0
    while place < size:
        kind = kinds[place] & (WORD_LETTER | DECIMAL)
        start = place
        dotted = 0  # their lower case is two characters
        while place < size and kinds[place] & kind:
            dotted += codes[place] == DOTTED_I
            place += 1
            joins = place + 1 < size and kinds[place + 1] & kind != 0
            if joins and _joins(codes[place], kind == DECIMAL):
                place += 1
        if place > start:
            places[count], sizes[count] = start, place - start + dotted
            hashes[count] = _hash(codes, lower, start, place)
            count += 1
        else:
            place += 1
    return count


@kernel()
def _joins(code: int, is_number: bool) -> bool:
    if is_number:
        return code in (_POINT, _COMMA)
    return code in (_APOSTROPHE, _QUOTE, _HYPHEN)
