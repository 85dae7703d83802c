"""Who collides with whom in some band, found by Spark from narrow rows alone.

A *member* is one band of one document: (part, position, order, band). ``order`` is a struct that
sorts documents by who stays, (batch_number, rank, part, position), and so also names them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

THIS_BATCH = (1 << 31) - 1  # after every batch number: what earlier batches kept goes first


def members_of(keys: DataFrame) -> DataFrame:
    """One row for each band of this batch's documents, from (part, position, bands, rank)."""
    from pyspark.sql import functions as f

    batch = f.lit(THIS_BATCH).alias("batch_number")
    order = f.struct(batch, "rank", "part", "position").alias("order")
    return keys.select("part", "position", order, f.explode("bands").alias("band"))


def earlier_members_of(earlier: DataFrame) -> DataFrame:
    """The same of the documents that earlier batches kept, the earliest batch first."""
    from pyspark.sql import functions as f

    rank = f.lit(0).cast("long").alias("rank")
    order = f.struct("batch_number", rank, "part", "position").alias("order")
    return earlier.select("part", "position", order, f.explode("bands").alias("band"))


def collide(members: DataFrame, earlier: DataFrame | None) -> DataFrame:
    """Which document beats which: (part, position, best, shared).

    In every band the lowest ``order`` wins. Each loser comes with each winner above it and the
    number of bands in which it lost to that one. Two shuffles of members: the first is combined
    before it leaves the worker, and in the second a band that millions share is one row of the
    small side, while Spark splits the large one.
    """
    from pyspark.sql import functions as f

    everyone = members.select("band", "order")
    if earlier is not None:
        everyone = everyone.unionByName(earlier.select("band", "order"))
    best = (
        everyone.groupBy("band")
        .agg(f.min("order").alias("best"), f.count("*").alias("members"))
        .where("members > 1")
        .select("band", "best")
    )
    return (
        members.join(best, "band")
        .where(f.col("order") != f.col("best"))
        .groupBy("part", "position", "best")
        .agg(f.count("*").cast("int").alias("shared"))
    )


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
