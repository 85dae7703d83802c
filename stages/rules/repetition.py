"""Repeated n-grams of a token sequence, as Gopher measures them, in one compiled pass.

N-grams are 64-bit rolling hashes of the tokens' numbers, in an open-addressing table. Two different
n-grams of a document share a hash with probability below 1e-9 even at a million tokens.
"""

from __future__ import annotations

import numpy as np

from models.kernels.arrays import Int64Array
from models.kernels.compile import kernel
from models.text.tokens import Tokens, words_of

TOP_SIZES = (2, 3, 4)
DUPLICATE_SIZES = (5, 6, 7, 8, 9, 10)

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_SHIFT_29 = np.uint64(29)
_SHIFT_32 = np.uint64(32)


def repetition_measures(tokens: Tokens, characters: int, *, with_marks: bool) -> dict[str, float]:
    """Characters of repeated n-grams per character of the text, as FineWeb's code has it."""
    numbers, sizes = (tokens.numbers, tokens.sizes) if with_marks else words_of(tokens)
    top, duplicate = repeated_characters(numbers, sizes)
    whole = characters or 1
    measures = {f"top_{n}_gram_ratio": c / whole for n, c in zip(TOP_SIZES, top, strict=True)}
    return measures | {
        f"duplicate_{n}_gram_ratio": c / whole
        for n, c in zip(DUPLICATE_SIZES, duplicate, strict=True)
    }


def repeated_characters(numbers: Int64Array, sizes: Int64Array) -> tuple[list[int], list[int]]:
    """Characters of the most frequent n-grams (2-4) and of duplicate n-grams (5-10).

    Tokens are given by a number, equal where they are, and by their characters, (tokens,) each. The
    first list holds, for n = 2, 3, 4, the length of the most frequent n-gram (joined with one
    space; the earliest of equals) times its count, 0 when none occurs twice. The second holds, for
    n = 5..10, the characters of n-grams seen before, none counted twice: after a hit the scan goes
    on behind it. Sequences shorter than n give 0. Source: Gopher (arXiv:2112.11446, table A1) in
    the form of FineWeb's code. Deviation: there an n-gram that occurs once counts as the top one.

    >>> repeated_characters(np.array([0, 1, 0, 1]), np.ones(4, np.int64))[0]
    [6, 0, 0]
    """
    starts = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=starts[1:])
    found = _scan(numbers, starts).tolist()
    return found[: len(TOP_SIZES)], found[len(TOP_SIZES) :]


@kernel()
def _scan(  # noqa: C901, PLR0912 - one loop over the sizes; calls inside would cost a third of its speed
    words: Int64Array, starts: Int64Array
) -> Int64Array:
    """The nine counts for tokens numbered ``words``; ``starts`` are cumulated token lengths.

    An n-gram can repeat only where the shorter one at the same place does, so each size looks at
    the places that the last left over: two passes in all instead of nine. Sizes from 5 on share the
    places where a 4-gram repeats.
    """
    count = words.shape[0]
    found = np.zeros(9, np.int64)
    capacity = 16
    while capacity < 2 * count:
        capacity *= 2
    mask = np.uint64(capacity - 1)
    keys = np.empty(capacity, np.uint64)
    seen = np.zeros(max(capacity, count), np.int64)
    first = np.empty(capacity, np.int64)
    stamp = np.zeros(capacity, np.int32)
    slots = words.copy()
    for word in words:
        seen[word] += 1
    repeats = seen[words] > 1
    mixed = (words.astype(np.uint64) + np.uint64(1)) * _MIX
    mixed ^= mixed >> _SHIFT_29
    grams = mixed.copy()
    for size in range(2, 11):
        total = count - size + 1
        if total <= 1:
            break
        for i in range(total):  # extend each n-gram by one token, in place
            grams[i] = grams[i] * _MULTIPLIER + mixed[i + size - 1]
        best = 1
        best_first = 0
        i = 0
        while i < total:
            if not repeats[i]:
                i += 1
                continue
            key = grams[i]
            slot = (((key ^ (key >> _SHIFT_29)) * _MIX) >> _SHIFT_32) & mask
            while stamp[slot] == size and keys[slot] != key:
                slot = (slot + np.uint64(1)) & mask
            slots[i] = slot
            if stamp[slot] != size:
                stamp[slot], keys[slot], seen[slot], first[slot] = size, key, 1, i
                i += 1
            elif size > 4:  # noqa: PLR2004 - from 5 on, duplicates are skipped over whole
                found[size - 2] += starts[i + size] - starts[i]
                i += size
            else:
                seen[slot] += 1
                if seen[slot] > best or (seen[slot] == best and first[slot] < best_first):
                    best, best_first = seen[slot], first[slot]
                i += 1
        if size <= 4:  # noqa: PLR2004
            for i in range(total):
                repeats[i] = repeats[i] and seen[slots[i]] > 1
            if best == 1:
                break
            length = starts[best_first + size] - starts[best_first] + size - 1
            found[size - 2] = length * best
    return found
