"""How far a step is, on standard error: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import os
import struct
import tempfile
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from pyspark import SparkContext

Result = TypeVar("Result")
POLL_S = 0.25
LINE_EVERY_S = 10.0
"""Between two lines of a log: no step of the sample has one, a step of an hour has 360."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What is done since judging began: pages, those of them in parts that are done, and parts.

    ``all_pages`` is None for a crawl, whose pages nobody has counted: then parts are taken for as
    large as those that are done.
    """

    seconds: float
    pages: int
    all_pages: int | None
    pages_of_parts: int
    parts: int
    all_parts: int

    @property
    def ratio(self) -> float:
        """The share that is done, as far as it can be known."""
        mean = self.pages_of_parts / self.parts if self.parts else 0.0
        expected = mean * self.all_parts if self.all_pages is None else self.all_pages
        return min(1.0, self.pages / expected) if expected else 0.0

    def __str__(self) -> str:
        """As it is shown.

        >>> str(Reached(20.0, 2_500, 7_500, 1_800, parts=2, all_parts=8))
        '2,500 of 7,500 pages, 125.0 pages/s, 0:40 left'
        >>> str(Reached(20.0, 2_500, None, 2_000, parts=2, all_parts=8))
        '2,500 pages (2 of 8 parts), 125.0 pages/s, 0:44 left'
        >>> str(Reached(20.0, 0, 7_500, 0, parts=0, all_parts=8))
        '0 of 7,500 pages'
        """
        if self.all_pages is None:
            counts = f"{self.pages:,} pages ({self.parts:,} of {self.all_parts:,} parts)"
        else:
            counts = f"{self.pages:,} of {self.all_pages:,} pages"
        if not self.pages or not self.seconds:
            return counts
        counts = f"{counts}, {self.pages / self.seconds:,.1f} pages/s"
        if not self.ratio:
            return counts
        minutes, seconds = divmod(round(self.seconds / self.ratio - self.seconds), 60)
        return f"{counts}, {minutes}:{seconds:02d} left"


class PageCount:
    """Pages as tasks judge them: for people, never for an account.

    A task counts its part when it has ended; one that is tried again after that counts twice. On
    the driver's own machine it also says all along how far it is, in a file with a number for each
    part: an embedded session has few parts, and one may take minutes.
    """

    def __init__(self, context: SparkContext) -> None:
        self._pages = context.accumulator(0)
        self._parts = context.accumulator(0)
        self._all_pages: int | None = None
        self._all_parts = 0
        self._started: float | None = None
        self._under_way = ""

    def expect(self, parts: int, pages: int | None) -> None:
        """Called on the driver when the judging of so many parts and pages begins."""
        self._all_parts, self._all_pages = parts, pages
        descriptor, self._under_way = tempfile.mkstemp(prefix="pages-")
        os.truncate(descriptor, parts * _NUMBER.size)
        os.close(descriptor)
        self._started = time.monotonic()

    def follow(self, part: int, pages: int) -> None:
        """Called in a task, when it has done so many pages of a part."""
        with suppress(OSError), Path(self._under_way).open("r+b", buffering=0) as file:
            file.seek(part * _NUMBER.size)
            file.write(_NUMBER.pack(pages))

    def end(self, pages: int) -> None:
        """Called in a task, when it has done a part."""
        self._pages.add(pages)
        self._parts.add(1)

    def reached(self) -> Reached | None:
        """What is done; None while nothing is judged yet."""
        if self._started is None:
            return None
        seconds = time.monotonic() - self._started
        ended, parts = self._pages.value, self._parts.value
        numbers = _NUMBER.iter_unpack(Path(self._under_way).read_bytes())
        pages = max(ended, sum(number for (number,) in numbers))
        return Reached(seconds, pages, self._all_pages, ended, parts, self._all_parts)

    def close(self) -> None:
        """Delete the file."""
        if self._under_way:
            Path(self._under_way).unlink(missing_ok=True)


_NUMBER = struct.Struct("<q")


def with_progress(
    context: SparkContext, title: str, action: Callable[[PageCount], Result], console: Console
) -> Result:
    """Run ``action`` and show how far it is: the pages that it counts, or tasks if it does not."""
    from pyspark import InheritableThread

    group = uuid.uuid4().hex
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
    with _Display(console, title) as display:
        thread.start()
        try:
            while thread.is_alive():
                thread.join(POLL_S)
                display.show(pages.reached() or _count_tasks(context, group))
        except KeyboardInterrupt:
            with suppress(Exception):  # Java may have ended too
                context.cancelJobGroup(group)
            raise
        finally:
            pages.close()
    if failure:
        raise failure[0]
    return outcome[0]


class _Display:
    """A bar that is gone in the end, or lines that stay."""

    def __init__(self, console: Console, title: str) -> None:
        self._console = console
        self._title = title
        self._last_line = time.monotonic()
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[reached]}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task(title, total=None, reached="")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._bar.stop()

    def show(self, reached: Reached | _Tasks) -> None:
        if self._console.is_terminal:
            total = 1.0 if reached.ratio else None
            self._bar.update(self._task, completed=reached.ratio, total=total, reached=str(reached))
        elif time.monotonic() - self._last_line >= LINE_EVERY_S:
            self._last_line = time.monotonic()
            self._console.print(f"{self._title}: {reached}", highlight=False, soft_wrap=True)


@dataclass(frozen=True, slots=True)
class _Tasks:
    """Spark tasks that are done, of those known of."""

    done: int
    total: int

    @property
    def ratio(self) -> float:
        return self.done / self.total if self.total else 0.0

    def __str__(self) -> str:
        return f"{self.done:,} of {self.total:,} tasks"


def _count_tasks(context: SparkContext, group: str) -> _Tasks:
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
    return _Tasks(done, total)
