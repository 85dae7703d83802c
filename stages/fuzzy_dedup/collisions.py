"""Who collides with whom in some band, found by Spark from narrow records alone.

Members of bands travel in blobs of 32-byte records, and no band's members pile up in one task:

1. *deal*: each task cuts its documents into chunks. Where many of a chunk share a band, its best
   alone travels, to ask who wins that band, and the others are held back. The rest travels too, by
   slices of band keys.
2. *compare*: whoever receives a slice sends each loss, and each answer, back to its chunk.
3. *settle*: each chunk gives its answers to those it held back, and counts losses by winner.

So at most ``CROWD - 1`` members of a band leave a chunk, however many share it. Spark sorts blobs
by slice and by chunk, on disk where memory is short; one slice or chunk at a time is in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby, pairwise
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from stages.fuzzy_dedup.band_members import (
    LOSS,
    MEMBER,
    ORDER,
    THIS_BATCH,
    combine,
    count_losses,
    find_winners,
    make_losses,
    make_members,
    slice_edges,
    sort_by_band,
    take_answers,
)
from stages.fuzzy_dedup.blobs import BLOB_COLUMNS, Blob, BlobKind, cut, read_blobs, write_blobs

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

CHUNK_MEMBERS = 2_000_000
"""Members that are dealt out together: 64 MB, 16,000 documents of 128 bands."""

CROWD = 8
"""Members of a band in a chunk from which on one asks for all. Of 10 billion documents that share a
band 5 million travel, 160 MB: the most that one task can get of it."""

SLICES_PER_TASK = 16
"""Slices in a partition of a shuffle: with 10,000 partitions, 8 million members of 10 billion
documents are in a slice, 256 MB."""

WINNER = "struct<batch_number: int, rank: long, part: int, position: long>"


def collide(keys: DataFrame, earlier: DataFrame | None) -> DataFrame:
    """Which document beats which: (part, position, best, shared).

    ``keys`` has (part, position, bands, rank) and ``earlier`` (batch_number, part, position,
    bands). In every band the lowest (batch_number, rank, part, position) wins, an earlier batch
    before this one. Each loser comes with each winner above it, ``best``, and the number of bands
    in which it lost to that one.
    """
    from pyspark.sql import functions as f

    columns = [*ORDER, "bands"]
    everyone = keys.withColumn("batch_number", f.lit(THIS_BATCH)).select(columns)
    if earlier is not None:
        before = earlier.withColumn("rank", f.lit(0).cast("long"))
        everyone = everyone.unionByName(before.select(columns))
    tasks = int(
        keys.sparkSession.conf.get("spark.sql.shuffle.partitions") or 200
    )  # Spark's default
    dealt = everyone.mapInArrow(partial(_deal, tasks * SLICES_PER_TASK), BLOB_COLUMNS)
    place = f.expr(f"CAST(slice DIV {SLICES_PER_TASK} AS INT)")
    received = dealt.repartitionById(tasks, place).sortWithinPartitions("slice")
    back = received.mapInArrow(_compare, BLOB_COLUMNS).repartition(tasks, "chunk")
    return back.sortWithinPartitions("chunk").mapInArrow(
        _settle, f"part int, position long, best {WINNER}, shared int"
    )


def _deal(slices: int, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The members of a task's documents, chunk by chunk."""
    from pyspark import TaskContext

    context = TaskContext.get()
    partition = context.partitionId() if context else 0
    for number, members in enumerate(_chunks(batches)):
        yield from write_blobs(deal_chunk(members, (number << 31) + partition, slices))


def _chunks(batches: Iterable[pa.RecordBatch]) -> Iterator[np.ndarray]:
    waiting: list[np.ndarray] = []
    for batch in batches:
        waiting.append(_read_members(batch))
        if sum(map(len, waiting)) >= CHUNK_MEMBERS:
            yield np.concatenate(waiting)
            waiting.clear()
    if waiting:
        yield np.concatenate(waiting)


