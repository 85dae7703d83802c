"""Spark's settings for comparing keys: for one task while they are few, for all cores otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from curation.spark.tasks import MAX_TASKS

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

TASK_BYTES = 16 << 20
"""Of keys, as they lie on disk: what a partition of a comparison should hold."""

PARTITIONS = "spark.sql.shuffle.partitions"

IN_ONE_TASK: Mapping[str, str] = {
    PARTITIONS: "1",
    # What is measured between the stages of a query is not worth a job for each of them.
    "spark.sql.adaptive.enabled": "false",
    # A class compiled for every query costs more than so few rows are worth.
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


def core_count(spark: SparkSession) -> int:
    """How many tasks the session runs at a time, as far as Spark knows it."""
    return spark.sparkContext.defaultParallelism


def fit_one_task(key_bytes: int) -> bool:
    """Whether keys are so few that one task compares them, without a shuffle."""
    return key_bytes <= TASK_BYTES


def as_whole(key_bytes: int, share: float) -> int:
    """How many bytes decide how keys are compared that are a ``share`` of a whole.

    A sample of keys is compared as the whole of them would be, in as few partitions as it needs.

    >>> as_whole(1 << 20, 1.0), as_whole(1 << 20, 0.01) > TASK_BYTES
    (1048576, True)
    """
    return key_bytes if fit_one_task(round(key_bytes / share)) else max(key_bytes, TASK_BYTES + 1)


@contextmanager
def sized_for(spark: SparkSession, key_bytes: int) -> Iterator[None]:
    """Set the session to compare so many bytes of keys, until the block ends.

    What the user or the cluster has set stays, except that there are never more partitions than the
    keys fill. No result depends on any of it.
    """
    given = spark.sparkContext.getConf()
    chosen = _settings(spark, key_bytes)
    limit = int(given.get(PARTITIONS, str(MAX_TASKS)) or MAX_TASKS)
    settings = {key: value for key, value in chosen.items() if not given.contains(key)}
    settings[PARTITIONS] = str(min(int(chosen[PARTITIONS]), limit))
    before = {key: str(spark.conf.get(key)) for key in settings}
    _set(spark, settings)
    try:
        yield
    finally:
        _set(spark, before)


def _set(spark: SparkSession, settings: Mapping[str, str]) -> None:
    for key, value in settings.items():
        spark.conf.set(key, value)


def _settings(spark: SparkSession, key_bytes: int) -> Mapping[str, str]:
    if fit_one_task(key_bytes):
        return IN_ONE_TASK
    wanted = max(core_count(spark), -(-key_bytes // TASK_BYTES))
    return {PARTITIONS: str(min(wanted, MAX_TASKS))}
