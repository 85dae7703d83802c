"""Hashes of stretches of a text (FNV-1a over code points), and open addressing by them."""

from __future__ import annotations

import numpy as np

from models.kernels.arrays import Int32Array, Int64Array, UInt64Array
from models.kernels.compile import inlined, kernel

OFFSET, PRIME = np.uint64(14695981039346656037), np.uint64(1099511628211)

_LEAST_SLOTS = 16
_MIX, _32, _1 = np.uint64(0x9E3779B97F4A7C15), np.uint64(32), np.uint64(1)


@kernel()
def empty_slots(size: int) -> Int32Array:
    """Slots, all free, for so many hashes."""
    capacity = _LEAST_SLOTS
    while capacity < 2 * size:
        capacity *= 2
    return np.full(capacity, np.int32(-1))


@inlined
def slot_of(slots: Int32Array, hashes: UInt64Array, value: np.uint64) -> np.uint64:
    """The slot that holds the number of a hash among ``hashes``, or the free one that would."""
    mask = np.uint64(len(slots) - 1)
    slot = (value * _MIX) >> _32 & mask
    while slots[slot] >= 0 and hashes[slots[slot]] != value:
        slot = (slot + _1) & mask
    return slot


@kernel()
def slots_for(hashes: UInt64Array) -> Int32Array:
    """Slots that lead from each hash to its number, of equals to the first."""
    slots = empty_slots(len(hashes))
    for number in range(len(hashes)):
        slot = slot_of(slots, hashes, hashes[number])
        if slots[slot] < 0:
            slots[slot] = number
    return slots


@kernel()
def numbers_of(hashes: UInt64Array, known: UInt64Array, slots: Int32Array) -> Int64Array:
    """The number of each hash among known ones, by their slots; -1 for one that is none of them."""
    numbers = np.empty(len(hashes), np.int64)
    for place in range(len(hashes)):
        numbers[place] = slots[slot_of(slots, known, hashes[place])]
    return numbers
