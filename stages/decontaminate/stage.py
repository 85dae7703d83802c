"""The stage ``decontaminate``: documents that hold items of benchmarks are removed, or marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, ClassVar, Literal

import pyarrow as pa
from annotated_types import Unit

from conf import digest_file
from schemas.verdict import Verdict, keep, remove
from stages.base import DocumentStage, Judge, Positive, Ratio, Row, one_by_one
from stages.decontaminate.benchmark_files import (
    Benchmark,
    BenchmarkError,
    list_benchmark_files,
)
from stages.decontaminate.canonical import canonical, original_places
from stages.decontaminate.evidence import Hit, Limits, find_hits
from stages.decontaminate.index import ItemCount, ItemIndex, count_items, make_index

MAX_HITS = 20
"""Items of which the columns tell; the detail says how many there are."""
MAX_OVERLAP_CHARS = 300
"""Of the text that page and item share, as the page has it."""
_MAX_CHARS_IN_DETAIL = 100


class DecontaminateReason(StrEnum):
    """Why a document was removed."""

    BENCHMARK_QUESTION = "benchmark_question"
    BENCHMARK_ANSWER = "benchmark_answer"


REASONS: Mapping[str, DecontaminateReason] = {
    "question": DecontaminateReason.BENCHMARK_QUESTION,
    "answer": DecontaminateReason.BENCHMARK_ANSWER,
}

Part = Literal["question", "answer"]

CONTAMINATION = pa.list_(
    pa.struct(
        [
            pa.field("benchmark", pa.string()),
            pa.field("item", pa.string()),
            pa.field("part", pa.string()),
            pa.field("tokens_found", pa.int32()),
            pa.field("tokens_in_a_row", pa.int32()),
            pa.field("tokens", pa.int32()),
            pa.field("has_answer", pa.bool_()),
            pa.field("start", pa.int64()),
            pa.field("overlap", pa.string()),
        ]
    )
)
"""Items that a document holds; ``start`` is the character of its text where ``overlap`` begins."""


def describe(hit: Hit, overlap: str) -> str:
    """What was found, in words."""
    found = hit.evidence
    row = "" if found.in_a_row == found.found else f", {found.in_a_row} in a row"
    tokens = f"{found.found} of {found.total} tokens{row}"
    answer = ", its answer behind it" if hit.has_answer else ""
    return f"{hit.part} of {hit.benchmark} {hit.item}: {tokens}{answer}: {overlap!r}"


@dataclass(frozen=True)
class Decontaminate(DocumentStage):
    """Remove, or only mark, documents that hold items of benchmarks.

    A question from ``min_tokens`` tokens on, and an answer from ``ngram_tokens`` on, is looked for
    in every document, case, width, accents, traditional characters, spaces and punctuation left
    aside. Source: GPT-3 (Brown et al., 2020, appendix C), which looks for runs of 13 words.
    Deviations: tokens of Chinese are jieba's; of an item that is longer, half must be there, for a
    quotation of 13 words is not an item (as Llama 3, section 5.1.4, asks for a share of tokens);
    shorter items count when they stand there whole, and rewritten ones by the share that is left.
    """

    name: ClassVar[str] = "decontaminate"
    reads: ClassVar[tuple[str, ...]] = ("text",)
    writes: ClassVar[Mapping[str, pa.DataType]] = {
        "benchmarks": pa.list_(pa.string()),
        "contamination": CONTAMINATION,
    }

    benchmarks: tuple[Benchmark, ...] = ()
    """What is looked for: tables with ``name``, ``files``, and the columns that are ``question``,
    ``answer`` and ``id``. None ships; without any, every document stays."""
    removes: tuple[Part, ...] = ("question", "answer")
    """What a document leaves for; what is not here only marks it."""
    ngram_tokens: Annotated[Positive, Unit("tokens")] = 13
    """Tokens in a row that betray an item; a question of fewer must stand there whole, an answer of
    fewer is looked for behind its question only."""
    min_tokens: Annotated[Positive, Unit("tokens")] = 8
    """A shorter question is not looked for."""
    min_ngram_ratio: Ratio = 0.5
    """The share of an item's tokens that must stand around an n-gram; 0: any n-gram counts."""
    min_rewritten_ratio: Ratio = 0.75
    """The share of an item's tokens, in runs of five or more, that counts without an n-gram."""

    def __post_init__(self) -> None:
        """Raise ValueError for two benchmarks of one name."""
        names = [benchmark.name for benchmark in self.benchmarks]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"benchmarks: two are called {name!r}: give each its own name")

    def resources(self) -> Mapping[str, str]:
        """The digest of each file, under a name that says what is in its benchmark."""
        found: dict[str, str] = {}
        for benchmark, digests in zip(self.benchmarks, self._digests(), strict=True):
            count = _count_items(benchmark, self.min_tokens, tuple(digests.values()))
            if count.too_short == count.items:
                raise BenchmarkError(
                    f"benchmark {benchmark.name}: all {count.items} questions are shorter than "
                    f"min_tokens = {self.min_tokens}; lower it, or take it out"
                )
            name = f"benchmark {benchmark.name} ({count.items} items, {count.too_short} too short)"
            found |= {f"{name} {path.name}": digest for path, digest in digests.items()}
        return found

    def open(self) -> Judge:
        """Index the items."""
        if not self.benchmarks:
            return one_by_one(lambda _: keep(_columns([], [])))
        known = tuple(digest for of_one in self._digests() for digest in of_one.values())
        index = _load_index(self.benchmarks, self.ngram_tokens, self.min_tokens, known)
        limits = Limits(self.ngram_tokens, self.min_ngram_ratio, self.min_rewritten_ratio)

        def judge(rows: Sequence[Row]) -> list[Verdict]:
            return [self._judge_one(row["text"] or "", index, limits) for row in rows]

        return judge

    def _judge_one(self, text: str, index: ItemIndex, limits: Limits) -> Verdict:
        hits = find_hits(canonical([text]), index, limits)
        if not hits:
            return keep(_columns([], []))
        overlaps = _overlaps(text, hits)
        columns = _columns(hits, overlaps)
        removing = [number for number, hit in enumerate(hits) if hit.part in self.removes]
        if not removing:
            return keep(columns)
        hit, (start, overlap) = hits[removing[0]], overlaps[removing[0]]
        detail = describe(hit, overlap[:_MAX_CHARS_IN_DETAIL]) + f" at character {start}"
        more = f", and {len(removing) - 1} more" if len(removing) > 1 else ""
        return remove(REASONS[hit.part], detail + more, columns)

    def _digests(self) -> list[dict[Path, str]]:
        """The digest of each file of each benchmark."""
        return [
            {path: digest_file(path) for path in list_benchmark_files(one)}
            for one in self.benchmarks
        ]


