"""The runs of items in a page: seeds found by their hashes, then compared byte by byte."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.kernels.arrays import BoolArray, Int32Array, Int64Array, UInt8Array, UInt64Array
from models.kernels.compile import inlined, kernel
from stages.decontaminate.canonical import END_OF_TEXT, Canonical
from stages.decontaminate.index import ItemIndex
from stages.decontaminate.seeds import (
    BASE,
    MIN_RUN_BYTES,
    MIN_RUN_TOKENS,
    SEED_BYTES,
    Seeds,
    bucket_of,
    may_agree,
    may_begin,
    neighbours,
    place_of,
    spread_of,
)

_PLACE_BITS = np.uint64(31)
_PLACE = np.uint64((1 << 31) - 1)
_ROOM = 64  # of finds; a page that has more gets more


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


def find_runs(
    page: Canonical, index: ItemIndex, min_in_a_row: int = 0, min_ratio: float = 0.0
) -> list[Run]:
    """All runs of texts in one page, by text, then by where they begin.

    Those of a text are left out if none has ``min_in_a_row`` tokens, or all of the text's, and all
    of them together not ``min_ratio`` of its tokens. A page has less than 2 GiB.
    """
    texts = index.texts
    finds = _find_seeds(page.data, page.starts, texts.data, index.seeds)
    if not len(finds):
        return []
    finds.sort()
    rows = _extend(page.data, page.starts, texts.data, texts.starts, texts.ends, finds)
    rows = rows[np.argsort(rows[:, 0] << 32 | rows[:, 1], kind="stable")]
    rows = rows[_have_enough(rows, index.tokens, min_in_a_row, min_ratio)]
    return [Run(*row) for row in rows.tolist()]


@kernel()
def ask_filter(
    page: UInt8Array, page_starts: UInt8Array, filter_words: UInt64Array
) -> tuple[Int64Array, UInt64Array]:
    """The words of a page with which a seed may begin: their places, the hashes from there on.

    Both loops write all and count what stays: they have no branch to foresee, and the filter's
    words are under way together.
    """
    places, spreads = np.empty(len(page), np.int64), np.empty(len(page), np.uint64)
    leaving = np.uint64(1)  # what a byte counts in the hash of the window that it leaves
    for _ in range(SEED_BYTES):
        leaving *= BASE
    value = np.uint64(0)
    for at in range(min(SEED_BYTES - 1, len(page))):
        value = value * BASE + np.uint64(page[at])
    count, left = 0, np.uint64(0)
    for place in range(len(page) - SEED_BYTES):  # the last byte is the page's end
        value = value * BASE + np.uint64(page[place + SEED_BYTES - 1]) - left
        left = leaving * np.uint64(page[place])
        places[count], spreads[count] = place, value
        count += page_starts[place]
    passing = 0
    for number in range(count):
        spread = spread_of(spreads[number])
        places[passing], spreads[passing] = places[number], spread
        passing += may_begin(filter_words, spread)
    return places[:passing], spreads[:passing]


@kernel()
def _find_seeds(
    page: UInt8Array, page_starts: UInt8Array, data: UInt8Array, seeds: Seeds
) -> UInt64Array:
    """The seeds that stand in the page and may be in runs, (finds,).

    The high bits of a find say how far its place in the index is from that in the page (and as much
    more as the page is long, so that it is never negative); the low ones are its place in the page.
    So those of one run follow each other when they are sorted.
    """
    places, spreads = ask_filter(page, page_starts, seeds.filter)
    finds = np.empty(_ROOM, np.uint64)
    count = 0
    for number in range(len(places)):
        place: int = places[number]
        bucket = bucket_of(seeds.firsts, spreads[number])
        around = neighbours(page, place)
        for entry in seeds.entries[seeds.firsts[bucket] : seeds.firsts[bucket + 1]]:
            if may_agree(entry, around) and _may_be_run(page, place, data, place_of(entry)):
                if count == len(finds):
                    finds = np.append(finds, np.empty_like(finds))
                shift = np.uint64(place_of(entry) - place + len(page))
                finds[count] = shift << _PLACE_BITS | np.uint64(place)
                count += 1
    return finds[:count]


@inlined
def _may_be_run(page: UInt8Array, place: int, data: UInt8Array, seed: int) -> bool:
    """Whether a seed stands there, with as many equal bytes as a run has or all of a text."""
    left = right = 0
    while right < MIN_RUN_BYTES and page[place + right] == data[seed + right]:
        if data[seed + right] == END_OF_TEXT:
            break
        right += 1
    if right < SEED_BYTES:
        return False
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
    finds: UInt64Array,
) -> Int64Array:
    """The longest run around each find that no run before it covers, (runs, 5) as in `Run`."""
    runs = np.empty((len(finds), 5), np.int64)
    count = covered = 0
    shift_before, text = len(page), -1  # of no find
    for find in finds:
        place: int = np.int64(find & _PLACE)  # type: ignore[assignment]
        shift: int = np.int64(find >> _PLACE_BITS) - len(page)  # type: ignore[assignment]
        if text < 0 or shift != shift_before or place + shift > ends[text]:
            text = np.searchsorted(ends, place + shift)  # type: ignore[assignment]
            shift_before, covered = shift, 0
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


@kernel()
def _have_enough(
    rows: Int64Array, totals: Int32Array, min_in_a_row: int, min_ratio: float
) -> BoolArray:
    """Whether the text of each run has enough of them, (runs,)."""
    enough = np.empty(len(rows), np.bool_)
    first = 0
    while first < len(rows):
        text, longest, tokens, end = rows[first, 0], 0, 0, first
        while end < len(rows) and rows[end, 0] == text:
            longest, tokens = max(longest, rows[end, 4]), tokens + rows[end, 4]
            end += 1
        is_long = longest >= min(min_in_a_row, totals[text])
        enough[first:end] = is_long or tokens >= min_ratio * totals[text]
        first = end
    return enough
