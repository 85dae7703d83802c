"""Balancing over frames of Spark's: tokens are counted, and copies drawn, where the keys lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stages.balance.cells import NO_BAND, Cell, Content, Delivered, Tokens
from stages.balance.mix import Mix
from stages.balance.rates import Rates
from stages.lottery import highest_of

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

CONTENT = Content._fields
CELL = (*CONTENT, "band")
_MIX = (
    "language string, category string, page_type string, band int, "
    "rate double, expected double, whole int, highest long"
)


def count_offered(keys: DataFrame) -> Tokens:
    """The tokens of every cell, exactly; documents without the quality that is asked for apart."""
    from pyspark.sql import functions as sf

    sums = keys.where(sf.col("band") != NO_BAND).groupBy(*CELL).agg(sf.sum("tokens"))
    return {
        Cell(Content(language, category, page_type), band): tokens
        for language, category, page_type, band, tokens in sums.collect()
    }


def count_delivered(earlier: DataFrame) -> Delivered:
    """The tokens that earlier batches wrote, by what they are of."""
    from pyspark.sql import functions as sf

    written = sf.sum(sf.col("tokens") * sf.col("copies"))
    sums = earlier.groupBy(*CONTENT).agg(written).collect()
    return {Content(*content): tokens for *content, tokens in sums}


def draw_copies(keys: DataFrame, mix: Mix, rates: Rates) -> DataFrame:
    """The copies of every document that has a cell: whole ones, and one more by its lot."""
    from pyspark.sql import functions as sf

    rows = []
    for cell, expected in sorted(mix.copies.items()):
        rate, copies = float(rates[cell.content.category]), float(expected)
        whole = int(copies)
        rows.append((*cell.content, cell.band, rate, copies, whole, highest_of(copies - whole)))
    table = sf.broadcast(keys.sparkSession.createDataFrame(rows, _MIX))
    drawn = sf.col("whole") + (sf.col("lot") <= sf.col("highest")).cast("int")
    return keys.join(table, [*CELL]).select(
        "part", "position", "tokens", "rate", "expected", drawn.alias("copies")
    )


def count_written(keys: DataFrame, flags: DataFrame) -> DataFrame:
    """What a batch writes: documents and their tokens, by what they are and by copies."""
    drawn = flags.where("copies > 0").select("part", "position", "copies")
    written = keys.join(drawn, ["part", "position"]).groupBy(*CONTENT, "copies")
    # A few hundred rows, in one order: the same bytes whatever the partitions.
    return written.agg(*_sums("1")).repartition(1).sortWithinPartitions(*CONTENT, "copies")


def merge_written(earlier: DataFrame) -> DataFrame:
    """What batches wrote, one row for all that is alike, as of the latest of them."""
    from pyspark.sql import functions as sf

    latest = sf.max("batch_number").alias("batch_number")
    return earlier.groupBy(*CONTENT, "copies").agg(*_sums("documents"), latest)


def _sums(documents: str) -> list[Column]:
    """The documents and tokens of rows of so many documents each."""
    from pyspark.sql import functions as sf

    counted = {"documents": sf.expr(documents), "tokens": sf.col("tokens")}
    return [sf.sum(one).cast("long").alias(name) for name, one in counted.items()]
