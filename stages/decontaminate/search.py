"""The runs of items in a page: seeds found by their hashes, then compared byte by byte."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from models.kernels.arrays import Int64Array, UInt8Array
from models.kernels.compile import inlined, kernel
from stages.decontaminate.canonical import END_OF_TEXT, Canonical
from stages.decontaminate.index import (
    BASE,
    MIN_RUN_BYTES,
    MIN_RUN_TOKENS,
    SEED_BYTES,
    ItemIndex,
    Seeds,
    slot_bits,
)

_1, _6, _63 = (np.uint64(number) for number in (1, 6, 63))
_ROOM = 4096  # not touched before it is used; with too little the page is read twice


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


class Tokens(NamedTuple):
    """The tokens of all runs of a text together, of the longest, and of the text."""

    runs: int
    longest: int
    total: int


Enough = Callable[[Tokens], bool]


def find_runs(page: Canonical, index: ItemIndex, enough: Enough = lambda _: True) -> list[Run]:
    """All runs of texts in one page, by text, then by where they begin.

    Those of texts of which there is not ``enough`` are left out.
    """
    rows = _find_rows(page, index)
    if not len(rows):
        return []
    starts = np.flatnonzero(np.diff(rows[:, 0], prepend=-1))
    sums, longest = (f.reduceat(rows[:, 4], starts) for f in (np.add, np.maximum))
    totals = index.tokens[rows[starts, 0]]
    chosen = np.array([enough(Tokens(*one)) for one in zip(sums, longest, totals, strict=True)])
    rows = rows[np.repeat(chosen, np.diff(starts, append=len(rows)))]
    return sorted((Run(*row) for row in rows.tolist()), key=lambda run: (run.text, run.start))


def _find_rows(page: Canonical, index: ItemIndex) -> Int64Array:
    """The runs as rows, (runs, 5), by text."""
    places, seeds = _find_seeds(page, index)
    if not len(places):
        return np.empty((0, 5), np.int64)
    texts = np.searchsorted(index.texts.ends, seeds)
    order = np.lexsort((places, seeds - places, texts))
    finds = np.stack([texts, seeds - places, places], axis=1)[order]
    data, starts, ends = index.texts.data, index.texts.starts, index.texts.ends
    return _extend(page.data, page.starts, data, starts, ends, finds)


def _find_seeds(page: Canonical, index: ItemIndex) -> tuple[Int64Array, Int64Array]:
    """Where seeds stand in the page, and which, by their places in the index, (finds,) each."""
    room = _ROOM
    while True:
        places, found = np.empty(room, np.int64), np.empty(room, np.int64)
        count = _look_up(page.data, page.starts, index.texts.data, index.seeds, places, found)
        if count <= room:
            return places[:count], found[:count]
        room = count


@kernel()
def _look_up(  # noqa: C901 -- one loop over a page
    page: UInt8Array,
    page_starts: UInt8Array,
    data: UInt8Array,
    seeds: Seeds,
    places: Int64Array,
    found: Int64Array,
) -> int:
    """Write the finds as long as there is room; returns how many there are."""
    count = 0
    seed_places, firsts, slots, bits = seeds
    mask, bit_mask = np.uint64(len(slots) - 1), np.uint64(len(bits) * 64 - 1)
    leaving = _1  # what a byte counts in the hash of the window that it leaves
    for _ in range(SEED_BYTES):
        leaving *= BASE
    value = np.uint64(0)
    for at in range(len(page) - 1):  # the last is its end
        place = at + 1 - SEED_BYTES
        value = value * BASE + np.uint64(page[at])
        if place > 0:
            value -= leaving * np.uint64(page[place - 1])
        if place < 0 or not page_starts[place]:
            continue
        # Here, and not in a function of its own: that would count references to each array.
        spread = slot_bits(value)
        bit = spread & bit_mask
        if not bits[bit >> _6] >> (bit & _63) & _1:
            continue
        slot = spread & mask
        while slots[slot] >= 0:
            group = slots[slot]
            if _is_there(page, place, data, seed_places[firsts[group]]):
                for number in range(firsts[group], firsts[group + 1]):
                    seed: int = np.int64(seed_places[number])  # type: ignore[assignment]
                    if _may_be_run(page, place, data, seed):
                        if count < len(places):
                            places[count], found[count] = place, seed
                        count += 1
                break
            slot = (slot + _1) & mask
    return count


@inlined
def _is_there(page: UInt8Array, place: int, data: UInt8Array, seed: int) -> bool:
    same = 0
    while same < SEED_BYTES and page[place + same] == data[seed + same]:
        same += 1
    return same == SEED_BYTES


@inlined
def _may_be_run(page: UInt8Array, place: int, data: UInt8Array, seed: int) -> bool:
    """Whether as many bytes are equal around a seed as a run has, or all of a shorter text."""
    left, right = 0, SEED_BYTES
    while left + right < MIN_RUN_BYTES and page[place + right] == data[seed + right]:
        if data[seed + right] == END_OF_TEXT:
            break
        right += 1
    while left + right < MIN_RUN_BYTES and place > left and seed > left:
        if page[place - left - 1] != data[seed - left - 1]:
            break
        left += 1
    is_from_start = seed == left or data[seed - left - 1] == END_OF_TEXT
    is_whole = is_from_start and data[seed + right] == END_OF_TEXT
    return left + right >= MIN_RUN_BYTES or is_whole


@kernel()
def _extend(
    page: UInt8Array,
    page_starts: UInt8Array,
    data: UInt8Array,
    starts: UInt8Array,
    ends: Int64Array,
    finds: Int64Array,
) -> Int64Array:
    """The longest run around each find that no run before it covers, (runs, 5) as in `Run`.

    ``finds`` (finds, 3) are text, shift (from a place of the page to one of the index) and place,
    in this order.
    """
    runs = np.empty((len(finds), 5), np.int64)
    count = covered = 0
    for find in range(len(finds)):
        text, shift, place = finds[find]
        if find == 0 or finds[find - 1, 0] != text or finds[find - 1, 1] != shift:
            covered = 0
        if place < covered:
            continue
        first = ends[text - 1] + 1 if text else 0
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
        tokens = _count(starts, begin + shift, end + shift)
        is_whole = begin + shift == first and end + shift == ends[text]
        if is_whole or (tokens >= MIN_RUN_TOKENS and end - begin >= MIN_RUN_BYTES):
            runs[count] = text, begin, end, _count(starts, first, begin + shift), tokens
            count += 1
    return runs[:count]


@inlined
def _count(starts: UInt8Array, begin: int, end: int) -> int:
    """The tokens that begin in a stretch."""
    tokens = 0
    for place in range(begin, end):
        tokens += starts[place]
    return tokens
