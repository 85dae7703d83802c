"""The seeds of items: stretches of bytes, of which every run of an item in a page holds one.

A *run* is a stretch of an item's tokens that stands in a page, nothing but spaces and punctuation
between them. Runs of fewer than ``MIN_RUN_TOKENS`` tokens or ``MIN_RUN_BYTES`` bytes are the common
coin of a language and say nothing. A *seed* is ``SEED_BYTES`` bytes of an item from the start of a
token on: every stretch that may be a run has one, so a page that is asked at each of its words
whether a seed begins there misses no run, and what a seed finds is then compared byte by byte.

Of a stretch the seed is taken that fewest stretches of all items begin with. One that more than
``MAX_SHARERS`` begin with ("which of the following is") is none: stretches of nothing but such are
instructions, of which no page can be accused, and which would make a page as slow as they are many.

Memory is what a look-up waits for, so it goes from what is small and sifts most to what is large:
a filter of hashes (one place of it, for a word that begins no seed), the seeds of one bucket (8
bytes each, next to each other), and only of those whose neighbours agree the letters themselves.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.kernels.arrays import BoolArray, Int64Array, UInt8Array, UInt32Array, UInt64Array
from models.kernels.compile import inlined, kernel
from stages.decontaminate.canonical import Canonical

SEED_BYTES = 14
MIN_RUN_BYTES = 20
MIN_RUN_TOKENS = 5
MAX_SHARERS = 100

BASE = np.uint64(0x9E3779B97F4A7C15)
"""Of the polynomial that is the hash of a window."""
_MIX, _OTHER_MIX = np.uint64(0xD6E8FEB86659FD93), np.uint64(0xA0761D6478BD642F)
_1, _6, _8, _12, _16 = (np.uint64(number) for number in (1, 6, 8, 12, 16))
_29, _32, _38, _46, _63 = (np.uint64(number) for number in (29, 32, 38, 46, 63))
_MAX_COUNT = 255  # of a uint8
_MAX_SKETCH_BITS = 26
_MIN_BITS = 6
_HASHES_PER_WORD = 4  # of the filter, at most: 1 in 100 words that begin no seed passes
_SEEDS_PER_BUCKET = 2  # at most, as long as no window is shared

_NEIGHBOURS = 3
"""Of the 6 bytes by which a run is longer than its seed, 3 stand before it or 3 behind it."""
_NEIGHBOUR_MIX = np.uint64(0x9E3779B1)
_LOW_16 = np.uint64(0xFFFF)
_LOW_32 = np.uint64(0xFFFFFFFF)
_ALWAYS = np.uint64(0xFFFFFFFF)
"""The neighbours of a seed whose text is shorter than a run: that must be compared."""


class Seeds(NamedTuple):
    """Where seeds begin, by buckets of hashes, and what tells without a look that none does.

    ``entries`` (seeds,) have in their low half where a seed begins, in their high half hashes of
    the bytes before it and behind it; ``firsts`` (buckets + 1,) says which are whose. ``filter``
    has in a word of 64 bits three set for each hash.
    """

    entries: UInt64Array
    firsts: UInt32Array
    filter: UInt64Array


def make_seeds(texts: Canonical, chosen: BoolArray, in_runs: BoolArray) -> Seeds:
    """The seeds of the ``chosen`` texts, (texts,).

    Those ``in_runs`` have one in each stretch that may be a run; the others, which are found whole
    or not at all, have one.
    """
    bits = min(_MAX_SKETCH_BITS, max(10, len(texts.data).bit_length()))
    sketch = np.zeros((2, 1 << bits), np.uint8)
    _count_windows(texts.data, texts.starts, texts.ends, chosen, sketch)
    entries, hashes = _choose_seeds(texts.data, texts.starts, texts.ends, chosen, in_runs, sketch)
    bucket_bits = _bits_of(len(entries) // _SEEDS_PER_BUCKET)
    filter_words = np.zeros(1 << _bits_of(len(entries) // _HASHES_PER_WORD), np.uint64)
    firsts = np.zeros((1 << bucket_bits) + 1, np.uint32)
    return Seeds(_fill(entries, hashes, firsts, filter_words), firsts, filter_words)


def _bits_of(count: int) -> int:
    """The bits of a power of two that is more than ``count``."""
    return max(_MIN_BITS, count.bit_length())


@inlined
def may_begin(filter_words: UInt64Array, spread: np.uint64) -> bool:
    """Whether a seed may have that ``spread_of`` a hash; of those that none has few pass."""
    word = filter_words[spread & np.uint64(len(filter_words) - 1)]
    return word & _filter_bits(spread) == _filter_bits(spread)


@inlined
def _filter_bits(spread: np.uint64) -> np.uint64:
    """The three bits that a hash sets in its word."""
    high = spread >> _46
    return _1 << (high & _63) | _1 << (high >> _6 & _63) | _1 << (high >> _12 & _63)


@inlined
def bucket_of(firsts: UInt32Array, spread: np.uint64) -> int:
    """The bucket of a hash: ``firsts`` of it and of the next are where its seeds stand."""
    return np.int64((spread >> _8) & np.uint64(len(firsts) - 2))  # type: ignore[return-value]


@inlined
def neighbours(data: UInt8Array, place: int) -> np.uint64:
    """Hashes of the bytes before a seed, in 16 bits, and of those behind it, in 16 more."""
    before = behind = np.uint64(0)
    for at in range(_NEIGHBOURS):
        if place > at:
            before = before << _8 | np.uint64(data[place - 1 - at])
        if place + SEED_BYTES + at < len(data):
            behind = behind << _8 | np.uint64(data[place + SEED_BYTES + at])
    low = before * _NEIGHBOUR_MIX >> _32 & _LOW_16
    return low | (behind * _NEIGHBOUR_MIX >> _32 & _LOW_16) << _16


@inlined
def may_agree(entry: np.uint64, around: np.uint64) -> bool:
    """Whether as many bytes as a run has may be equal around a seed: those before or behind are."""
    stored = entry >> _32
    differing = stored ^ around
    return differing & _LOW_16 == 0 or differing >> _16 == 0 or stored == _ALWAYS


@inlined
def place_of(entry: np.uint64) -> int:
    """Where the seed of an entry begins."""
    return np.int64(entry & _LOW_32)  # type: ignore[return-value]


@inlined
def window_hash(data: UInt8Array, place: int) -> np.uint64:
    """The hash of the seed that would begin at a place."""
    value = np.uint64(0)
    for at in range(place, place + SEED_BYTES):
        value = value * BASE + np.uint64(data[at])
    return value


@inlined
def spread_of(value: np.uint64) -> np.uint64:
    """A hash of a hash, whose low bits are as good as any."""
    value = (value ^ (value >> _32)) * _MIX
    return value ^ (value >> _29)


@inlined
def _count_of(sketch: UInt8Array, value: np.uint64) -> np.uint8:
    """About how many windows have that hash, never too few: a count-min sketch of two rows."""
    mask = np.uint64(sketch.shape[1] - 1)
    return min(sketch[0, spread_of(value) & mask], sketch[1, (value * _OTHER_MIX) >> _38 & mask])


@kernel()
def _count_windows(
    data: UInt8Array, starts: UInt8Array, ends: Int64Array, chosen: BoolArray, sketch: UInt8Array
) -> None:
    """Count the windows that begin with tokens, up to 255."""
    mask = np.uint64(sketch.shape[1] - 1)
    first = 0
    for text in range(len(ends)):
        if chosen[text]:
            for place in range(first, ends[text] - SEED_BYTES + 1):
                if starts[place]:
                    value = window_hash(data, place)
                    one = spread_of(value) & mask
                    other = (value * _OTHER_MIX) >> _38 & mask
                    sketch[0, one] += sketch[0, one] < _MAX_COUNT
                    sketch[1, other] += sketch[1, other] < _MAX_COUNT
        first = ends[text] + 1


@kernel()
def _choose_seeds(
    data: UInt8Array,
    starts: UInt8Array,
    ends: Int64Array,
    chosen: BoolArray,
    in_runs: BoolArray,
    sketch: UInt8Array,
) -> tuple[UInt64Array, UInt64Array]:
    """The entries of seeds and their hashes, (seeds,), by where they begin."""
    entries = np.empty(np.count_nonzero(starts), np.uint64)
    hashes = np.empty(len(entries), np.uint64)
    count = first = 0
    for text in range(len(ends)):
        if chosen[text]:
            windows = _windows(data, starts, first, ends[text], sketch)
            places, of_windows, _ = windows
            is_short = ends[text] - first < MIN_RUN_BYTES
            for window in _rarest(windows, in_runs[text]):
                around = _ALWAYS if is_short else neighbours(data, places[window])
                entries[count] = around << _32 | np.uint64(places[window])
                hashes[count] = of_windows[window]
                count += 1
        first = ends[text] + 1
    return entries[:count], hashes[:count]


@kernel()
def _windows(
    data: UInt8Array, starts: UInt8Array, first: int, end: int, sketch: UInt8Array
) -> tuple[Int64Array, UInt64Array, UInt8Array]:
    """Where the tokens of a text begin, and its end; of each the hash and the count of the window.

    A window that is not all in the text is as common as can be.
    """
    places = np.empty(end - first + 1, np.int64)
    hashes, counts = np.empty(len(places), np.uint64), np.empty(len(places), np.uint8)
    size = 0
    for place in range(first, end + 1):  # at the end stands a start, too
        if starts[place]:
            places[size], hashes[size], counts[size] = place, 0, _MAX_COUNT
            if place + SEED_BYTES <= end:
                hashes[size] = window_hash(data, place)
                counts[size] = _count_of(sketch, hashes[size])
            size += 1
    return places[:size], hashes[:size], counts[:size]


@kernel()
def _rarest(windows: tuple[Int64Array, UInt64Array, UInt8Array], is_in_runs: bool) -> Int64Array:
    """The rarest windows of a text, by their numbers: of each least run, or one of all of it."""
    places, _, counts = windows
    size = len(places) - 1
    found = np.empty(size, np.int64)
    count, last, end = 0, -1, 0
    for begin in range(size):
        if not is_in_runs:
            end = size
        while end < size and not _is_run(end - begin, places[end] - places[begin]):
            end += 1
        if is_in_runs and not _is_run(end - begin, places[end] - places[begin]):
            break
        if last < begin:  # else the seed before lies in this run too
            best = _rarest_between(places, counts, begin, end)
            if best >= 0:
                found[count] = last = best
                count += 1
        if not is_in_runs:
            break
    return found[:count]


@inlined
def _rarest_between(places: Int64Array, counts: UInt8Array, begin: int, end: int) -> int:
    """The rarest window within a stretch, of equals the last; -1 if all are common."""
    best, best_count = -1, MAX_SHARERS
    for number in range(begin, end):
        is_within = places[number] + SEED_BYTES <= places[end]
        if is_within and counts[number] <= best_count:
            best, best_count = number, np.int64(counts[number])  # type: ignore[assignment]
    return best


@inlined
def _is_run(tokens: int, size: int) -> bool:
    return tokens >= MIN_RUN_TOKENS and size >= MIN_RUN_BYTES


@kernel()
def _fill(
    entries: UInt64Array, hashes: UInt64Array, firsts: UInt32Array, filter_words: UInt64Array
) -> UInt64Array:
    """Fill in the filter and where buckets begin; the entries by buckets, else as they were."""
    for value in hashes:
        spread = spread_of(value)
        filter_words[spread & np.uint64(len(filter_words) - 1)] |= _filter_bits(spread)
        firsts[bucket_of(firsts, spread) + 1] += 1
    for bucket in range(1, len(firsts)):
        firsts[bucket] += firsts[bucket - 1]
    free = firsts.copy()
    ordered = np.empty_like(entries)
    for number in range(len(entries)):
        bucket = bucket_of(firsts, spread_of(hashes[number]))
        ordered[free[bucket]] = entries[number]
        free[bucket] += 1
    return ordered
