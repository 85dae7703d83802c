"""What a window of a text is judged by: hashed n-grams, and counts of telling words by group.

A feature is a count divided by the square root of the window's n-grams: what a window is judged to
be grows with how much it has of it, and one word in a short text proves little.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.kernels.arrays import Int32Array, Int64Array, UInt64Array
from models.kernels.hashing import numbers_of, slots_for
from models.safety.ngrams import Ngrams, hash_word

WORDS = Path(__file__).with_name("words.toml")
BUCKET_BITS = 15
BUCKETS = 1 << BUCKET_BITS
TELLING = 4.0
"""A word of a group counts as much as four n-grams: regularisation holds it back less."""

_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, eq=False)
class TellingWords:
    """Words by their hashes, sorted, (words,), and the number of the group of each."""

    names: tuple[str, ...]
    hashes: UInt64Array
    groups: Int64Array

    def find(self, hashes: UInt64Array) -> tuple[Int64Array, Int64Array]:
        """Where n-grams are words of a group, and the number of the group."""
        numbers = numbers_of(hashes, self.hashes, self._slots)
        found = np.flatnonzero(numbers >= 0)
        return found, self.groups[numbers[found]]

    @cached_property
    def _slots(self) -> Int32Array:
        return slots_for(self.hashes)


@cache
def telling_words() -> TellingWords:
    """The words that ship. Raises ``ValueError`` for one that no text can have as an n-gram."""
    tables = tomllib.loads(WORDS.read_text("utf-8"))
    known: dict[int, int] = {}
    for number, table in enumerate(tables.values()):
        for words in table.values():
            known.update((hash_word(word), number) for word in words)
    pairs = sorted(known.items())
    return TellingWords(
        tuple(tables),
        np.array([pair[0] for pair in pairs], np.uint64),
        np.array([pair[1] for pair in pairs], np.int64),
    )


def digest_of_words() -> str:
    """The SHA-256 of the file of words."""
    return hashlib.sha256(WORDS.read_bytes()).hexdigest()


def features_of(ngrams: Ngrams) -> tuple[Int64Array, NDArray[np.float64], Int64Array]:
    """Columns and values of a text's features in the order of its windows, and the window of each.

    Columns from ``BUCKETS`` on are the groups of telling words.
    """
    hashes = ngrams.hashes
    buckets = ((hashes * _MIX) >> np.uint64(64 - BUCKET_BITS)).astype(np.int64)
    windows = np.repeat(np.arange(len(ngrams.sizes)), ngrams.sizes)
    weight = (1.0 / np.sqrt(np.maximum(ngrams.sizes, 1)))[windows]
    places, groups = telling_words().find(hashes)
    return (
        np.concatenate([buckets, BUCKETS + groups]),
        np.concatenate([weight, TELLING * weight[places]]),
        np.concatenate([windows, windows[places]]),
    )