def _read_members(batch: pa.RecordBatch) -> np.ndarray:
    bands = batch.column("bands")
    counts = bands.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    order = {name: batch.column(name).to_numpy(zero_copy_only=False) for name in ORDER}
    return make_members(bands.flatten().to_numpy(zero_copy_only=False), counts, order)


def deal_chunk(members: np.ndarray, chunk: int, slices: int, crowd: int = CROWD) -> Iterator[Blob]:
    """The blobs of one chunk: those that travel to a slice of their bands, and those held back."""
    combined = combine(sort_by_band(members), crowd)
    for kind, some in ((BlobKind.SINGLES, combined.singles), (BlobKind.ASKERS, combined.askers)):
        for number, (first, last) in enumerate(pairwise(slice_edges(some, slices).tolist())):
            if first < last:
                yield Blob(number, chunk, kind, some[first:last])
    yield from cut(Blob(chunk % slices, chunk, BlobKind.HELD, combined.held))


def _compare(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for _, blobs in groupby(read_blobs(batches), attrgetter("slice")):
        yield from write_blobs(compare_slice(blobs))


def compare_slice(blobs: Iterable[Blob]) -> Iterator[Blob]:
    """Losses and answers for the chunks that a slice came from; what was held back goes on."""
    travelled = []
    for blob in blobs:
        if blob.kind is BlobKind.HELD:
            yield blob
        else:
            travelled.append(blob)
    if not travelled:
        return
    sizes = [len(blob.records) for blob in travelled]
    members = np.concatenate([blob.records for blob in travelled])
    chunk = np.repeat([blob.chunk for blob in travelled], sizes)
    asks = np.repeat([blob.kind is BlobKind.ASKERS for blob in travelled], sizes)
    winner = find_winners(members)
    lost = (winner != np.arange(len(winner))) & (members["batch_number"] == THIS_BATCH)
    yield from _to_chunks(
        BlobKind.LOSSES, chunk[lost], make_losses(members[lost], members[winner[lost]])
    )
    yield from _to_chunks(BlobKind.ANSWERS, chunk[asks], members[winner[asks]])


def _to_chunks(kind: BlobKind, chunk: np.ndarray, records: np.ndarray) -> Iterator[Blob]:
    order = np.argsort(chunk, kind="stable")
    chunks, starts = np.unique(chunk[order], return_index=True)
    edges = [*starts.tolist(), len(order)]
    records = records[order]
    for number, (first, last) in zip(chunks.tolist(), pairwise(edges), strict=True):
        yield from cut(Blob(0, number, kind, records[first:last]))


def _settle(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for _, blobs in groupby(read_blobs(batches), attrgetter("chunk")):
        losses, counts = settle_chunk(blobs)
        best = losses["best"]
        winner = pa.StructArray.from_arrays(
            [np.ascontiguousarray(best[name]) for name in ORDER], list(ORDER)
        )
        place = [np.ascontiguousarray(losses[name]) for name in ("part", "position")]
        yield from pa.table(
            [*map(pa.array, place), winner, pa.array(counts)],
            names=["part", "position", "best", "shared"],
        ).to_batches(max_chunksize=65536)


def settle_chunk(blobs: Iterable[Blob]) -> tuple[np.ndarray, np.ndarray]:
    """Each loser of a chunk with each winner above it, and the number of bands lost to it."""
    found: dict[BlobKind, list[np.ndarray]] = {kind: [] for kind in BlobKind}
    for blob in blobs:
        found[blob.kind].append(blob.records)
    held = _together(found[BlobKind.HELD], MEMBER)
    taken = take_answers(held, _together(found[BlobKind.ANSWERS], MEMBER))
    return count_losses(_together([*found[BlobKind.LOSSES], taken], LOSS))


def _together(records: Sequence[np.ndarray], dtype: np.dtype) -> np.ndarray:
    return np.concatenate([np.empty(0, dtype), *records])
