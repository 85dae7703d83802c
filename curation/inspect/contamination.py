"""Which benchmarks a run's documents hold items of, and how many, as the report shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from curation.summaries.documents import BENCHMARK_ITEMS, BENCHMARKS
from schemas.verdict import Decision


@dataclass(frozen=True, slots=True)
class BenchmarkRate:
    """How many documents hold items of a benchmark, how many of them stay, and of how many items.

    ``ratio`` is the share of all documents that came into the step which looked for items.
    """

    benchmark: str
    items: int
    documents: int
    kept: int
    ratio: float


def benchmark_rates(labels: Sequence[pa.Table], documents: Sequence[int]) -> list[BenchmarkRate]:
    """The rates by benchmark, by name, as the step saw them that looked for items.

    ``labels`` are those of the summaries of a run's steps in order, ``documents`` their sizes.
    """
    for table, size in zip(labels, documents, strict=True):
        found, kept, items = Counter[str](), Counter[str](), dict[str, set[str]]()
        for row in table.to_pylist():
            if row["column"] == BENCHMARKS:
                found[row["value"]] += row["pages"]
                kept[row["value"]] += row["pages"] * (row["decision"] == Decision.KEEP)
            elif row["column"] == BENCHMARK_ITEMS:
                benchmark = row["value"].split("/", 1)[0]
                items.setdefault(benchmark, set()).add(row["value"])
        if found:
            return [
                BenchmarkRate(name, len(items[name]), found[name], kept[name], found[name] / size)
                for name in sorted(found)
            ]
    return []
