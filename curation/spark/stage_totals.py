"""What the Spark stages of a group of jobs took, as Spark's own status store has it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark import SparkContext

WAIT_MS = 5_000
"""For what Spark has not yet told its store; a busy driver may be behind by some of its events."""


@dataclass(frozen=True, slots=True)
class StageTotals:
    """Sums over Spark stages: tasks that succeeded, time, bytes shuffled and spilled.

    ``processor_s`` is what Java's threads took for those tasks, without its workers.
    """

    tasks: int = 0
    run_s: float = 0.0
    shuffled_bytes: int = 0
    spilled_bytes: int = 0
    processor_s: float = 0.0


def stage_totals(context: SparkContext, group: str) -> StageTotals:
    """The totals of the jobs of a group. A stage that Spark has forgotten counts for nothing."""
    from py4j.protocol import Py4JError

    scala = context._jsc.sc()  # noqa: SLF001 - PySpark has no way of its own to these
    with suppress(Py4JError):
        scala.listenerBus().waitUntilEmpty(WAIT_MS)
    tracker, store = context.statusTracker(), scala.statusStore()
    found = []
    for job in tracker.getJobIdsForGroup(group):
        info = tracker.getJobInfo(job)
        for stage in info.stageIds if info else ():
            with suppress(Py4JError):
                found.append(store.lastStageAttempt(stage))
    return StageTotals(
        tasks=sum(one.numCompleteTasks() for one in found),
        run_s=sum(one.executorRunTime() for one in found) / 1000,
        shuffled_bytes=sum(one.shuffleWriteBytes() for one in found),
        spilled_bytes=sum(one.diskBytesSpilled() for one in found),
        processor_s=sum(one.executorCpuTime() for one in found) / 1e9,
    )
