"""How dense in personal data the sites of a corpus are, as Spark frames of a few numbers a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def tally_sites(keys: DataFrame) -> DataFrame:
    """One row for each site: its documents, their items and their characters."""
    from pyspark.sql import functions as sf

    return (
        keys.where("site is not null")
        .groupBy("site")
        .agg(
            sf.count("*").alias("documents"),
            sf.sum("items").cast("long").alias("items"),
            sf.sum("characters").cast("long").alias("characters"),
        )
    )


def dense_sites(
    tally: DataFrame, earlier: DataFrame | None, min_documents: int, max_density: float
) -> DataFrame:
    """The sites with more items per 1,000 characters than allowed: site, here, documents, density.

    ``here`` counts the documents of this batch, ``documents`` and ``density`` are of all batches.
    """
    from pyspark.sql import functions as sf

    counted = tally.withColumn("here", sf.col("documents"))
    if earlier is not None:
        before = earlier.select("site", "documents", "items", "characters")
        counted = counted.unionByName(before.withColumn("here", sf.lit(0).cast("long")))
    names = ("here", "documents", "items", "characters")
    summed = counted.groupBy("site").agg(*(sf.sum(name).alias(name) for name in names))
    density = 1000.0 * sf.col("items") / sf.greatest("characters", sf.lit(1))
    return (
        summed.where(sf.col("here") > 0)
        .where(sf.col("documents") >= min_documents)
        .select("site", "here", "documents", density.alias("density"))
        .where(sf.col("density") > max_density)
    )
