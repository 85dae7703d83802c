"""Joins in which a few keys own most of the rows, without one task that gets them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

HOT_ROWS = 100_000
"""Rows of one key from which on it is joined where its rows lie instead of being shuffled.

At 64 bytes a row the largest shuffled key is 6 MB of one task. There are at most rows / 100,000 hot
keys, so that ten billion rows make a broadcast of 100,000 keys at the most.
"""


def join_by_hot_key(
    many: DataFrame, few: DataFrame, on: str, rows: str, hot_rows: int = HOT_ROWS
) -> DataFrame:
    """The inner join of ``many`` and ``few`` on ``on``; ``few`` has one row for each key.

    ``few[rows]`` says how many rows ``many`` has for the key. Keys with more than ``hot_rows`` are
    sent to every task that holds rows of ``many``; the rest is shuffled. The result is that of a
    plain join, in no particular order.
    """
    from pyspark.sql import functions as sf

    hot = sf.broadcast(few.where(sf.col(rows) > hot_rows))
    cold = few.where(sf.col(rows) <= hot_rows)
    others = many.join(hot.select(on), on, "left_anti")
    return many.join(hot, on).unionByName(others.join(cold, on))
