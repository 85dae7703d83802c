"""Which of the documents that beat it stands for one that leaves, and how much they are alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stages.fuzzy_dedup.band_members import THIS_BATCH

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

PLACE = "struct<batch_number: int, part: int, position: long>"
"""What names a document, of whichever batch."""


def compare_sketches(hits: DataFrame, keys: DataFrame, earlier: DataFrame | None) -> DataFrame:
    """``hits`` with ``twin``, the ``doc_id`` of the winner, and the ``similarity`` of the two.

    Sketches of 256 bytes meet for documents that collide, and for no others.
    """
    from pyspark.sql import functions as f

    columns = ["place", "doc_id", "sketch"]
    documents = keys.withColumn("place", _place(f.lit(THIS_BATCH))).select(columns)
    if earlier is not None:
        before = earlier.withColumn("place", _place(f.col("batch_number")))
        documents = documents.unionByName(before.select(columns))
    winners = documents.select("place", f.col("doc_id").alias("twin"), f.col("sketch").alias("its"))
    found = (
        hits.withColumn("place", _place_of_best())
        .join(winners, "place")
        .join(keys.select("part", "position", "sketch"), ["part", "position"])
    )
    return found.withColumn("similarity", similarity_of_sketches("sketch", "its")).drop(
        "sketch", "its"
    )


def similarity_of_sketches(one: str, other: str) -> Column:
    """The Jaccard similarity at which two sketches agree in as many bits; 0 where it is less.

    Bits of different minima agree half of the time: of n bits that agree, 2n - 1 is the share of
    equal minima.
    """
    from pyspark.sql import functions as f

    apart = f.aggregate(
        f.zip_with(one, other, lambda a, b: f.bit_count(a.bitwiseXOR(b))),
        f.lit(0),
        lambda total, bits: total + bits,
    )
    return f.greatest(1.0 - 2.0 * apart / (64.0 * f.size(one)), f.lit(0.0))


def choose_twins(found: DataFrame) -> DataFrame:
    """One winner for each loser: (part, position, twin, twin_removed, shared_bands, similarity).

    One that stays if there is one, then the most similar, then the one that shares most bands,
    then the lowest order. ``highest_similarity`` is that of the most similar winner.
    """
    from pyspark.sql import functions as f

    lost = found.select(_place(f.lit(THIS_BATCH)).alias("place")).distinct()
    marked = found.join(lost.withColumn("removed", f.lit(True)), "place", "left")
    choice = f.struct(
        f.coalesce("removed", f.lit(False)).alias("removed"),
        (-f.col("similarity")).alias("unlike"),
        (-f.col("shared")).alias("fewer"),
        "best",
        "twin",
    )
    chosen = marked.groupBy("part", "position").agg(
        f.min(choice).alias("choice"), f.max("similarity").alias("highest_similarity")
    )
    return chosen.select(
        "part",
        "position",
        f.col("choice.twin").alias("twin"),
        f.col("choice.removed").alias("twin_removed"),
        (-f.col("choice.fewer")).alias("shared_bands"),
        (-f.col("choice.unlike")).alias("similarity"),
        "highest_similarity",
    )


def _place(batch_number: Column) -> Column:
    from pyspark.sql import functions as f

    return f.struct(batch_number.alias("batch_number"), "part", "position").cast(PLACE)


def _place_of_best() -> Column:
    from pyspark.sql import functions as f

    return f.struct("best.batch_number", "best.part", "best.position").cast(PLACE)
