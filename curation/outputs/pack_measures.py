"""The figures of packed sequences, read back from the file that says what lies in each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from curation.outputs.packing import PackingFigures
from curation.storage.parquet import open_parquet

_READ_ROWS = 1_024
_COLUMNS = ["length", "doc_ids", "copies", "piece_lengths"]


def measure_packed(uri: str, documents: int, capacity: int) -> PackingFigures:
    """What ``packing.measure`` said of a file of sequences, made of that many documents."""
    tokens: Counter[tuple[str, int]] = Counter()
    sequences: Counter[tuple[str, int]] = Counter()
    pieces: Counter[tuple[str, int]] = Counter()
    count = held = 0
    for row in _rows_of(uri, _COLUMNS):
        names = list(zip(row["doc_ids"], row["copies"], strict=True))
        pieces.update(names)
        sequences.update(set(names))
        for name, length in zip(names, row["piece_lengths"], strict=True):
            tokens[name] += length
        count, held = count + 1, held + row["length"]
    split = [name for name, number in sequences.items() if number > 1]
    return PackingFigures(
        documents=documents,
        tokens=tokens.total(),
        sequences=count,
        places=count * capacity,
        split_documents=len(split),
        needless_splits=sum(tokens[name] <= capacity for name in split),
        knotted_documents=sum(number > sequences[name] for name, number in pieces.items()),
        knot_tokens=held - tokens.total(),
    )


def lengths_of(uri: str, shard: str) -> list[int]:
    """The tokens of each row of a shard, as a file of its sequences has them.

    Of rows that have one ``doc_id`` and copy number, which a crawl with two records of one id
    makes, the first is said to have the tokens of all.
    """
    lengths = Counter[tuple[str, int]]()
    for row in _rows_of(uri, ["doc_ids", "copies", "piece_lengths"]):
        names = zip(row["doc_ids"], row["copies"], strict=True)
        for name, length in zip(names, row["piece_lengths"], strict=True):
            lengths[name] += length
    rows = _rows_of(shard, ["doc_id", "copy"])
    return [lengths.pop((row["doc_id"], row["copy"]), 0) for row in rows]


def _rows_of(uri: str, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    with open_parquet(uri) as parquet:
        for batch in parquet.iter_batches(_READ_ROWS, columns=list(columns)):
            yield from batch.to_pylist()
