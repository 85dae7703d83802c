"""The crossing to Spark: parts become tasks, narrow columns become frames. Text never crosses.

Spark schedules parts, tries them again, and shuffles keys and flags; the documents are read and
written inside the tasks, by ``curation.parts.process``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, astuple
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from curation import storage
from curation.parts.reader import CrawlSlice, CrawlSlices, Part, StepFile
from curation.sources.inputs.input_file import RecordRange
from curation.sources.inputs.splits import Split
from curation.storage import stores

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

Flags = Mapping[int, Mapping[str, Any]]
MAX_TASKS = 10_000
"""A step of more parts gives each task some neighbouring ones: a shuffle of flags from thousands of
tasks to hundreds of thousands would be all overhead."""

PartTask = Callable[[Part, Flags], Mapping[str, Any]]
"""Does one part, given its flags by position, and returns what is to be known of it (JSON)."""


def run_parts(
    spark: SparkSession, parts: Sequence[Part], task: PartTask, flags: DataFrame | None = None
) -> list[dict[str, Any]]:
    """Run a task for every part, each with the flags raised on its documents; results by part.

    ``flags`` has ``part`` and ``position`` before the flag columns. Only results of tasks that
    succeeded arrive here, once each, however often Spark tried.
    """
    if not parts:
        return []
    rows = pa.table(
        {
            "part": pa.array([part.number for part in parts], pa.int32()),
            "payload": pa.array([_to_json(part) for part in parts], pa.string()),
        }
    )
    from pyspark.sql import functions as F  # noqa: N812

    frame = spark.createDataFrame(rows)
    if flags is not None:
        columns = [name for name in flags.columns if name not in ("part", "position")]
        frame = frame.unionByName(
            flags.select("part", "position", F.struct(*columns).alias("flag")),
            allowMissingColumns=True,
        )
    numbers = max(part.number for part in parts) + 1
    tasks = min(numbers, MAX_TASKS)
    slot = F.expr(f"CAST(part * {tasks}L DIV {numbers} AS INT)")
    placed = frame.repartitionById(tasks, slot)
    done = placed.mapInArrow(partial(_do_parts, task), "part int, result string").collect()
    return [json.loads(row["result"]) for row in sorted(done, key=lambda row: row["part"])]


def _do_parts(task: PartTask, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    parts: dict[int, Part] = {}
    flags: dict[int, dict[int, Mapping[str, Any]]] = {}
    for batch in batches:
        for row in batch.to_pylist():
            number = row["part"]
            if row["payload"] is not None:
                parts[number] = _from_json(row["payload"])
            else:
                flags.setdefault(number, {})[row["position"]] = row["flag"]
    for number in sorted(parts):
        result = json.dumps(task(parts[number], flags.get(number, {})))
        yield pa.RecordBatch.from_arrays(
            [pa.array([number], pa.int32()), pa.array([result])], ["part", "result"]
        )


def read_frame(spark: SparkSession, files: Sequence[str], schema: pa.Schema) -> DataFrame:
    """A frame of the rows of Parquet files, file by file; an empty frame for no files."""
    from pyspark.sql.pandas.types import from_arrow_schema

    kinds = from_arrow_schema(schema)
    if not files:
        return spark.createDataFrame([], kinds)
    return file_tasks(spark, files).mapInArrow(partial(_read_files, schema), kinds)


def file_tasks(spark: SparkSession, files: Sequence[str]) -> DataFrame:
    """(number, file) for each file, at least one: each in a task, in order, up to MAX_TASKS."""
    numbered = pa.table({"number": pa.array(range(len(files)), pa.int32()), "file": list(files)})
    frame = spark.createDataFrame(numbered)
    if len(files) <= MAX_TASKS:
        return frame.repartitionById(len(files), "number")
    slot = f"CAST(number * {MAX_TASKS}L DIV {len(files)} AS INT)"
    from pyspark.sql import functions as F  # noqa: N812

    return frame.repartitionById(MAX_TASKS, F.expr(slot)).sortWithinPartitions("number")


def _read_files(schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for file in batch.column("file").to_pylist():
            store, path = stores.resolve(file)
            with store.open_input_file(path) as stream:
                yield from pq.ParquetFile(stream).iter_batches(4096, columns=schema.names)


def write_frame(frame: DataFrame, folder: str, schema: pa.Schema) -> list[storage.StoredFile]:
    """Write a narrow frame as Parquet files, one a partition, and list them."""
    selected = frame.select(*schema.names)
    done = selected.mapInArrow(partial(_write_files, folder, schema), "result string").collect()
    return [storage.StoredFile(**json.loads(row["result"])) for row in done]


def _write_files(
    folder: str, schema: pa.Schema, batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    from pyspark import TaskContext

    context = TaskContext.get()
    stem = f"part-{context.partitionId() if context else 0:05d}"
    rows = 0
    with storage.scratch_file(storage.join(folder, stem)) as path:
        with pq.ParquetWriter(path, schema, compression="zstd") as writer:
            for batch in batches:
                writer.write_table(pa.Table.from_batches([batch]).cast(schema))
                rows += batch.num_rows
        if rows:
            file = storage.publish_named(path, folder, stem, ".parquet", rows)
            yield pa.RecordBatch.from_pydict({"result": [json.dumps(asdict(file))]})


def _to_json(part: Part) -> str:
    content = part.content
    if isinstance(content, StepFile):
        return json.dumps({"number": part.number, "path": content.path})
    return json.dumps({"number": part.number, "slices": [astuple(s) for s in content.slices]})


def _from_json(text: str) -> Part:
    value = json.loads(text)
    if "path" in value:
        return Part(value["number"], StepFile(value["path"]))
    slices = tuple(_slice_from_json(*fields) for fields in value["slices"])
    return Part(value["number"], CrawlSlices(slices))


def _slice_from_json(number: int, path: str, stretch: Sequence[Any]) -> CrawlSlice:
    start, end, ranges = stretch
    return CrawlSlice(number, path, Split(start, end, tuple(RecordRange(*r) for r in ranges)))
