"""The figures of packed sequences, read back from the file that says what lies in each."""

from __future__ import annotations

from collections import Counter

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
    with open_parquet(uri) as parquet:
        for batch in parquet.iter_batches(_READ_ROWS, columns=_COLUMNS):
            for row in batch.to_pylist():
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
