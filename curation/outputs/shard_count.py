"""How many shards documents fill, counted in rows or in bytes of text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from curation.spark.tasks import run_tasks
from curation.storage.parquet import open_parquet

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

READ_ROWS = 1_024


def count_shards(
    spark: SparkSession, files: Sequence[str], rows_per_shard: int, bytes_per_shard: int
) -> int:
    """How many shards of so many rows, or else bytes, the documents of files fill, copies too.

    What is counted are the rows and texts themselves, not how files hold them: the footers of other
    parts would have given another number.
    """
    sizes = run_tasks(spark, files, partial(_rows_of if rows_per_shard else _bytes_of))
    return max(1, -(-sum(sizes) // (rows_per_shard or bytes_per_shard)))


def _rows_of(file: str) -> int:
    with open_parquet(file) as parquet:
        if "copies" not in parquet.schema_arrow.names:
            return int(parquet.metadata.num_rows)
        return pc.sum(parquet.read(["copies"]).column("copies")).as_py() or 0


def _bytes_of(file: str) -> int:
    size = 0
    with open_parquet(file) as parquet:
        names = [name for name in ("text", "copies") if name in parquet.schema_arrow.names]
        for batch in parquet.iter_batches(READ_ROWS, columns=names):
            lengths = pc.binary_length(batch.column("text")).cast(pa.int64())
            if "copies" in names:
                lengths = pc.multiply(lengths, batch.column("copies").cast(pa.int64()))
            size += pc.sum(lengths).as_py() or 0
    return size
