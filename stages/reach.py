"""What of the state of earlier batches shares a key with a batch: a few bits for each key tell.

A delivery is small beside all that came before it. A filter of its keys (:mod:`models.kernels`)
goes to where the state is read, and rows that share no key with the batch are not even given to
Spark. It misses none that do, and the few others that it lets pass meet nobody: no verdict hangs
on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from models.kernels.arrays import Int64Array, UInt64Array

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

MAX_KEY_BYTES = 512 << 20
"""Keys of a batch, as they lie on disk, up to which a filter is made: 380,000 documents' bands."""

MAX_WORDS = 1 << 24
"""128 MiB in every worker: 33 million keys, above which more passes than has to."""

PIECE_BYTES = 1 << 20


@dataclass(frozen=True)
class KeyReach:
    """The filter of a batch's keys, for a ``column`` of the state that holds such keys."""

    column: str
    words: UInt64Array

    def narrow(self, state: pa.RecordBatch) -> pa.RecordBatch:
        """The rows of state that may share a key with the batch."""
        from models.kernels.membership import may_know

        column = state.column(self.column)
        hashes = hashes_of(column)
        known = np.empty(len(hashes), np.bool_)
        may_know(self.words, hashes, known)
        if pa.types.is_list(column.type):
            counts = pc.fill_null(pc.list_value_length(column), 0).to_numpy()
            known_before = np.append(0, np.cumsum(known))
            ends = np.cumsum(counts)
            known = known_before[ends] > known_before[ends - counts]
        return state.filter(pa.array(known))


def reach_of_keys(keys: DataFrame, path: str, column: str) -> KeyReach:
    """What the keys at ``path``, in a frame of one partition, can meet in ``column`` of a state.

    Keys are hashes: 64-bit numbers, lists of them, or at least 8 bytes each.
    """
    pieces = keys.selectExpr(f"{path} AS key").mapInArrow(_fill, "words binary").toArrow()
    filled = b"".join(piece.as_buffer() for piece in pieces["words"])
    return KeyReach(column, np.frombuffer(filled, np.uint64))


def hashes_of(column: pa.Array) -> Int64Array:
    """The keys of a column in one row, as 64-bit numbers; lists may be null, keys are not."""
    if pa.types.is_list(column.type):
        column = pc.list_flatten(column)
    if pa.types.is_binary(column.type):
        heads = pc.binary_slice(column, 0, 8)
        return np.frombuffer(heads.buffers()[2] or b"", np.int64, count=len(heads))
    return np.asarray(column)


def _fill(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    from models.kernels.membership import add, new_filter

    found = [hashes_of(batch.column("key")) for batch in batches]
    words = new_filter(sum(map(len, found)), MAX_WORDS)
    for hashes in found:
        add(words, hashes)
    data = words.tobytes()
    for first in range(0, len(data), PIECE_BYTES):
        piece = pa.array([data[first : first + PIECE_BYTES]], pa.binary())
        yield pa.RecordBatch.from_arrays([piece], ["words"])
