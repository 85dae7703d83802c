"""The state that earlier batches left, as one frame, however many files it lies in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from curation.batches.history import StateFile
from curation.storage import stores

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

TASK_BYTES = 64 << 20
BATCH_NUMBER = pa.field("batch_number", pa.int32())


def state_schema(columns: Mapping[str, pa.DataType]) -> pa.Schema:
    """The columns of a stage's state, and the batch that left the row."""
    return pa.schema([*columns.items(), BATCH_NUMBER])


def pack(files: Sequence[StateFile], max_bytes: int = TASK_BYTES) -> list[list[StateFile]]:
    """Neighbouring files in lists of up to ``max_bytes``; a larger file is alone in its list."""
    packs: list[list[StateFile]] = []
    size = 0
    for file in files:
        if not packs or size + file.bytes > max_bytes:
            packs.append([])
            size = 0
        packs[-1].append(file)
        size += file.bytes
    return packs


def read_state(
    spark: SparkSession, files: Sequence[StateFile], columns: Mapping[str, pa.DataType]
) -> DataFrame:
    """The rows of all files with their ``batch_number``; small files share a task."""
    from pyspark.sql.pandas.types import from_arrow_schema

    schema = state_schema(columns)
    kinds = from_arrow_schema(schema)
    packs = pack(files)
    if not packs:
        return spark.createDataFrame([], kinds)
    rows = [
        {"task": task, "file": file.uri, "number": file.batch_number}
        for task, pack in enumerate(packs)
        for file in pack
    ]
    listed = pa.schema([("task", pa.int32()), ("file", pa.string()), ("number", pa.int32())])
    frame = spark.createDataFrame(pa.Table.from_pylist(rows, listed))
    placed = frame.repartitionById(len(packs), "task")
    return placed.mapInArrow(partial(_read, schema), kinds)


def _read(schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for row in batch.to_pylist():
            store, path = stores.resolve(row["file"])
            with store.open_input_file(path) as stream:
                yield from _rows(pq.ParquetFile(stream), row["number"], schema)


def _rows(
    parquet: pq.ParquetFile, number: int | None, schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    own = [name for name in schema.names if number is None or name != BATCH_NUMBER.name]
    for batch in parquet.iter_batches(4096, columns=own):
        if number is None:
            yield batch.select(schema.names)
        else:
            numbers = pa.array([number] * batch.num_rows, BATCH_NUMBER.type)
            yield batch.append_column(BATCH_NUMBER, numbers).select(schema.names)