@lru_cache(maxsize=256)
def _count_items(
    benchmark: Benchmark,
    min_tokens: int,
    digests: tuple[str, ...],  # noqa: ARG001 - files that have changed are read again
) -> ItemCount:
    return count_items(benchmark, min_tokens)


@lru_cache(maxsize=1)
def _load_index(
    benchmarks: tuple[Benchmark, ...],
    ngram_tokens: int,
    min_tokens: int,
    digests: tuple[str, ...],  # noqa: ARG001 - files that have changed are read again
) -> ItemIndex:
    return make_index(benchmarks, ngram_tokens, min_tokens)


def _overlaps(text: str, hits: Sequence[Hit]) -> list[tuple[int, str]]:
    """Where what page and item share begins, and the first characters of it, for each hit."""
    places = original_places(text)
    found = []
    for hit in hits:
        start, last = int(places[hit.evidence.start]), int(places[hit.evidence.end - 1])
        found.append((start, text[start : min(last + 1, start + MAX_OVERLAP_CHARS)]))
    return found


def _columns(hits: Sequence[Hit], overlaps: Sequence[tuple[int, str]]) -> Mapping[str, object]:
    """The columns of a document; null of one that holds no item."""
    if not hits:
        return {"benchmarks": None, "contamination": None}
    rows = [
        {
            "benchmark": hit.benchmark,
            "item": hit.item,
            "part": hit.part,
            "tokens_found": hit.evidence.found,
            "tokens_in_a_row": hit.evidence.in_a_row,
            "tokens": hit.evidence.total,
            "has_answer": hit.has_answer,
            "start": start,
            "overlap": overlap,
        }
        for hit, (start, overlap) in zip(hits[:MAX_HITS], overlaps, strict=False)
    ]
    return {"benchmarks": list(dict.fromkeys(hit.benchmark for hit in hits)), "contamination": rows}
