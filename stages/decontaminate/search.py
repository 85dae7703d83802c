"""The runs of items in a page: seeds found by their hashes, then compared byte by byte."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.kernels.arrays import Int32Array, Int64Array, UInt8Array, UInt32Array, UInt64Array
from models.kernels.compile import inlined, kernel
from stages.decontaminate.canonical import END_OF_TEXT, Canonical
from stages.decontaminate.index import (
    MIN_RUN_BYTES,
    MIN_RUN_TOKENS,
    SEED_BYTES,
    ItemIndex,
    slot_bits,
)

_1, _6, _63 = (np.uint64(number) for number in (1, 6, 63))
_BASE = np.uint64(0x9E3779B97F4A7C15 | 1)
_LEAST_ROOM = 64


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a text of the index that stands in a page, by places in canonical forms.

    It is ``tokens`` tokens from the text's token ``first_token`` on.
    """

    text: int
    start: int
    end: int
    first_token: int
    tokens: int


def find_runs(page: Canonical, index: ItemIndex) -> list[Run]:
    """All runs of texts in one page, by text, then by where they begin."""
    places, seeds = _find_seeds(page, index)
    if not len(places):
        return []
    texts = np.searchsorted(index.texts.ends, seeds)
    order = np.lexsort((places, seeds - places, texts))
    rows = _extend(
        *(page.data, page.starts, index.texts.data, index.texts.starts, index.texts.ends),
        *(places[order], seeds[order], texts[order]),
    )
    return sorted((Run(*row) for row in rows.tolist()), key=lambda run: (run.text, run.start))


def _find_seeds(page: Canonical, index: ItemIndex) -> tuple[Int64Array, Int64Array]:
    """Where seeds stand in the page, and which, by their places in the index, (finds,) each."""
    room = _LEAST_ROOM
    while True:
        places, seeds = np.empty(room, np.int64), np.empty(room, np.int64)
        found = _look_up(
            *(page.data, page.starts, index.texts.data, index.seeds.places, index.seeds.firsts),
            *(index.seeds.slots, index.seeds.filter, places, seeds),
        )
        if found <= room:
            return places[:found], seeds[:found]
        room = found


@kernel()
def _look_up(
    page: UInt8Array,
    page_starts: UInt8Array,
    data: UInt8Array,
    seeds: UInt32Array,
    firsts: UInt32Array,
    slots: Int32Array,
    bits: UInt64Array,
    places: Int64Array,
    found: Int64Array,
) -> int:
    """Write the finds as long as there is room; returns how many there are."""
    count = 0
    mask, bit_mask = np.uint64(len(slots) - 1), np.uint64(len(bits) * 64 - 1)
    leaving = _1
    for _ in range(SEED_BYTES):
        leaving *= _BASE
    size = len(page) - 1  # what ends the page
    value = np.uint64(0)
    for at in range(size):
        value = value * _BASE + np.uint64(page[at])
        place = at + 1 - SEED_BYTES
        if place < 0:
            continue
        if place:
            value -= leaving * np.uint64(page[place - 1])
        if not page_starts[place]:
            continue
        spread = slot_bits(value)
        bit = spread & bit_mask
        if not bits[bit >> _6] >> (bit & _63) & _1:
            continue
        slot = spread & mask
        while slots[slot] >= 0:
            group = slots[slot]
            if _is_there(page, place, data, seeds[firsts[group]]):
                for number in range(firsts[group], firsts[group + 1]):
                    if count < len(places):
                        places[count], found[count] = place, seeds[number]
                    count += 1
                break
            slot = (slot + _1) & mask
    return count


@inlined
def _is_there(page: UInt8Array, place: int, data: UInt8Array, seed: int) -> bool:
    for at in range(SEED_BYTES):
        if page[place + at] != data[seed + at]:
            return False
    return True


@kernel()
def _extend(
    page: UInt8Array,
    page_starts: UInt8Array,
    data: UInt8Array,
    starts: UInt8Array,
    ends: Int64Array,
    places: Int64Array,
    seeds: Int64Array,
    texts: Int64Array,
) -> Int64Array:
    """The longest run around each find that no run before it covers, (runs, 5) as in `Run`."""
    runs = np.empty((len(places), 5), np.int64)
    count = 0
    covered = np.int64(0)
    for find in range(len(places)):
        place, seed, text = places[find], seeds[find], texts[find]
        is_same = find > 0 and texts[find - 1] == text and seeds[find - 1] - places[find - 1] == (
            seed - place
        )
        if not is_same:
            covered = np.int64(0)
        if place < covered:
            continue
        first = ends[text - 1] + 1 if text else 0
        shift = seed - place
        begin, end = place, place + SEED_BYTES
        while begin > 0 and begin + shift > first and page[begin - 1] == data[begin + shift - 1]:
            begin -= 1
        while page[end] != END_OF_TEXT and page[end] == data[end + shift]:
            end += 1
        covered = end
        while begin < end and not (page_starts[begin] and starts[begin + shift]):
            begin += 1
        while end > begin and not (page_starts[end] and starts[end + shift]):
            end -= 1
        tokens, before = 0, 0
        for at in range(begin + shift, end + shift):
            tokens += starts[at]
        is_whole = begin + shift == first and end + shift == ends[text]
        if is_whole or (tokens >= MIN_RUN_TOKENS and end - begin >= MIN_RUN_BYTES):
            for at in range(first, begin + shift):
                before += starts[at]
            runs[count] = text, begin, end, before, tokens
            count += 1
    return runs[:count]


