"""Words, their pairs, and runs of Chinese characters as numbers, in windows of a text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.kernels.arrays import Int64Array, UInt32Array, UInt64Array
from models.kernels.compile import kernel
from models.kernels.hashing import OFFSET, PRIME
from models.text.characters import DECIMAL, WORD_LETTER, base_kinds, lower_codes
from models.text.scripts import codes_of
from models.text.traditional import simple_codes

MAX_CHARS = 20_000
"""A text is judged on its first 20,000 characters; the rest is not read."""

WINDOW = 128
"""About how many words, or Chinese characters, are judged together."""

MAX_RUN = 4
"""The longest run of Chinese characters that is a feature."""

_FIRST_HAN, _LAST_HAN = 0x3400, 0x9FFF
_DIGIT = np.uint32(0x30)


@dataclass(frozen=True, eq=False, slots=True)
class Ngrams:
    """The n-grams of a text in order, (ngrams,), and where each of its windows begins and ends."""

    hashes: UInt64Array
    bounds: Int64Array

    @property
    def sizes(self) -> Int64Array:
        """How many n-grams each window has, (windows,)."""
        return np.diff(self.bounds)


def ngrams_of(text: str) -> Ngrams:
    """The n-grams of a text in simplified characters and lower case; an empty one has no window.

    A number counts by the number of its digits alone. Windows share the words evenly, so that the
    last is not shorter than the others.
    """
    codes = simple_codes()[codes_of(text[:MAX_CHARS])]
    hashes = np.empty(MAX_RUN * len(codes), np.uint64)
    ends = np.empty(len(codes) + 1, np.int64)
    units = _cut(codes, base_kinds()[codes], lower_codes(), hashes, ends)
    windows = max(1, round(units / WINDOW)) if units else 0
    bounds = ends[[number * units // windows for number in range(windows + 1)]] if windows else [0]
    return Ngrams(hashes[: ends[units]], np.asarray(bounds, np.int64))


def hash_word(word: str) -> int:
    """The hash of a word, of a pair of words, or of a run of Chinese characters, in a text.

    >>> hash_word("Free Spins") in ngrams_of("some free spins!").hashes.tolist()
    True
    >>> hash_word("賭場") in ngrams_of("一家赌场").hashes.tolist()
    True
    """
    size = len(word) if not word.isascii() else 2 if " " in word else 1
    found = ngrams_of(word).hashes.tolist()
    expected = {1: 1, 2: 3}[size] if word.isascii() else size * (size + 1) // 2
    if len(found) != expected:
        raise ValueError(f"{word!r}: is neither one word, nor two, nor up to {MAX_RUN} characters")
    return int(found[-1])


@kernel()
def _cut(
    codes: UInt32Array,
    kinds: UInt32Array,
    lower: UInt32Array,
    hashes: UInt64Array,
    ends: Int64Array,
) -> int:
    """Fill ``hashes``, and ``ends`` with their number after each word or character."""
    count = units = place = run = 0
    previous = np.uint64(0)
    ends[0] = 0
    while place < len(codes):
        code = codes[place]
        if _FIRST_HAN <= code <= _LAST_HAN:
            run, previous = run + 1, np.uint64(0)
            value = OFFSET
            for size in range(min(run, MAX_RUN)):
                value = (value ^ np.uint64(codes[place - size])) * PRIME
                hashes[count] = value
                count += 1
            place += 1
        elif kinds[place] & (WORD_LETTER | DECIMAL):
            kind = kinds[place] & (WORD_LETTER | DECIMAL)
            value, run = OFFSET, 0
            while place < len(codes) and kinds[place] & kind:
                code = codes[place]
                if _FIRST_HAN <= code <= _LAST_HAN:
                    break
                letter = lower[code] if kind & WORD_LETTER else _DIGIT
                value = (value ^ np.uint64(letter)) * PRIME
                place += 1
            if previous:
                hashes[count] = value
                hashes[count + 1] = (previous ^ value) * PRIME
                count += 2
            else:
                hashes[count] = value
                count += 1
            previous = value
        else:
            run, place = 0, place + 1
            continue
        units += 1
        ends[units] = count
    return units
