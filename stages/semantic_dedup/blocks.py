"""Pairs of bounded blocks: every two documents of a cluster meet in exactly one task."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stages.semantic_dedup.cosine_pairs import (
    Cosines,
    Languages,
    Ranks,
    Side,
    Thresholds,
    best_twins,
)
from stages.semantic_dedup.kmeans import vectors_of

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

ORDER = (
    ("fresh", "ascending"),
    ("quality", "descending"),
    ("length", "descending"),
    ("doc_id", "ascending"),
    ("part", "ascending"),
    ("position", "ascending"),
)
"""Which of two documents is better: one that an earlier batch kept, then by these columns."""

FOUND = (
    "part int, position long, fresh boolean, quality double, length int, "
    "twin string, twin_part int, twin_position long, cosine double"
)


def twins_in(key: tuple[pa.Scalar, ...], table: pa.Table, thresholds: Thresholds) -> pa.Table:
    """The best twin of each document of a pair of blocks, for those that have one.

    ``key`` is (cell, cluster, block, block), the first block's number never the larger; equal ones
    mean that a block is held against itself. Only documents of this batch are asked for their twin.
    """
    table = table.sort_by(list(ORDER))
    ranks = np.arange(len(table))
    side = Side(vectors_of(table["embedding"]), ranks, _number_languages(table["language"]))
    blocks = table["block"].to_numpy()
    fresh = table["fresh"].to_numpy(zero_copy_only=False)
    first, second = (block.as_py() for block in key[2:])
    sides = [(first, second)] if first == second else [(first, second), (second, first)]
    rows, twins, cosines = [], [], []
    for mine, other in sides:
        asked, pool = side.rows((blocks == mine) & fresh), side.rows(blocks == other)
        place, cosine = best_twins(asked, pool, thresholds)
        hit = place >= 0
        rows.append(asked.ranks[hit])
        twins.append(pool.ranks[place[hit]])
        cosines.append(cosine[hit])
    return _found(table, np.concatenate(rows), np.concatenate(twins), np.concatenate(cosines))


def _number_languages(names: pa.ChunkedArray) -> Languages:
    """1 and more for the languages of a table, in the order in which they appear; 0 for null."""
    numbers = names.combine_chunks().dictionary_encode().indices
    return (pc.fill_null(numbers, -1).to_numpy() + 1).astype(np.int32)


def compare_blocks(
    thresholds: Thresholds,
) -> Callable[[tuple[pa.Scalar, ...], pa.Table], pa.Table]:
    """``twins_in`` at these thresholds, with the type hints that applyInArrow looks for."""

    def compare(key: tuple[pa.Scalar, ...], table: pa.Table) -> pa.Table:
        return twins_in(key, table, thresholds)

    return compare


def _found(table: pa.Table, rows: Ranks, twins: Ranks, cosines: Cosines) -> pa.Table:
    left, right = table.take(rows), table.take(twins)
    return pa.table(
        {
            "part": left["part"],
            "position": left["position"],
            "fresh": right["fresh"],
            "quality": right["quality"],
            "length": right["length"],
            "twin": right["doc_id"],
            "twin_part": right["part"],
            "twin_position": right["position"],
            "cosine": pa.array(cosines, pa.float64()),
        }
    )


def pair_blocks(assigned: DataFrame, block_size: int) -> DataFrame:
    """Each document once for every pair of blocks of its cluster that its own block is part of.

    A cluster has as many blocks as keep them at about ``block_size``, so no task ever holds more
    than two blocks; the lot says which document goes where. What earlier batches kept has blocks of
    its own, which meet this batch's alone: a cluster ships an earlier vector once for each block of
    this batch, and one of this batch once for every block. That, not memory, is a hot one's cost.
    """
    from pyspark.sql import functions as sf

    fresh, lot = sf.col("fresh"), sf.col("lot")
    sizes = assigned.groupBy("cell", "cluster").agg(
        _blocks(sf.count_if(fresh), block_size).alias("mine"),
        _blocks(sf.count_if(~fresh), block_size).alias("before"),
    )
    met = sf.broadcast(sizes.where("mine > 0"))
    block = sf.when(fresh, lot % sf.col("mine")).otherwise(sf.col("mine") + lot % sf.col("before"))
    blocks = sf.when(fresh, sf.col("mine") + sf.col("before")).otherwise(sf.col("mine"))
    others = sf.explode(sf.sequence(sf.lit(0), blocks - 1)).alias("other")
    return (
        assigned.join(met, ["cell", "cluster"])
        .withColumn("block", block.cast("int"))
        .select("*", others)
        .select(
            *assigned.columns,
            "block",
            sf.least("block", "other").alias("first"),
            sf.greatest("block", "other").alias("second"),
        )
    )


def _blocks(documents: Column, block_size: int) -> Column:
    from pyspark.sql import functions as sf

    return sf.ceil(documents / block_size).cast("int")


def best_of(found: DataFrame) -> DataFrame:
    """The best of the twins that each document found in its pairs of blocks."""
    from pyspark.sql import functions as sf

    order = ["fresh", "-quality", "-length", "twin", "twin_part", "twin_position", "cosine"]
    best = sf.min(sf.struct(*(sf.expr(name).alias(f"c{n}") for n, name in enumerate(order))))
    return (
        found.groupBy("part", "position")
        .agg(best.alias("best"))
        .select(
            "part", "position", sf.col("best.c3").alias("twin"), sf.col("best.c6").alias("cosine")
        )
    )
