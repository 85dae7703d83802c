"""How far a step is, in words: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column

LINE_EVERY_S = 10.0
"""Between two lines of a log: no step of the sample has one, a step of an hour has 360."""

LONG_OPENING_S = 8.0
"""Without a page, from which on it is said why: opening models alone takes less."""

OPENING = "workers load models, and compile loops the first time on a machine"


@dataclass(frozen=True, slots=True)
class Reached:
    """What is done since judging began: pages, those kept, those in parts that are done, and parts.

    ``all_pages`` is None for a crawl, whose pages nobody has counted: then parts are taken for as
    large as those that are done.
    """

    seconds: float
    pages: int
    kept: int
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

    @property
    def pages_per_s(self) -> float:
        """Since judging began; 0 as long as nothing is done."""
        return self.pages / self.seconds if self.seconds else 0.0

    @property
    def kept_ratio(self) -> float:
        """The share of the pages so far that is kept; 0 of none."""
        return self.kept / self.pages if self.pages else 0.0

    @property
    def left_s(self) -> float | None:
        """What is left to judge at the rate so far; None while that cannot be known."""
        return self.seconds / self.ratio - self.seconds if self.ratio and self.seconds else None

    def __str__(self) -> str:
        """As it is shown.

        >>> str(Reached(20.0, 2_500, 2_000, 7_500, 1_800, parts=2, all_parts=8))
        '2,500 of 7,500 pages, 80.0% kept, 125.0 pages/s, 0:40 left'
        >>> str(Reached(20.0, 2_500, 2_000, None, 2_000, parts=2, all_parts=8))
        '2,500 pages (2 of 8 parts), 80.0% kept, 125.0 pages/s, 0:44 left'
        >>> str(Reached(2.0, 0, 0, 7_500, 0, parts=0, all_parts=8))
        '0 of 7,500 pages'
        >>> str(Reached(20.0, 0, 0, 7_500, 0, parts=0, all_parts=8))
        '0 of 7,500 pages: workers load models, and compile loops the first time on a machine'
        """
        if self.all_pages is None:
            counts = f"{self.pages:,} pages ({self.parts:,} of {self.all_parts:,} parts)"
        else:
            counts = f"{self.pages:,} of {self.all_pages:,} pages"
        if not self.pages or not self.seconds:
            return f"{counts}: {OPENING}" if self.seconds >= LONG_OPENING_S else counts
        counts = f"{counts}, {self.kept_ratio:.1%} kept, {self.pages_per_s:,.1f} pages/s"
        return counts if self.left_s is None else f"{counts}, {_clock(self.left_s)} left"


def _clock(seconds: float) -> str:
    """Minutes and seconds, with hours where there are any.

    >>> _clock(44.4), _clock(7_325)
    ('0:44', '2:02:05')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


@dataclass(frozen=True, slots=True)
class TasksDone:
    """Spark tasks that are done, of those known of."""

    done: int
    total: int

    @property
    def ratio(self) -> float:
        """The share that is done."""
        return self.done / self.total if self.total else 0.0

    def __str__(self) -> str:
        return f"{self.done:,} of {self.total:,} tasks"


class Display:
    """A bar that is gone in the end, or lines that stay."""

    def __init__(self, console: Console, title: str) -> None:
        self._console = console
        self._title = title
        self._last_line = time.monotonic()
        narrow = Column(no_wrap=True, overflow="ellipsis")
        self._bar = Progress(
            TextColumn("{task.description}", table_column=narrow),
            BarColumn(),
            TextColumn("{task.fields[reached]}", table_column=narrow),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task(escape(title), total=None, reached="")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._bar.stop()

    def show(self, reached: Reached | TasksDone) -> None:
        """Redraw the bar, or print a line if it is time for one."""
        if self._console.is_terminal:
            total = 1.0 if reached.ratio else None
            self._bar.update(self._task, completed=reached.ratio, total=total, reached=str(reached))
        elif time.monotonic() - self._last_line >= LINE_EVERY_S:
            self._last_line = time.monotonic()
            self._console.print(
                f"{self._title}: {reached}", highlight=False, markup=False, soft_wrap=True
            )
