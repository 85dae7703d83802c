"""What is in exported shards: rows, tokens and characters, by language and category too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import pyarrow as pa

from curation.storage.manifest import Figure

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class ExportCounts:
    """Counts of rows; ``documents`` counts a document once, however many copies of it are rows."""

    documents: int = 0
    rows: int = 0
    tokens: int = 0
    chars: int = 0
    languages: Mapping[str, int] = field(default_factory=dict)
    language_tokens: Mapping[str, int] = field(default_factory=dict)
    categories: Mapping[str, int] = field(default_factory=dict)

    def figures(self) -> tuple[Figure, ...]:
        """What is said of them."""
        languages = sorted(self.language_tokens.items())
        return (
            Figure("rows", self.rows),
            Figure("tokens", self.tokens),
            Figure("characters", self.chars),
            *(Figure(f"{language} tokens", tokens) for language, tokens in languages),
        )


def count_rows(table: pa.Table) -> ExportCounts:
    """The counts of a table with some of the shard columns."""
    tokens = _values(table, "tokens", 0)
    languages = _values(table, "language", "")
    language_tokens: Counter[str] = Counter()
    for language, count in zip(languages, tokens, strict=True):
        language_tokens[language] += count
    return ExportCounts(
        documents=_values(table, "copy", 0).count(0),
        rows=table.num_rows,
        tokens=sum(tokens),
        chars=sum(map(len, _values(table, "text", ""))),
        languages=dict(Counter(languages)),
        language_tokens=dict(language_tokens),
        categories=dict(Counter(_values(table, "category", ""))),
    )


def total(counts: Iterable[ExportCounts]) -> ExportCounts:
    """The counts of several tables or shards together."""
    every = list(counts)
    return ExportCounts(
        documents=sum(one.documents for one in every),
        rows=sum(one.rows for one in every),
        tokens=sum(one.tokens for one in every),
        chars=sum(one.chars for one in every),
        languages=_added(one.languages for one in every),
        language_tokens=_added(one.language_tokens for one in every),
        categories=_added(one.categories for one in every),
    )


def _added(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for one in counts:
        sums.update(one)
    return dict(sums)


def _values(table: pa.Table, name: str, default: Value) -> list[Value]:
    if name not in table.schema.names:
        return [default] * table.num_rows
    return [default if value is None else value for value in table.column(name).to_pylist()]
