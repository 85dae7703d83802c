"""A progress bar for a step's Spark tasks, on standard error; nothing where it is no terminal."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

if TYPE_CHECKING:
    from pyspark import SparkContext

Result = TypeVar("Result")
POLL_S = 0.25


def with_progress(
    context: SparkContext, title: str, action: Callable[[], Result], console: Console
) -> Result:
    """Run ``action`` with a bar that counts the tasks of the Spark jobs it starts."""
    from pyspark import InheritableThread

    group = uuid.uuid4().hex
    outcome: list[Result] = []
    failure: list[BaseException] = []

    def work() -> None:
        context.setJobGroup(group, title, interruptOnCancel=True)
        try:
            outcome.append(action())
        except BaseException as error:  # noqa: BLE001 - raised again in the waiting thread
            failure.append(error)

    thread = InheritableThread(target=work, daemon=True)
    with _bar(console) as bar:
        task = bar.add_task(title, total=None)
        thread.start()
        try:
            while thread.is_alive():
                thread.join(POLL_S)
                done, total = _count_tasks(context, group)
                bar.update(task, completed=done, total=total or None)
        except KeyboardInterrupt:
            context.cancelJobGroup(group)
            raise
    if failure:
        raise failure[0]
    return outcome[0]


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("tasks"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _count_tasks(context: SparkContext, group: str) -> tuple[int, int]:
    """Tasks done and tasks known of, over the group's jobs."""
    tracker = context.statusTracker()
    done = total = 0
    for job in tracker.getJobIdsForGroup(group):
        info = tracker.getJobInfo(job)
        for stage in info.stageIds if info else ():
            tasks = tracker.getStageInfo(stage)
            if tasks:
                done += tasks.numCompletedTasks
                total += tasks.numTasks
    return done, total
