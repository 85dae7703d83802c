"""The parts of a step as Spark tasks, each with the flags that were raised on its documents.

Spark schedules parts, tries them again, and shuffles keys and flags. Text never crosses: documents
are read and written inside the tasks, by ``curation.parts.process``.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa

from curation.parts.process import Flags
from curation.parts.reader import Part
from curation.spark.gpus import take_own_gpu
from curation.spark.tasks import Result, count_tasks, run_on_partitions, run_tasks
from stages.base import Row

if TYPE_CHECKING:
    from pyspark.resource import ResourceProfile
    from pyspark.sql import DataFrame, SparkSession

PartTask = Callable[[Part, Flags], Result]


def run_parts(
    spark: SparkSession,
    parts: Sequence[Part],
    task: PartTask[Result],
    flags: DataFrame | None,
    profile: ResourceProfile | None = None,
) -> list[Result]:
    """What a task returns for every part, given the flags on its documents; in order of parts.

    ``flags`` has ``part`` and ``position`` before the flag columns, or is None: only flags need a
    shuffle. Tasks have what the ``profile`` asks for, and run on the GPU that they are given.
    """
    if not parts:
        return []
    if flags is None:
        return run_tasks(spark, parts, partial(_without_flags, task), profile)
    from pyspark.sql import functions as sf

    columns = [name for name in flags.columns if name not in ("part", "position")]
    flagged = flags.select("part", "position", sf.struct(*columns).alias("flag"))
    listed = spark.createDataFrame(_listed(parts)).unionByName(flagged, allowMissingColumns=True)
    numbers = max(part.number for part in parts) + 1
    tasks = count_tasks(numbers)
    slot = sf.expr(f"CAST(part * {tasks}L DIV {numbers} AS INT)")
    placed = listed.repartitionById(tasks, slot)
    return run_on_partitions(placed, partial(_with_flags, task), profile)


def _listed(parts: Sequence[Part]) -> pa.Table:
    numbers = pa.array([part.number for part in parts], pa.int32())
    pickles = pa.array([pickle.dumps(part) for part in parts], pa.binary())
    return pa.table({"part": numbers, "content": pickles})


def _without_flags(task: PartTask[Result], part: Part) -> Result:
    take_own_gpu()
    return task(part, {})


def _with_flags(task: PartTask[Result], batches: Iterator[pa.RecordBatch]) -> Iterator[Result]:
    take_own_gpu()
    parts: dict[int, Part] = {}
    flags: dict[int, dict[int, Row]] = {}
    for batch in batches:
        for row in batch.to_pylist():
            number = row["part"]
            if row["content"] is not None:
                parts[number] = pickle.loads(row["content"])  # noqa: S301 - what ``_listed`` made
            else:
                flags.setdefault(number, {})[row["position"]] = row["flag"]
    for number in sorted(parts):
        yield task(parts[number], flags.get(number, {}))
