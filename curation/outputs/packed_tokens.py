"""The tokens of packed documents by what the shard says of them: their language and page type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice

from curation.storage.manifest import TokenCount
from curation.storage.parquet import open_parquet

_READ_ROWS = 1_024
_COLUMNS = ("language", "page_type")


def count_tokens(shard: str, lengths: Iterable[int]) -> tuple[TokenCount, ...]:
    """The rows of a shard and their tokens by language and page type, as far as it has these.

    ``lengths`` are the tokens of each row, in their order.
    """
    left = iter(lengths)
    rows, tokens = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    with open_parquet(shard) as parquet:
        columns = [name for name in _COLUMNS if name in parquet.schema_arrow.names]
        if not columns:
            return ()
        for batch in parquet.iter_batches(_READ_ROWS, columns=columns):
            counts = list(islice(left, batch.num_rows))
            for column in columns:
                for value, count in zip(batch[column].to_pylist(), counts, strict=True):
                    rows[column, value or ""] += 1
                    tokens[column, value or ""] += count
    return _as_counts(rows, tokens)


def add_up(counts: Iterable[TokenCount]) -> tuple[TokenCount, ...]:
    """The counts of several shards together."""
    rows, tokens = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for one in counts:
        rows[one.column, one.value] += one.rows
        tokens[one.column, one.value] += one.tokens
    return _as_counts(rows, tokens)


def _as_counts(
    rows: Mapping[tuple[str, str], int], tokens: Mapping[tuple[str, str], int]
) -> tuple[TokenCount, ...]:
    return tuple(TokenCount(*group, rows[group], tokens[group]) for group in sorted(rows))
