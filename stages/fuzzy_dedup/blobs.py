"""Records in blobs: what travels between the chunks of documents and the slices of bands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from stages.fuzzy_dedup.band_members import LOSS, MEMBER

BLOB = pa.schema(
    [("slice", pa.int32()), ("chunk", pa.int64()), ("kind", pa.int8()), ("records", pa.binary())]
)
BLOB_COLUMNS = "slice int, chunk long, kind byte, records binary"
MAX_BLOB_BYTES = 1 << 20
BATCH_BYTES = 4 << 20
BATCH_BLOBS = 4096


class BlobKind(IntEnum):
    """What the records of a blob are; `BlobKind.LOSSES` are LOSS, all others MEMBER."""

    SINGLES = 0
    ASKERS = 1
    HELD = 2
    LOSSES = 3
    ANSWERS = 4


_DTYPES: Mapping[BlobKind, np.dtype] = dict.fromkeys(BlobKind, MEMBER) | {BlobKind.LOSSES: LOSS}


class Blob(NamedTuple):
    """Records of one kind of one chunk, on their way to a slice or back."""

    slice: int
    chunk: int
    kind: BlobKind
    records: np.ndarray


def cut(blob: Blob) -> Iterator[Blob]:
    """The blob in blobs of up to a megabyte; none for no records."""
    step = MAX_BLOB_BYTES // blob.records.itemsize
    for first in range(0, len(blob.records), step):
        yield blob._replace(records=blob.records[first : first + step])


def read_blobs(batches: Iterable[pa.RecordBatch]) -> Iterator[Blob]:
    """The blobs of Arrow batches of `BLOB`."""
    for batch in batches:
        columns = [batch.column(name).to_pylist() for name in BLOB.names[:3]]
        for number, chunk, kind, records in zip(*columns, batch.column("records"), strict=True):
            data = np.frombuffer(records.as_buffer(), _DTYPES[BlobKind(kind)])
            yield Blob(number, chunk, BlobKind(kind), data)


def write_blobs(blobs: Iterable[Blob]) -> Iterator[pa.RecordBatch]:
    """Arrow batches of some megabytes."""
    waiting: list[Blob] = []
    size = 0
    for blob in blobs:
        waiting.append(blob)
        size += blob.records.nbytes
        if size >= BATCH_BYTES or len(waiting) == BATCH_BLOBS:
            yield _to_batch(waiting)
            waiting, size = [], 0
    if waiting:
        yield _to_batch(waiting)


def _to_batch(blobs: Sequence[Blob]) -> pa.RecordBatch:
    slices, chunks, kinds, records = zip(*blobs, strict=True)
    data = [record.tobytes() for record in records]
    columns = (slices, chunks, [int(kind) for kind in kinds], data)
    return pa.RecordBatch.from_pydict(dict(zip(BLOB.names, columns, strict=True)), schema=BLOB)
