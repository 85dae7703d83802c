"""Who collides with whom in some band, found by Spark from narrow rows alone.

Members of bands travel as blobs of 32-byte records, by ranges of band keys: one shuffle of 4 KiB a
document at 128 bands, before compression, and no row of Spark's own for each of them. A band that
a million documents share is 32 MB of one task.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from stages.fuzzy_dedup.band_members import MEMBER, ORDER, find_losses, make_members, split_members

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

THIS_BATCH = (1 << 31) - 1  # after every batch number: what earlier batches kept goes first
CHUNK_MEMBERS = 4_000_000  # gathered before they are dealt out to buckets: 128 MB
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
    # A bucket for each partition: as many members in a bucket as documents of a partition have.
    buckets = max(everyone.rdd.getNumPartitions(), 1)
    deal = everyone.mapInArrow(partial(_deal, buckets), "bucket int, members binary")
    lost = deal.repartitionById(buckets, "bucket").mapInArrow(
        _lose, f"part int, position long, best {WINNER}, shared int"
    )
    return lost.groupBy("part", "position", "best").agg(f.sum("shared").cast("int").alias("shared"))


def _deal(buckets: int, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Members in blobs by bucket, some millions of them at a time."""
    waiting: list[np.ndarray] = []
    for batch in batches:
        waiting.append(_read_members(batch))
        if sum(map(len, waiting)) >= CHUNK_MEMBERS:
            yield from _blobs(np.concatenate(waiting), buckets)
            waiting.clear()
    if waiting:
        yield from _blobs(np.concatenate(waiting), buckets)


def _read_members(batch: pa.RecordBatch) -> np.ndarray:
    bands = batch.column("bands")
    counts = bands.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    order = {name: batch.column(name).to_numpy(zero_copy_only=False) for name in ORDER}
    return make_members(bands.flatten().to_numpy(zero_copy_only=False), counts, order)


def _blobs(members: np.ndarray, buckets: int) -> Iterator[pa.RecordBatch]:
    for bucket, some in split_members(members, buckets):
        yield pa.RecordBatch.from_pydict(
            {"bucket": pa.array([bucket], pa.int32()), "members": [some.tobytes()]}
        )


def _lose(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The losses in one bucket, whose blobs are all here."""
    blobs = [blob.as_buffer() for batch in batches for blob in batch.column("members")]
    if not blobs:
        return
    members = np.concatenate([np.frombuffer(blob, MEMBER) for blob in blobs])
    losers, winners, counts = find_losses(members)
    best = pa.StructArray.from_arrays(
        [np.ascontiguousarray(winners[n]) for n in ORDER], list(ORDER)
    )
    place = [np.ascontiguousarray(losers[name]) for name in ("part", "position")]
    yield from pa.table(
        [*map(pa.array, place), best, pa.array(counts)],
        names=["part", "position", "best", "shared"],
    ).to_batches(max_chunksize=65536)


def choose_twin(hits: DataFrame) -> DataFrame:
    """One winner for each loser: (part, position, twin, twin_removed, shared_bands).

    One that stays if there is one, then the one that shares most bands, then the lowest order.
    """
    from pyspark.sql import functions as f

    losers = hits.groupBy("part", "position").agg(f.max("shared").alias("most"))
    order = f.struct(f.lit(THIS_BATCH).alias("batch_number"), "part", "position").alias("best_id")
    lost = losers.select(order, f.col("most").isNotNull().alias("best_lost"))
    identity = f.struct("best.batch_number", "best.part", "best.position").alias("best_id")
    marked = hits.withColumn("best_id", identity).join(lost, "best_id", "left")
    choice = f.struct(
        f.coalesce("best_lost", f.lit(False)).alias("removed"),
        (-f.col("shared")).alias("fewer"),
        "best",
    )
    chosen = marked.groupBy("part", "position").agg(f.min(choice).alias("choice"))
    return chosen.select(
        "part",
        "position",
        f.col("choice.best").alias("twin"),
        f.col("choice.removed").alias("twin_removed"),
        (-f.col("choice.fewer")).alias("shared_bands"),
    )


def name_twin(chosen: DataFrame, keys: DataFrame, earlier: DataFrame | None) -> DataFrame:
    """``chosen`` with ``twin`` turned from an order into the ``doc_id`` that it stands for."""
    from pyspark.sql import functions as f

    this_batch = f.lit(THIS_BATCH).alias("batch_number")
    names = keys.select(this_batch, "part", "position", "doc_id")
    if earlier is not None:
        names = names.unionByName(earlier.select("batch_number", "part", "position", "doc_id"))
    place = f.struct("batch_number", "part", "position").alias("place")
    names = names.select(place, "doc_id")
    return (
        chosen.withColumn("place", f.struct("twin.batch_number", "twin.part", "twin.position"))
        .join(names, "place")
        .select("part", "position", f.col("doc_id").alias("twin"), "twin_removed", "shared_bands")
    )
