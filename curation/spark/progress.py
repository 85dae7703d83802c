"""How far a step is: pages, and those of them that are kept, as its tasks count them."""

from __future__ import annotations

import operator
import os
import struct
import tempfile
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from rich.console import Console

from curation.spark.progress_display import Display, Reached, TasksDone
from curation.spark.scratch import session_folder

if TYPE_CHECKING:
    from pyspark import AccumulatorParam, SparkContext

Result = TypeVar("Result")
Look = Callable[[Reached | TasksDone], None]
POLL_S, LOG_POLL_S = 0.25, 2.0
"""How often progress is asked for on a terminal, and for a log that shows a fraction of it."""


@dataclass(frozen=True, slots=True)
class Beginnings:
    """Parts that workers began with and did twice, and the processor seconds of either time.

    A worker loads kernels and copies pages of memory for its first documents: up to 3 s.
    """

    workers: int = 0
    first_s: float = 0.0
    again_s: float = 0.0

    @property
    def more_s(self) -> float:
        """What the first time took more, for each of them."""
        return max(0.0, self.first_s - self.again_s) / self.workers if self.workers else 0.0


class _Sums:
    """Numbers that are added up together, so that whoever looks sees all of a task's or none."""

    @staticmethod
    def zero(value: tuple[float, ...]) -> tuple[float, ...]:
        return (0,) * len(value)

    @staticmethod
    def addInPlace(one: tuple[float, ...], other: tuple[float, ...]) -> tuple[float, ...]:  # noqa: N802 -- Spark's
        return tuple(map(operator.add, one, other))


class PageCount:
    """Pages as tasks judge them: for people, never for an account.

    A task counts its part when it has ended; one that is tried again after that counts twice. On
    the driver's own machine it also says all along how far it is, in a file with two numbers for
    each part: an embedded session has few parts, and one may take minutes.
    """

    def __init__(self, context: SparkContext) -> None:
        sums = cast("AccumulatorParam[tuple[float, ...]]", _Sums())
        self._ended = context.accumulator((0, 0, 0, 0.0), sums)
        self._begun = context.accumulator((0, 0.0, 0.0), sums)
        self._all_pages: int | None = None
        self._all_parts = 0
        self.started: float | None = None
        self._under_way = ""
        self.key_bytes = 0

    def expect(self, parts: int, pages: int | None, key_bytes: int = 0) -> None:
        """Called on the driver when the judging of so many parts and pages begins.

        ``key_bytes`` is how much was compared before that.
        """
        self._all_parts, self._all_pages, self.key_bytes = parts, pages, key_bytes
        descriptor, self._under_way = tempfile.mkstemp(prefix="pages-", dir=session_folder())
        os.truncate(descriptor, parts * _NUMBERS.size)
        os.close(descriptor)
        self.started = time.monotonic()

    def follow(self, part: int, pages: int, kept: int) -> None:
        """Called in a task, when it has done so many pages of a part and kept so many of them."""
        with suppress(OSError), Path(self._under_way).open("r+b", buffering=0) as file:
            file.seek(part * _NUMBERS.size)
            file.write(_NUMBERS.pack(pages, kept))

    def end(self, pages: int, kept: int, processor_s: float = 0.0) -> None:
        """Called in a task, when it has done a part in so many seconds of processors."""
        self._ended.add((pages, kept, 1, processor_s))

    def begin(self, first_s: float, again_s: float) -> None:
        """Called in a task that a worker began with, and did twice, in so many seconds each."""
        self._begun.add((1, first_s, again_s))

    def reached(self) -> Reached | None:
        """What is done; None while nothing is judged yet."""
        if self.started is None:
            return None
        seconds = time.monotonic() - self.started
        ended, kept_of_ended, parts = map(int, self._ended.value[:3])
        numbers = [*_NUMBERS.iter_unpack(Path(self._under_way).read_bytes())]
        # Executors elsewhere do not write that file: what they have ended is all that is known.
        under_way = sum(pages for pages, _ in numbers), sum(kept for _, kept in numbers)
        pages, kept = max((ended, kept_of_ended), under_way)
        return Reached(seconds, pages, kept, self._all_pages, ended, parts, self._all_parts)

    @property
    def processor_s(self) -> float:
        """What the tasks that judged have taken, without Spark's own work for them."""
        return self._ended.value[-1]

    @property
    def beginnings(self) -> Beginnings:
        """What workers took that began."""
        workers, first_s, again_s = self._begun.value
        return Beginnings(int(workers), first_s, again_s)

    def close(self) -> None:
        """Delete the file."""
        if self._under_way:
            Path(self._under_way).unlink(missing_ok=True)


_NUMBERS = struct.Struct("<qq")


def with_progress(
    context: SparkContext,
    title: str,
    action: Callable[[PageCount], Result],
    console: Console,
    *,
    group: str | None = None,
    look: Look | None = None,
) -> Result:
    """Run ``action`` and show how far it is: the pages that it counts, or tasks if it does not.

    Its jobs are those of the ``group``. ``look`` is told too, as often as the display.
    """
    from pyspark import InheritableThread

    group = group or uuid.uuid4().hex
    pages = PageCount(context)
    outcome: list[Result] = []
    failure: list[BaseException] = []

    def work() -> None:
        context.setJobGroup(group, title, interruptOnCancel=True)
        try:
            outcome.append(action(pages))
        except BaseException as error:  # noqa: BLE001 - raised again in the waiting thread
            failure.append(error)

    thread = InheritableThread(target=work, daemon=True)
    every_s = POLL_S if console.is_terminal else LOG_POLL_S
    with Display(console, title) as display:
        thread.start()
        try:
            while thread.is_alive():
                thread.join(every_s)
                reached = pages.reached() or count_tasks(context, group)
                display.show(reached)
                if look:
                    look(reached)
        except KeyboardInterrupt:
            with suppress(Exception):  # Java may have ended too
                context.cancelJobGroup(group)
            raise
        finally:
            pages.close()
    if failure:
        raise failure[0]
    return outcome[0]


def count_tasks(context: SparkContext, group: str) -> TasksDone:
    """Over the group's jobs so far."""
    tracker = context.statusTracker()
    done = total = 0
    for job in tracker.getJobIdsForGroup(group):
        info = tracker.getJobInfo(job)
        for stage in info.stageIds if info else ():
            tasks = tracker.getStageInfo(stage)
            if tasks:
                done += tasks.numCompletedTasks
                total += tasks.numTasks
    return TasksDone(done, total)
