"""Which occurrences of a line are beyond its quota, found part by part.

Occurrences are counted where they lie: however often a line occurs, it is one row for each part
that has it. A running sum of those rows in crawl order tells how many occurrences each part may
keep, and a part with more of them than that counts them off, in order, by itself. No task ever
holds more than the lines of one part, or one row a part of the same line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

CHUNK_LINES = 4_000_000  # gathered before they are counted: 96 MB, and more than most parts have
Integers = npt.NDArray[np.int64]


def count_by_part(keys: DataFrame) -> DataFrame:
    """How often each line occurs in each part: a row for each (digest, part), kept by digest."""
    from pyspark.sql import functions as sf

    # What follows groups by line: one shuffle serves all of it.
    counted = _count_in_place(keys).repartition("digest")
    return counted.groupBy("digest", "part").agg(sf.sum("count").alias("count"))


def count_lines(keys: DataFrame) -> DataFrame:
    """How often each line occurs, and where first in crawl order: a row for each digest."""
    from pyspark.sql import functions as sf

    # Parts are slices of crawl order: the first position lies in the first part.
    return (
        _count_in_place(keys)
        .groupBy("digest")
        .agg(
            sf.sum("count").alias("count"),
            sf.min("part").alias("first_part"),
            sf.min("first_position").alias("first_position"),
        )
    )


def merge_counts(state: DataFrame) -> DataFrame:
    """The counts of many batches as those of one, with the place where each line was seen first."""
    from pyspark.sql import functions as sf

    first = sf.min(sf.struct("batch_number", "first_part", "first_position")).alias("first")
    merged = state.groupBy("digest").agg(sf.sum("count").alias("count"), first)
    return merged.select("digest", "count", "first.*").select(*state.columns)


def _count_in_place(keys: DataFrame) -> DataFrame:
    from pyspark.sql import functions as sf

    places = keys.select("part", "position", sf.col("lines.digest").alias("digests"))
    return places.mapInArrow(_count, "digest long, part int, count long, first_position long")


def allowances(by_part: DataFrame, earlier: DataFrame | None, max_occurrences: int) -> DataFrame:
    """How many occurrences a part may keep (part, digest, allowed), where it has more."""
    from pyspark.sql import Window
    from pyspark.sql import functions as sf

    if earlier is None:
        rows = by_part.withColumn("seen", sf.lit(0).cast("long"))
    else:
        seen = earlier.groupBy("digest").agg(sf.sum("count").alias("seen"))
        rows = by_part.join(seen, "digest", "left").fillna(0, ["seen"])
    parts_before = (
        Window.partitionBy("digest").orderBy("part").rowsBetween(Window.unboundedPreceding, -1)
    )
    before = sf.coalesce(sf.sum("count").over(parts_before), sf.lit(0))
    allowed = sf.greatest(sf.lit(max_occurrences) - sf.col("seen") - before, sf.lit(0))
    return (
        rows.withColumn("allowed", allowed.cast("long"))
        .where("count > allowed")
        .select("part", "digest", "allowed")
    )


def cut_beyond(keys: DataFrame, allowed: DataFrame) -> DataFrame:
    """The line numbers to cut from each document that has some: (part, position, cut)."""
    from pyspark.sql import functions as sf

    # Arrays of numbers take a third of the bytes that an array of records does.
    numbers, digests = sf.col("lines.number").alias("numbers"), sf.col("lines.digest")
    lines = keys.select("part", "position", numbers, digests.alias("digests"))
    return (
        lines.groupBy("part")
        .cogroup(allowed.groupBy("part"))
        .applyInArrow(cut_in_part, "part int, position long, cut array<int>")
    )


def cut_in_part(lines: pa.Table, allowed: pa.Table) -> pa.Table:
    """Of the ``lines`` of a part (position, numbers, digests), those beyond what is ``allowed``.

    A line that ``allowed`` (digest, allowed) does not have stays wherever it is. The result has
    (part, position, cut) for the documents that lose lines, in crawl order.
    """
    position, digest = _flat_digests(lines)
    number = _flat(lines["numbers"]).astype(np.int32)
    known, keep = _by_digest(allowed)
    place = np.searchsorted(known, digest).clip(max=max(len(known) - 1, 0))
    frequent = known[place] == digest if len(known) else np.zeros(len(digest), bool)
    position, number, place = position[frequent], number[frequent], place[frequent]
    order = np.lexsort((number, position, place))
    position, number, place = position[order], number[order], place[order]
    rank = np.arange(len(place)) - np.searchsorted(place, place)
    beyond = rank >= keep[place]
    return _documents(lines, position[beyond], number[beyond])


def _documents(lines: pa.Table, position: Integers, number: npt.NDArray[np.int32]) -> pa.Table:
    order = np.lexsort((number, position))
    positions, starts = np.unique(position[order], return_index=True)
    offsets = np.append(starts, len(order)).astype(np.int32)
    part = lines["part"][0].as_py() if lines.num_rows else 0
    return pa.table(
        {
            "part": np.full(len(positions), part, np.int32),
            "position": positions,
            "cut": pa.ListArray.from_arrays(offsets, number[order]),
        }
    )


def _by_digest(allowed: pa.Table) -> tuple[Integers, Integers]:
    digest = allowed["digest"].to_numpy()
    order = np.argsort(digest)
    return digest[order], allowed["allowed"].to_numpy()[order]


def _flat(column: pa.Array | pa.ChunkedArray) -> Integers:
    return pc.list_flatten(column).to_numpy()


def _flat_digests(rows: pa.Table | pa.RecordBatch) -> tuple[Integers, Integers]:
    """Position and digest of every line of a table or batch of documents."""
    lengths = pc.fill_null(pc.list_value_length(rows.column("digests")), 0)
    position = np.repeat(np.asarray(rows.column("position")), np.asarray(lengths))
    return position, _flat(rows.column("digests"))


def _count(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Count the lines of each part in some millions of lines at a time."""
    waiting: dict[int, list[tuple[Integers, Integers]]] = {}
    lines = 0
    for batch in batches:
        for part in pc.unique(batch.column("part")).to_pylist():
            some = batch.filter(pc.equal(batch.column("part"), part))
            waiting.setdefault(part, []).append(_flat_digests(some))
            lines += len(waiting[part][-1][0])
        if lines >= CHUNK_LINES:
            yield from map(_counted, waiting.items())
            waiting, lines = {}, 0
    yield from map(_counted, waiting.items())


def _counted(found: tuple[int, list[tuple[Integers, Integers]]]) -> pa.RecordBatch:
    part, pieces = found
    position = np.concatenate([piece[0] for piece in pieces])
    digest = np.concatenate([piece[1] for piece in pieces])
    order = np.lexsort((position, digest))
    digests, first, count = np.unique(digest[order], return_index=True, return_counts=True)
    return pa.RecordBatch.from_pydict(
        {
            "digest": digests,
            "part": np.full(len(digests), part, np.int32),
            "count": count,
            "first_position": position[order][first],
        }
    )
