"""What the words of a line say of it: weights of hashed n-grams, learnt on labelled lines.

A term is a word or two that follow each other in a line, a Han character or two, and the line's
first and last; each falls into one of ``BUCKETS``. The score of a line is the sum of the weights of
its terms over the root of their number.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.clutter.features import line_of
from models.kernels.arrays import Float64Array, Int64Array, UInt64Array
from models.text.characters import IS_HAN
from models.text.reading import Reading

BITS = 16
BUCKETS = 1 << BITS
_MIX, _PAIR, _FIRST, _LAST = map(
    np.uint64, (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5)
)


def terms_of(reading: Reading) -> tuple[Int64Array, Int64Array]:
    """The line of each term, in order of lines, and its bucket; a line has each bucket once."""
    words, han = reading.words, reading.kinds & IS_HAN != 0
    chosen = ~han[words.places]
    characters = np.flatnonzero(han)
    places = np.concatenate([words.places[chosen], characters])
    hashes = np.concatenate([words.hashes[chosen], reading.codes[characters].astype(np.uint64)])
    order = np.argsort(places, kind="stable")
    lines, hashes = line_of(reading, places[order]), hashes[order]
    joined = lines[:-1] == lines[1:]
    pairs = (hashes[:-1] * _PAIR ^ hashes[1:])[joined]
    first = np.append(True, ~joined)[: len(lines)]
    last = np.append(~joined, True)[: len(lines)]
    every = np.concatenate([lines, lines[:-1][joined], lines[first], lines[last]])
    terms = np.concatenate([hashes, pairs, hashes[first] ^ _FIRST, hashes[last] ^ _LAST])
    keys = np.sort(every << BITS | _bucket(terms))
    keys = keys[np.append(True, keys[1:] != keys[:-1])[: len(keys)]]
    return keys >> BITS, keys & (BUCKETS - 1)


def _bucket(terms: UInt64Array) -> Int64Array:
    mixed = terms * _MIX
    return ((mixed ^ mixed >> np.uint64(29)) * _PAIR >> np.uint64(64 - BITS)).astype(np.int64)


def line_scores(reading: Reading, weights: NDArray[np.int8], size: int) -> Float64Array:
    """The score of each of ``size`` lines, 0 of one without terms."""
    lines, buckets = terms_of(reading)
    total = np.bincount(lines, weights[buckets], size)
    return total / np.sqrt(np.maximum(1, np.bincount(lines, minlength=size)))
