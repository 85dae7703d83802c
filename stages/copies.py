"""Documents with the same digest: one of them stays, of this batch or of an earlier one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pyarrow as pa

from stages.skew import join_by_hot_key

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

KEYS: Mapping[str, pa.DataType] = {"digest": pa.binary()}
FLAGS: Mapping[str, pa.DataType] = {"survivor": pa.string()}
TWIN: Mapping[str, pa.DataType] = {"twin": pa.string()}
"""What a stage writes of a document that leaves for another's sake: that one's ``doc_id``."""
STATE: Mapping[str, pa.DataType] = {"digest": pa.binary(), "doc_id": pa.string()}


def flag_copies(keys: DataFrame, earlier: DataFrame | None, lot: Column) -> DataFrame:
    """Flag every document but its digest's survivor with that survivor's ``doc_id``.

    A digest that many documents share is joined where its rows lie (:mod:`stages.skew`).
    """
    from pyspark.sql import functions as sf

    repeated = survivors(keys, earlier, lot).where("copies > 1 or survivor.new = 0")
    twins = join_by_hot_key(
        keys.select("part", "position", "digest"),
        repeated.where("copies > 0"),
        on="digest",
        rows="copies",
    )
    stays = (
        (sf.col("survivor.new") == 1)
        & (sf.col("survivor.part") == sf.col("part"))
        & (sf.col("survivor.position") == sf.col("position"))
    )
    return twins.where(~stays).select(
        "part", "position", sf.col("survivor.doc_id").alias("survivor")
    )


def survivors(keys: DataFrame, earlier: DataFrame | None, lot: Column) -> DataFrame:
    """For each digest of this batch: ``survivor`` (the row that stays) and ``copies`` (how many).

    An earlier batch's survivor goes before all; else the lowest ``lot`` (a long of each row) wins,
    and of equal lots the first in crawl order.
    """
    from pyspark.sql import functions as sf

    drawn = sf.struct(sf.lit(1).alias("new"), lot.alias("lot"), "position", "part", "doc_id")
    rows = keys.select("digest", drawn.alias("survivor"), sf.lit(1).alias("copy"))
    if earlier is not None:
        kept = sf.struct(
            sf.lit(0).alias("new"),
            sf.lit(0).cast("long").alias("lot"),
            sf.col("batch_number").cast("long").alias("position"),
            sf.lit(0).alias("part"),
            "doc_id",
        ).alias("survivor")
        rows = rows.unionByName(earlier.select("digest", kept, sf.lit(0).alias("copy")))
    return rows.groupBy("digest").agg(
        sf.min("survivor").alias("survivor"), sf.sum("copy").alias("copies")
    )


def stayed(keys: DataFrame, flags: DataFrame) -> DataFrame:
    """The digests that this batch saw first, with the documents that stay for them.

    What earlier batches had is flagged already.
    """
    return keys.join(flags, ["part", "position"], "left_anti").select("digest", "doc_id")
