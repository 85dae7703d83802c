"""The items of benchmarks, and seeds by which those that a page may hold are found.

A *run* is a stretch of an item's tokens that stands in a page, nothing but spaces and punctuation
between them. Runs of fewer than ``MIN_RUN_TOKENS`` tokens or ``MIN_RUN_BYTES`` bytes are the common
coin of a language and say nothing. A *seed* is ``SEED_BYTES`` bytes of an item from the start of a
token on: every stretch that may be a run has one, so a page that is asked at each of its words
whether a seed begins there misses no run, and what a seed finds is then compared byte by byte.

Of a stretch the seed is taken that fewest stretches of all items begin with. One that more than
``MAX_SHARERS`` begin with ("which of the following is") is none: stretches of nothing but such are
instructions, of which no page can be accused, and which would make a page as slow as they are many.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from models.kernels.arrays import Int32Array, Int64Array, UInt8Array, UInt32Array, UInt64Array
from models.kernels.compile import inlined, kernel
from stages.decontaminate.benchmark_files import Benchmark, Item, read_items
from stages.decontaminate.canonical import END_OF_TEXT, Canonical, canonical_tokens

SEED_BYTES = 14
MIN_RUN_BYTES = 20
MIN_RUN_TOKENS = 5
MAX_SHARERS = 100

PARTS = ("question", "answer")
"""What a text is of its item: the even texts of the index are questions, the odd ones answers."""

_ITEMS_AT_ONCE = 10_000
BASE = np.uint64(0x9E3779B97F4A7C15)
"""Of the polynomial that is the hash of a window."""
_MIX, _OTHER_MIX = np.uint64(0xD6E8FEB86659FD93), np.uint64(0xA0761D6478BD642F)
_1, _6, _38, _63 = (np.uint64(number) for number in (1, 6, 38, 63))
_MAX_COUNT = 255  # of a uint8
_MAX_SKETCH_BITS = 26


class Seeds(NamedTuple):
    """The seeds in the order of their hashes, and a table that leads from a hash to them.

    ``places`` (seeds,) are where they begin; those of equal hash stand together, and ``firsts``
    (hashes + 1,) says where. ``slots`` lead from a hash to its number, -1 for none; ``filter`` has
    a bit set for each hash, so that most look-ups touch nothing else.
    """

    places: UInt32Array
    firsts: UInt32Array
    slots: Int32Array
    filter: UInt64Array


@dataclass(frozen=True, eq=False, slots=True)
class ItemIndex:
    """All texts of all items in canonical form, and what to find them by.

    Text 2 i is the question of item i, text 2 i + 1 its answer. ``tokens`` (texts,) counts theirs;
    ``firsts`` (benchmarks + 1,) says which items are whose. ``skipped`` counts, by benchmark, those
    whose question is shorter than asked for.
    """

    benchmarks: tuple[str, ...]
    ids: pa.ChunkedArray
    firsts: tuple[int, ...]
    skipped: tuple[int, ...]
    texts: Canonical
    tokens: Int32Array
    seeds: Seeds

    @property
    def bytes(self) -> int:
        """What it takes of memory."""
        arrays = (
            *(self.texts.data, self.texts.starts, self.texts.ends, self.tokens, self.seeds.places),
            *(self.seeds.firsts, self.seeds.slots, self.seeds.filter, self.ids),
        )
        return sum(array.nbytes for array in arrays)


def make_index(benchmarks: Iterable[Benchmark], ngram_tokens: int, min_tokens: int) -> ItemIndex:
    """The index of all items of some benchmarks.

    Questions from ``min_tokens`` on are looked for, and answers from ``ngram_tokens`` on; shorter
    answers are there to be compared with what stands behind a question. Raises BenchmarkError.
    """
    names: list[str] = []
    firsts, skipped = [0], list[int]()
    forms: list[Canonical] = []
    ids: list[pa.Array] = []
    for benchmark in benchmarks:
        names.append(benchmark.name)
        count = short = 0
        for items in _chunks(read_items(benchmark)):
            forms.append(canonical_tokens([text for i in items for text in (i.question, i.answer)]))
            ids.append(pa.array([item.id for item in items], pa.string()))
            count += len(items)
            short += int(np.count_nonzero(~_is_long_enough(forms[-1], min_tokens)[::2]))
        firsts.append(firsts[-1] + count)
        skipped.append(short)
    texts = _together(forms)
    chosen = _is_long_enough(texts, min_tokens)
    chosen[1::2] = _is_long_enough(texts, ngram_tokens)[1::2]
    return ItemIndex(
        tuple(names),
        pa.chunked_array(ids, pa.string()),
        tuple(firsts),
        tuple(skipped),
        texts,
        count_tokens(texts),
        make_seeds(texts, chosen, ngram_tokens),
    )


def _chunks(items: Iterator[Item]) -> Iterator[list[Item]]:
    while chunk := list(islice(items, _ITEMS_AT_ONCE)):
        yield chunk


def _together(forms: list[Canonical]) -> Canonical:
    """The texts of some forms in one; places of 32 bits lead to them."""
    nothing = np.empty(0, np.uint8)
    data = np.concatenate([nothing, *(form.data for form in forms)])
    starts = np.concatenate([nothing, *(form.starts for form in forms)])
    if len(data) >= 1 << 32:
        raise ValueError(f"{len(data):,} bytes of benchmark items: 4 GiB at most can be indexed")
    return Canonical(data, starts, np.flatnonzero(data == END_OF_TEXT))


def count_tokens(texts: Canonical) -> Int32Array:
    """The tokens of each text, (texts,)."""
    starts = np.append(np.flatnonzero(texts.starts), len(texts.data))
    ends = np.searchsorted(starts, texts.ends)  # the end of a text is a start as well
    return np.diff(ends, prepend=-1).astype(np.int32) - 1


def _sizes(texts: Canonical) -> Int64Array:
    """The bytes of each text, (texts,)."""
    return np.diff(texts.ends, prepend=-1) - 1


def _is_long_enough(texts: Canonical, min_tokens: int) -> np.ndarray:
    """Whether each text has so many tokens, and the bytes of a seed, (texts,)."""
    return (count_tokens(texts) >= min_tokens) & (_sizes(texts) >= SEED_BYTES)


def make_seeds(texts: Canonical, chosen: np.ndarray, ngram_tokens: int) -> Seeds:
    """Seeds of the ``chosen`` texts; one of fewer than ``ngram_tokens`` tokens is found whole."""
    in_runs = chosen & (count_tokens(texts) >= ngram_tokens) & (_sizes(texts) >= MIN_RUN_BYTES)
    bits = min(_MAX_SKETCH_BITS, max(10, len(texts.data).bit_length()))
    sketch = np.zeros((2, 1 << bits), np.uint8)
    _count_windows(texts.data, texts.starts, texts.ends, chosen, sketch)
    places, hashes = _choose_seeds(texts.data, texts.starts, texts.ends, chosen, in_runs, sketch)
    order = np.argsort(hashes, kind="stable")
    places, hashes = places[order], hashes[order]
    is_first = np.ones(len(hashes), np.bool_)
    is_first[1:] = hashes[1:] != hashes[:-1]
    firsts = np.append(np.flatnonzero(is_first), len(hashes)).astype(np.uint32)
    size = 1 << max(6, (2 * len(firsts) - 1).bit_length())
    slots = np.full(size, np.int32(-1))
    bits_of = np.zeros(size * 8 // 64, np.uint64)
    _fill(hashes[is_first], slots, bits_of)
    return Seeds(places, firsts, slots, bits_of)


@inlined
def window_hash(data: UInt8Array, place: int) -> np.uint64:
    """The hash of the seed that would begin at a place."""
    value = np.uint64(0)
    for at in range(place, place + SEED_BYTES):
        value = value * BASE + np.uint64(data[at])
    return value


@inlined
def slot_bits(value: np.uint64) -> np.uint64:
    """A hash of a hash, whose low bits are as good as any."""
    value = (value ^ (value >> np.uint64(32))) * _MIX
    return value ^ (value >> np.uint64(29))


@inlined
def _count_of(sketch: np.ndarray, value: np.uint64) -> np.uint8:
    """About how many windows have that hash, never too few: a count-min sketch of two rows."""
    mask = np.uint64(sketch.shape[1] - 1)
    return min(sketch[0, slot_bits(value) & mask], sketch[1, (value * _OTHER_MIX) >> _38 & mask])


@kernel()
def _count_windows(
    data: UInt8Array, starts: UInt8Array, ends: Int64Array, chosen: np.ndarray, sketch: np.ndarray
) -> None:
    """Count the windows that begin with tokens, up to 255."""
    mask = np.uint64(sketch.shape[1] - 1)
    first = 0
    for text in range(len(ends)):
        if chosen[text]:
            for place in range(first, ends[text] - SEED_BYTES + 1):
                if starts[place]:
                    value = window_hash(data, place)
                    one = slot_bits(value) & mask
                    other = (value * _OTHER_MIX) >> _38 & mask
                    sketch[0, one] += sketch[0, one] < _MAX_COUNT
                    sketch[1, other] += sketch[1, other] < _MAX_COUNT
        first = ends[text] + 1


@inlined
def _next_start(starts: UInt8Array, place: int) -> int:
    """Where the token behind the one at a place begins; behind the last stands the text's end."""
    place += 1
    while not starts[place]:
        place += 1
    return place


