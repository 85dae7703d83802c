"""Run a function over a list, or over the partitions of a frame, as Spark tasks.

Work, items and results travel as pickles: they are typed records on both sides. Only results of
tasks that succeeded arrive, once each, however often Spark tried.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import pyarrow as pa

if TYPE_CHECKING:
    from pyspark.resource import ResourceProfile
    from pyspark.sql import DataFrame, SparkSession

Item = TypeVar("Item")
Result = TypeVar("Result")

MAX_TASKS = 10_000
"""A list of more items gives each task some neighbouring ones: a shuffle from thousands of tasks to
hundreds of thousands would be all overhead."""


def count_tasks(items: int) -> int:
    """How many tasks do that many items."""
    return min(items, MAX_TASKS)


def was_tried_before() -> bool:
    """Whether this is a task that Spark tries again."""
    from pyspark import TaskContext

    context = TaskContext.get()
    return context is not None and context.attemptNumber() > 0


def run_tasks(
    spark: SparkSession,
    items: Sequence[Item],
    work: Callable[[Item], Result],
    profile: ResourceProfile | None = None,
) -> list[Result]:
    """What ``work`` returns for each item, in their order: one Spark stage, no shuffle.

    Its tasks have what the ``profile`` asks for.
    """
    if not items:
        return []
    listed = spark.sparkContext.parallelize(items, count_tasks(len(items))).map(work)
    return (listed.withResources(profile) if profile else listed).collect()


def run_on_partitions(
    frame: DataFrame,
    work: Callable[[Iterator[pa.RecordBatch]], Iterable[Result]],
    profile: ResourceProfile | None = None,
) -> list[Result]:
    """What ``work`` returns for the partitions of a frame, in their order.

    Its tasks have what the ``profile`` asks for.
    """
    results = frame.mapInArrow(partial(_pickled, work), "result binary", profile=profile)
    done = results.collect()
    return [pickle.loads(row["result"]) for row in done]  # noqa: S301 - our own tasks' results


def _pickled(
    work: Callable[[Iterator[pa.RecordBatch]], Iterable[Result]], batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    for result in work(batches):
        yield pa.RecordBatch.from_pydict({"result": pa.array([pickle.dumps(result)], pa.binary())})
