"""Finds which of some hundred phrases a text holds, without reading the text once for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from models.kernels.arrays import Int64Array, UInt32Array, UInt64Array
from models.kernels.compile import inlined, kernel
from models.text import languages
from models.text.characters import lower_codes
from models.text.plain_words import hashes_of
from models.text.reading import Reading
from models.text.scripts import codes_of
from models.text.spaced_words import spaced_tokens
from models.text.tokens import Tokens, find_form

Found = Mapping[str, Mapping[str, int]]
"""By the name of a list its phrases that occur, with their counts."""

Item = TypeVar("Item", bound=np.generic)

_MARKED = 1 << 16


class PhraseLists:
    """Lists of phrases in lower case: of whole tokens, or, in scripts without blanks, anywhere.

    "log in" is found in "Please log in!" but not in "Plog insight"; "登录" in "用户登录页".
    """

    def __init__(self, lists: Mapping[str, Sequence[str]]) -> None:
        self._names = tuple(lists)
        pairs = [(name, phrase) for name, phrases in lists.items() for phrase in phrases]
        self._anywhere = [pair for pair in pairs if languages.KNOWN.is_unspaced(pair[1])]
        self._whole = [pair for pair in pairs if pair not in self._anywhere]
        self._words = _join(
            [hashes_of(tuple(spaced_tokens(one))) for _, one in self._whole], np.uint64
        )
        self._codes = _join([codes_of(one) for _, one in self._anywhere], np.uint32)

    def find(self, reading: Reading, tokens: Tokens) -> Found:
        """The phrases of each list that a text holds, some of them in one another."""
        found: dict[str, dict[str, int]] = {name: {} for name in self._names}
        whole = _count_whole(tokens, *self._words)
        anywhere = _count_anywhere(reading.codes, lower_codes(), *self._codes)
        for pairs, counts in ((self._whole, whole), (self._anywhere, anywhere)):
            for number in np.flatnonzero(counts).tolist():
                name, phrase = pairs[number]
                found[name][phrase] = int(counts[number])
        return found


def _join(parts: Sequence[NDArray[Item]], item: type[Item]) -> tuple[NDArray[Item], Int64Array]:
    """All parts in one, and where each begins and the last ends."""
    return np.concatenate([np.empty(0, item), *parts]), np.cumsum([0, *map(len, parts)])


@kernel()
def _count_whole(tokens: Tokens, words: UInt64Array, bounds: Int64Array) -> Int64Array:
    """How often phrases stand, given by the hashes of their words; between two is a token."""
    counts = np.zeros(len(bounds) - 1, np.int64)
    forms = np.empty(len(words), np.int64)
    for phrase in range(len(counts)):
        first, last = bounds[phrase], bounds[phrase + 1]
        missing = False
        for word in range(first, last):
            forms[word] = find_form(tokens, words[word])
            if forms[word] < 0:
                missing = True
                break
        if not missing:
            counts[phrase] = _count_runs(tokens.folds, forms[first:last], 1)
    return counts


@kernel()
def _count_anywhere(
    codes: UInt32Array, lower: UInt32Array, phrases: UInt32Array, bounds: Int64Array
) -> Int64Array:
    """How often phrases stand, given by their codes: those whose pairs of characters all do."""
    counts = np.zeros(len(bounds) - 1, np.int64)
    text = lower[codes]
    marked = np.zeros(_MARKED, np.bool_)
    for place in range(len(text)):
        marked[_mark_of(text[place], 0)] = True
        if place:
            marked[_mark_of(text[place - 1], text[place])] = True
    for phrase in range(len(counts)):
        sought = phrases[bounds[phrase] : bounds[phrase + 1]]
        possible = marked[_mark_of(sought[0], 0)]
        for place in range(1, len(sought)):
            possible = possible and marked[_mark_of(sought[place - 1], sought[place])]
        if possible:
            counts[phrase] = _count_runs(text, sought, 0)
    return counts


@inlined
def _mark_of(first: int, second: int) -> int:
    return (first * 31 + second) & (_MARKED - 1)


@inlined
def _count_runs(items: NDArray[np.generic], sought: NDArray[np.generic], gap: int) -> int:
    """How often one sequence stands in another with so many items between two."""
    count = place = 0
    while place + len(sought) <= len(items):
        size = 0
        while size < len(sought) and items[place + size] == sought[size]:
            size += 1
        if size == len(sought):
            count += 1
            place += size + gap
        else:
            place += 1
    return count
