"""The items of benchmarks in canonical form, and the seeds by which a page's are found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pyarrow as pa

from models.kernels.arrays import Int32Array, Int64Array
from stages.decontaminate.benchmark_files import Benchmark, Item, read_items
from stages.decontaminate.canonical import END_OF_TEXT, Canonical, canonical_tokens
from stages.decontaminate.seeds import MIN_RUN_BYTES, SEED_BYTES, Seeds, make_seeds

PARTS = ("question", "answer")
"""What a text is of its item: the even texts of the index are questions, the odd ones answers."""

_ITEMS_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class ItemCount:
    """How many items a benchmark has, and of how many the question is too short."""

    items: int
    too_short: int


@dataclass(frozen=True, eq=False, slots=True)
class ItemIndex:
    """All texts of all items in canonical form, and what to find them by.

    Text 2 i is the question of item i, text 2 i + 1 its answer. ``tokens`` (texts,) counts theirs;
    ``firsts`` (benchmarks + 1,) says which items are whose.
    """

    benchmarks: tuple[str, ...]
    ids: pa.ChunkedArray
    firsts: tuple[int, ...]
    texts: Canonical
    tokens: Int32Array
    seeds: Seeds

    @property
    def bytes(self) -> int:
        """What it takes of memory."""
        arrays = (
            *(self.texts.data, self.texts.starts, self.texts.ends, self.tokens, self.ids),
            *self.seeds,
        )
        return sum(array.nbytes for array in arrays)


def count_items(benchmark: Benchmark, min_tokens: int) -> ItemCount:
    """How many items there are, and of how many the question has fewer tokens. Keeps none.

    Raises BenchmarkError.
    """
    count = short = 0
    for items in _chunks(benchmark):
        questions = canonical_tokens([item.question for item in items])
        count += len(items)
        is_short = (count_tokens(questions) < min_tokens) | (_sizes(questions) < SEED_BYTES)
        short += int(np.count_nonzero(is_short))
    return ItemCount(count, short)


def make_index(benchmarks: Iterable[Benchmark], ngram_tokens: int, min_tokens: int) -> ItemIndex:
    """The index of all items of some benchmarks.

    Questions from ``min_tokens`` on are looked for, and answers from ``ngram_tokens`` on; shorter
    answers are there to be compared with what stands behind a question. Raises BenchmarkError.
    """
    names: list[str] = []
    firsts = [0]
    forms: list[Canonical] = []
    ids: list[pa.Array] = []
    for benchmark in benchmarks:
        names.append(benchmark.name)
        firsts.append(firsts[-1])
        for items in _chunks(benchmark):
            forms.append(canonical_tokens([text for i in items for text in (i.question, i.answer)]))
            ids.append(pa.array([item.id for item in items], pa.string()))
            firsts[-1] += len(items)
    texts = _together(forms)
    forms.clear()
    tokens, sizes = count_tokens(texts), _sizes(texts)
    chosen = (tokens >= min_tokens) & (sizes >= SEED_BYTES)
    chosen[1::2] &= tokens[1::2] >= ngram_tokens
    # One of fewer tokens than an n-gram is found whole.
    seeds = make_seeds(texts, chosen, chosen & (tokens >= ngram_tokens) & (sizes >= MIN_RUN_BYTES))
    all_ids = pa.chunked_array(ids, pa.string())
    return ItemIndex(tuple(names), all_ids, tuple(firsts), texts, tokens, seeds)


def _chunks(benchmark: Benchmark) -> Iterator[list[Item]]:
    items = read_items(benchmark)
    while chunk := list(islice(items, _ITEMS_AT_ONCE)):
        yield chunk


def _together(forms: Sequence[Canonical]) -> Canonical:
    """The texts of some forms in one; places of 32 bits lead to them."""
    nothing = np.empty(0, np.uint8)
    data = np.concatenate([nothing, *(form.data for form in forms)])
    starts = np.concatenate([nothing, *(form.starts for form in forms)])
    if len(data) >= 1 << 32:
        raise ValueError(f"{len(data):,} bytes of benchmark items: 4 GiB at most can be indexed")
    return Canonical(data, starts, np.flatnonzero(data == END_OF_TEXT))


def count_tokens(texts: Canonical) -> Int32Array:
    """The tokens of each text, (texts,)."""
    if not len(texts.ends):
        return np.empty(0, np.int32)
    firsts = np.append(0, texts.ends[:-1] + 1)
    # The end of a text is a start as well.
    return np.add.reduceat(texts.starts, firsts, dtype=np.int32) - 1


def _sizes(texts: Canonical) -> Int64Array:
    """The bytes of each text, (texts,)."""
    return np.diff(texts.ends, prepend=-1) - 1
