"""Frames that are read from files and written to files, by Python in the tasks.

Spark's own readers would need an object store's jars, and plan by what they guess of the files.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa

from curation import storage
from curation.spark.tasks import Item, count_tasks, run_on_partitions
from curation.storage.parquet import open_parquet, parquet_writer

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

BATCH_ROWS = 4096


def read_items(
    spark: SparkSession,
    items: Sequence[Item],
    read: Callable[[Item], Iterable[pa.RecordBatch]],
    schema: pa.Schema,
    tasks: int | None = None,
) -> DataFrame:
    """The rows of ``schema`` that ``read`` gives for each item, in order; none for no items.

    A partition for each item, or for some neighbouring ones of very many, or as many as there shall
    be ``tasks``; no shuffle. What is asked of a frame of one partition needs none either.
    """
    from pyspark.sql.pandas.types import from_arrow_schema

    kinds = from_arrow_schema(schema)
    if not items:
        return spark.createDataFrame([], kinds)
    count = min(tasks or len(items), count_tasks(len(items)))
    listed = spark.createDataFrame(pa.Table.from_batches(_listed(items, count)))
    rows = listed.mapInArrow(partial(_read_items, read), kinds)
    return rows.coalesce(1) if count == 1 else rows  # or Spark would not know that it has one


def read_frame(spark: SparkSession, files: Sequence[str], schema: pa.Schema) -> DataFrame:
    """The rows of Parquet files, file by file; their columns are those of ``schema``."""
    return read_items(spark, files, partial(_read_file, schema), schema)


def write_frame(frame: DataFrame, folder: str, schema: pa.Schema) -> list[storage.StoredFile]:
    """Write a narrow frame as Parquet files, one a partition that has rows, and list them."""
    return run_on_partitions(frame.select(*schema.names), partial(_write_file, folder, schema))


def _listed(items: Sequence[Item], tasks: int) -> Iterator[pa.RecordBatch]:
    """Items as rows; Spark makes a partition of each batch (see ``session.DEFAULTS``)."""
    for task in range(tasks):
        some = items[task * len(items) // tasks : (task + 1) * len(items) // tasks]
        pickles = [pickle.dumps(item) for item in some]
        yield pa.RecordBatch.from_pydict({"item": pa.array(pickles, pa.binary())})


def _read_items(
    read: Callable[[Item], Iterable[pa.RecordBatch]], batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for item in batch.column("item").to_pylist():
            yield from read(pickle.loads(item))  # noqa: S301 - what this module pickled


def _read_file(schema: pa.Schema, file: str) -> Iterator[pa.RecordBatch]:
    with open_parquet(file) as parquet:
        yield from parquet.iter_batches(BATCH_ROWS, columns=schema.names)


def _write_file(
    folder: str, schema: pa.Schema, batches: Iterator[pa.RecordBatch]
) -> Iterator[storage.StoredFile]:
    from pyspark import TaskContext

    context = TaskContext.get()
    stem = f"part-{context.partitionId() if context else 0:05d}"
    rows = 0
    with storage.scratch_file(storage.join(folder, stem)) as path:
        with parquet_writer(path, schema) as writer:
            for batch in batches:
                writer.write_table(pa.Table.from_batches([batch]).cast(schema))
                rows += batch.num_rows
        if rows:
            yield storage.publish_named(path, folder, stem, ".parquet", rows)
