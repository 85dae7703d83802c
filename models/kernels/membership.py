"""Whether a number may be one of many: a blocked Bloom filter of 64-bit hashes.

Source: Putze, Sanders, Singler, "Cache-, Hash- and Space-Efficient Bloom Filters" (2007). A number
has one word, and eight bits of it: each question costs one access to memory.
"""

from __future__ import annotations

import numpy as np

from models.kernels.arrays import BoolArray, Int64Array, UInt64Array
from models.kernels.compile import inlined, kernel

U64 = np.uint64

NUMBERS_A_WORD = 2
"""32 bits for each number, of which 8 are set: of others fewer than one of a thousand passes."""


def new_filter(numbers: int, max_words: int) -> UInt64Array:
    """An empty filter for about so many numbers; of more than it is made for, more others pass."""
    return np.zeros(max(1, min(-(-numbers // NUMBERS_A_WORD), max_words)), U64)


@inlined
def _word(number: np.int64, words: int) -> int:
    return int(((U64(number) >> U64(32)) * U64(words)) >> U64(32))


@inlined
def _bits(number: np.int64) -> np.uint64:
    """Eight bits, drawn by the lower half of the hash: the upper one has chosen the word."""
    draw = (U64(number) & U64(0xFFFFFFFF)) * U64(0x9E3779B97F4A7C15)
    draw ^= draw >> U64(32)
    bits = U64(0)
    for shift in range(0, 48, 6):
        bits |= U64(1) << ((draw >> U64(shift)) & U64(63))
    return bits


@kernel("void(uint64[::1], Array(int64, 1, 'C', readonly=True))")
def add(words: UInt64Array, numbers: Int64Array) -> None:
    """Let a filter of up to 2^32 words know these hashes."""
    for number in numbers:
        words[_word(number, words.shape[0])] |= _bits(number)


@kernel(
    "void(Array(uint64, 1, 'C', readonly=True), Array(int64, 1, 'C', readonly=True), boolean[::1])"
)
def may_know(words: UInt64Array, numbers: Int64Array, known: BoolArray) -> None:
    """Set ``known`` for every number that was added, and for few others; clear it elsewhere."""
    for i in range(numbers.shape[0]):
        bits = _bits(numbers[i])
        known[i] = words[_word(numbers[i], words.shape[0])] & bits == bits
