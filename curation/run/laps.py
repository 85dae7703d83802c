"""Where the time of a run went: every second between its start and its end has a name."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from curation.spark.processes import processors_now


@dataclass(frozen=True, slots=True)
class Lap:
    """What went by: on the clock, and of processors, which is None where nobody can tell."""

    seconds: float
    processor_s: float | None


@dataclass
class Laps:
    """A stopwatch without gaps: ``end`` gives all that went by since the end before it one name.

    >>> seconds, used = iter([0.0, 1.5, 4.0]), iter([0.0, 1.0, 5.0])
    >>> laps = Laps(lambda: next(seconds), lambda: next(used))
    >>> laps.end("plan")
    Lap(seconds=1.5, processor_s=1.0)
    >>> laps.end("01 prepare")
    Lap(seconds=2.5, processor_s=4.0)
    >>> laps.total
    Lap(seconds=4.0, processor_s=5.0)
    """

    now: Callable[[], float] = time.monotonic
    processors: Callable[[], float | None] = processors_now
    ended: dict[str, Lap] = field(default_factory=dict, init=False)
    _last: tuple[float, float | None] = field(init=False)

    def __post_init__(self) -> None:
        self._last = self.now(), self.processors()

    def end(self, name: str) -> Lap:
        """What has gone by since the last call, or since the start, was spent on this."""
        now, used = self.now(), self.processors()
        lap = Lap(now - self._last[0], _difference(used, self._last[1]))
        self._last = now, used
        self.ended[name] = _add(self.ended[name], lap) if name in self.ended else lap
        return lap

    @property
    def total(self) -> Lap:
        """From the start to the last end."""
        total = Lap(0.0, 0.0)
        for lap in self.ended.values():
            total = _add(total, lap)
        return total


def _add(one: Lap, other: Lap) -> Lap:
    known = one.processor_s is not None and other.processor_s is not None
    used = (one.processor_s or 0.0) + (other.processor_s or 0.0) if known else None
    return Lap(one.seconds + other.seconds, used)


def _difference(now: float | None, before: float | None) -> float | None:
    return None if now is None or before is None else max(0.0, now - before)
