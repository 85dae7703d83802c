"""The state that earlier batches left, as one frame, however many files it lies in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa

from curation import storage
from curation.spark.frames import BATCH_ROWS, read_items
from curation.storage import StoredFile
from curation.storage.grouping import group_neighbours
from curation.storage.parquet import open_parquet
from stages.base import Reach

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

TASK_BYTES = 64 << 20
BATCH_NUMBER = pa.field("batch_number", pa.int32())


@dataclass(frozen=True, slots=True)
class StateFile:
    """A file of state; ``batch_number`` is None where its rows name their batches themselves."""

    uri: str
    rows: int
    bytes: int
    batch_number: int | None

    @classmethod
    def of(cls, file: StoredFile, folder: str, batch_number: int | None) -> StateFile:
        """A file that a manifest lists, in the folder where it lies."""
        return cls(storage.join(folder, file.name), file.rows, file.bytes, batch_number)


def state_schema(columns: Mapping[str, pa.DataType]) -> pa.Schema:
    """The columns of a stage's state, and the batch that left the row."""
    return pa.schema([*columns.items(), BATCH_NUMBER])


def group_files(files: Sequence[StateFile], max_bytes: int = TASK_BYTES) -> list[list[StateFile]]:
    """Neighbouring files in groups of up to ``max_bytes``; a larger file is alone in its group."""
    return group_neighbours(files, lambda file: file.bytes, max_bytes)


def read_state(
    spark: SparkSession,
    files: Sequence[StateFile],
    columns: Mapping[str, pa.DataType],
    tasks: int | None = None,
    reach: Reach | None = None,
) -> DataFrame:
    """The rows of all files with their ``batch_number``, in that many ``tasks``, if it is said.

    Otherwise small files share a task. Where a ``reach`` is given, what is beyond it is not there.
    """
    schema = state_schema(columns)
    read = partial(_read_group, schema, reach)
    return read_items(spark, group_files(files), read, schema, tasks)


def _read_group(
    schema: pa.Schema, reach: Reach | None, files: Sequence[StateFile]
) -> Iterator[pa.RecordBatch]:
    for file in files:
        for batch in _read_file(schema, file):
            yield reach.narrow(batch) if reach else batch


def _read_file(schema: pa.Schema, file: StateFile) -> Iterator[pa.RecordBatch]:
    number = file.batch_number
    own = [name for name in schema.names if number is None or name != BATCH_NUMBER.name]
    with open_parquet(file.uri) as parquet:
        for batch in parquet.iter_batches(BATCH_ROWS, columns=own):
            if number is None:
                yield batch.select(schema.names)
            else:
                numbers = pa.array([number] * batch.num_rows, BATCH_NUMBER.type)
                yield batch.append_column(BATCH_NUMBER, numbers).select(schema.names)