@inlined
def _is_run(tokens: int, size: int) -> bool:
    return tokens >= MIN_RUN_TOKENS and size >= MIN_RUN_BYTES


@inlined
def _rarest_window(
    data: UInt8Array, starts: UInt8Array, begin: int, end: int, sketch: np.ndarray
) -> int:
    """The window of a stretch that fewest begin with, of equals the last; -1 if all are common."""
    best, best_count = -1, MAX_SHARERS
    for place in range(begin, end - SEED_BYTES + 1):
        if starts[place]:
            count = _count_of(sketch, window_hash(data, place))
            if count <= best_count:
                best, best_count = place, count  # type: ignore[assignment]
    return best


@kernel()
def _choose_seeds(
    data: UInt8Array,
    starts: UInt8Array,
    ends: Int64Array,
    chosen: np.ndarray,
    in_runs: np.ndarray,
    sketch: np.ndarray,
) -> tuple[UInt32Array, UInt64Array]:
    """A seed in each ``chosen`` text; of one that is found in runs, in every least run."""
    places = np.empty(np.count_nonzero(starts), np.uint32)
    hashes = np.empty(len(places), np.uint64)
    count = first = 0
    for text in range(len(ends)):
        begin, end, tokens, last = first, first, 0, -1
        first = ends[text] + 1
        if not chosen[text]:
            continue
        if not in_runs[text]:
            end, tokens = ends[text], MIN_RUN_TOKENS
        while True:
            while end < ends[text] and not _is_run(tokens, end - begin):
                end = _next_start(starts, end)
                tokens += 1
            if in_runs[text] and not _is_run(tokens, end - begin):
                break
            if last < begin:  # else the seed before lies in this run too
                seed = _rarest_window(data, starts, begin, end, sketch)
                if seed >= 0:
                    places[count], hashes[count] = seed, window_hash(data, seed)
                    count += 1
                    last = seed
            if not in_runs[text]:
                break
            begin = _next_start(starts, begin)
            tokens -= 1
    return places[:count].copy(), hashes[:count].copy()


@kernel()
def _fill(hashes: UInt64Array, slots: Int32Array, bits: UInt64Array) -> None:
    mask, bit_mask = np.uint64(len(slots) - 1), np.uint64(len(bits) * 64 - 1)
    for number in range(len(hashes)):
        spread = slot_bits(hashes[number])
        bit = spread & bit_mask
        bits[bit >> _6] |= _1 << (bit & _63)
        slot = spread & mask
        while slots[slot] >= 0:
            slot = (slot + _1) & mask
        slots[slot] = number
