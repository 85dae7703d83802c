"""What is in exported shards: rows, tokens and characters, by language, kind and class too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

import pyarrow as pa

from curation.storage.manifest import Figure, TokenCount

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class ExportCounts:
    """Counts of rows; ``documents`` counts a document once, however many copies of it are rows.

    ``copies`` are documents by how many copies they have, ``sources`` the files of the crawl.
    """

    documents: int = 0
    rows: int = 0
    tokens: int = 0
    chars: int = 0
    languages: Mapping[str, int] = field(default_factory=dict)
    language_tokens: Mapping[str, int] = field(default_factory=dict)
    page_types: Mapping[str, int] = field(default_factory=dict)
    page_type_tokens: Mapping[str, int] = field(default_factory=dict)
    categories: Mapping[str, int] = field(default_factory=dict)
    category_tokens: Mapping[str, int] = field(default_factory=dict)
    batches: Mapping[str, int] = field(default_factory=dict)
    batch_tokens: Mapping[str, int] = field(default_factory=dict)
    copies: Mapping[str, int] = field(default_factory=dict)
    sources: Mapping[str, int] = field(default_factory=dict)
    source_tokens: Mapping[str, int] = field(default_factory=dict)

    def figures(self) -> tuple[Figure, ...]:
        """What is said of them."""
        languages = sorted(self.language_tokens.items())
        return (
            Figure("rows", self.rows),
            Figure("tokens", self.tokens),
            Figure("characters", self.chars),
            *(Figure(f"{language} tokens", tokens) for language, tokens in languages),
        )

    def by_group(self) -> tuple[TokenCount, ...]:
        """Rows and tokens by language, and by page type."""
        groups = (
            ("language", self.languages, self.language_tokens),
            ("page_type", self.page_types, self.page_type_tokens),
        )
        return tuple(
            TokenCount(column, value, rows[value], tokens[value])
            for column, rows, tokens in groups
            for value in sorted(rows)
        )


def count_rows(table: pa.Table) -> ExportCounts:
    """The counts of a table with some of the shard columns."""
    tokens = _values(table, "tokens", 0)
    languages = _values(table, "language", "")
    page_types = _values(table, "page_type", "")
    categories = _values(table, "category", "")
    batches = _values(table, "batch", "")
    sources = _values(table, "warc_filename", "")
    firsts = [copy == 0 for copy in _values(table, "copy", 0)]
    copies = zip(firsts, _values(table, "copies", 1), strict=True)
    return ExportCounts(
        documents=sum(firsts),
        rows=table.num_rows,
        tokens=sum(tokens),
        chars=sum(map(len, _values(table, "text", ""))),
        languages=dict(Counter(languages)),
        language_tokens=_tokens_by(languages, tokens),
        page_types=dict(Counter(page_types)),
        page_type_tokens=_tokens_by(page_types, tokens),
        categories=dict(Counter(categories)),
        category_tokens=_tokens_by(categories, tokens),
        batches=dict(Counter(batches)),
        batch_tokens=_tokens_by(batches, tokens),
        copies=dict(Counter(str(count) for first, count in copies if first)),
        sources=dict(Counter(sources)),
        source_tokens=_tokens_by(sources, tokens),
    )


def total(counts: Iterable[ExportCounts]) -> ExportCounts:
    """The counts of several tables or shards together."""
    sums: dict[str, Any] = {}
    for one in counts:
        for each in fields(one):
            value = getattr(one, each.name)
            if isinstance(value, int):
                sums[each.name] = sums.get(each.name, 0) + value
            else:
                sums.setdefault(each.name, Counter()).update(value)
    merged: dict[str, Any] = {n: v if isinstance(v, int) else dict(v) for n, v in sums.items()}
    return ExportCounts(**merged)


def _tokens_by(values: Sequence[str], tokens: Sequence[int]) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for value, count in zip(values, tokens, strict=True):
        sums[value] += count
    return dict(sums)


def _values(table: pa.Table, name: str, default: Value) -> list[Value]:
    if name not in table.schema.names:
        return [default] * table.num_rows
    return [default if value is None else value for value in table.column(name).to_pylist()]
