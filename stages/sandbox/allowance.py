"""How long an item may take: so much CPU time of the child, and far more of the wall clock."""

from __future__ import annotations

import ctypes
import os
import selectors
import sys
import time

MIN_WAIT_S = 0.01  # between two looks at the child's clock when little of its time is left


class TooLateError(Exception):
    """An item took more of a clock than it may; the message says of which."""


class CpuClock:
    """The CPU time of a process, all of its threads together, in seconds.

    The scheduler's own count, exact to the microsecond. Timers that signal the child (ITIMER_PROF,
    RLIMIT_CPU) count ticks of the machine instead: where it is busy they go off from 11% early to
    3% late.
    """

    def __init__(self, process: int) -> None:
        self._clock = time.CLOCK_MONOTONIC
        if sys.platform == "linux":
            found = ctypes.c_int()
            error = ctypes.CDLL(None).clock_getcpuclockid(process, ctypes.byref(found))
            if error:
                raise OSError(error, os.strerror(error))
            self._clock = found.value

    def read(self) -> float:
        """Seconds so far."""
        return time.clock_gettime(self._clock)


class Allowance:
    """What is left to an item of its CPU time and of the wall clock."""

    def __init__(self, clock: CpuClock, max_cpu_s: float, max_wall_s: float) -> None:
        self._clock, self._max_cpu_s, self._max_wall_s = clock, max_cpu_s, max_wall_s
        self._cpu_end = clock.read() + max_cpu_s
        self._wall_end = time.monotonic() + max_wall_s

    def cpu_left(self) -> float:
        """Seconds of CPU time; raises ``TooLateError`` when there is none."""
        left = self._cpu_end - self._clock.read()
        if left < 0:
            raise TooLateError(f"more than {self._max_cpu_s:g} s of CPU time")
        return left

    def wall_left(self) -> float:
        """Seconds of the wall clock; raises ``TooLateError`` when there is none."""
        left = self._wall_end - time.monotonic()
        if left < 0:
            raise TooLateError(f"no answer in {self._max_wall_s:g} s")
        return left

    def wait(self, descriptor: int, event: int) -> None:
        """Until a pipe is ready; raises ``TooLateError``.

        A thread gets no more CPU time than passes on the wall clock, so the child is looked at when
        it could be late at the earliest: hardly any item is looked at before its answer is there.
        """
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, event)
            while not selector.select(min(max(self.cpu_left(), MIN_WAIT_S), self.wall_left())):
                pass
