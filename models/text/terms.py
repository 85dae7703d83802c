"""Terms, whatever they are, as numbers: which are equal, how many there are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.kernels.arrays import Int64Array, UInt64Array
from models.kernels.compile import kernel
from models.kernels.hashing import empty_slots, slot_of, slots_for


@kernel()
def number_terms(keys: UInt64Array) -> Int64Array:
    """A number for each key, equal where keys are, from 0 on in the order of their first.

    >>> number_terms(np.array([7, 9, 7], np.uint64)).tolist()
    [0, 1, 0]
    """
    numbers, known = np.empty(len(keys), np.int64), np.empty(len(keys), np.uint64)
    slots = empty_slots(len(keys))
    count = 0
    for place in range(len(keys)):
        slot = slot_of(slots, known, keys[place])
        if slots[slot] < 0:
            slots[slot] = count
            known[count] = keys[place]
            count += 1
        numbers[place] = slots[slot]
    return numbers


def count_distinct(terms: NDArray[np.generic]) -> int:
    """How many different ones there are among whole numbers from 0 on."""
    return int(number_terms(terms.astype(np.uint64)).max(initial=-1)) + 1


@kernel()
def are_among(keys: UInt64Array, some: UInt64Array) -> NDArray[np.bool_]:
    """Whether each key is one of some others, (keys,).

    >>> are_among(np.array([7, 9], np.uint64), np.array([9], np.uint64)).tolist()
    [False, True]
    """
    slots = slots_for(some)
    found = np.empty(len(keys), np.bool_)
    for place in range(len(keys)):
        found[place] = slots[slot_of(slots, some, keys[place])] >= 0
    return found
