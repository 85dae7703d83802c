"""Run a function over a list, or over the partitions of a frame, as Spark tasks.

Work, items and results travel as pickles: they are typed records on both sides. Only results of
tasks that succeeded arrive, once each, however often Spark tried.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

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


class RunTasks(Protocol):
    """Runs a function over a list: ``run_tasks`` of some session, or what does as much."""

    def __call__(self, items: Sequence[Item], work: Callable[[Item], Result], /) -> list[Result]:
        """What ``work`` returns for each item, in their order."""


@dataclass
class SparkTasks:
    """Runs a function over a list as tasks of a session, which is started when it is needed.

    Of ``few_here`` items and less this process does one after the other.
    """

    start: Callable[[], SparkSession]
    few_here: int = 0
    _session: SparkSession | None = field(default=None, init=False)

    def __call__(self, items: Sequence[Item], work: Callable[[Item], Result], /) -> list[Result]:
        """What ``work`` returns for each item, in their order."""
        if len(items) <= self.few_here:
            return [work(item) for item in items]
        self._session = self._session or self.start()
        return run_tasks(self._session, items, work)


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
