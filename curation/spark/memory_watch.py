"""The most memory that a process and all below it have had together."""

from __future__ import annotations

import os
import time
from pathlib import Path

from curation.spark.preparation import DAEMON
from curation.spark.processes import family, processors_now, shared_bytes_of

LOOK_EVERY_S = 4.0
"""A look takes the kernel some 5 ms for each gigabyte that is mapped."""


class MemoryWatch:
    """Looks now and then, when it is asked to. What several processes share counts once.

    ``workers_bytes`` are those of Spark's workers, of the process that they fork from and of what
    they start themselves.
    """

    def __init__(self) -> None:
        self.peak_bytes: int | None = None
        self.workers_bytes: int | None = None
        self._next = 0.0
        self._can_see = processors_now() is not None

    def look(self) -> None:
        """Look, unless that was done a moment ago."""
        now = time.monotonic()
        if not self._can_see or now < self._next:
            return
        self._next = now + LOOK_EVERY_S
        sizes = {process: shared_bytes_of(process) for process in family(os.getpid())}
        workers = sum(size for process, size in sizes.items() if _is_of_workers(process))
        self.peak_bytes = max(self.peak_bytes or 0, sum(sizes.values()))
        self.workers_bytes = max(self.workers_bytes or 0, workers)


def _is_of_workers(process: int) -> bool:
    try:
        return DAEMON.encode() in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False
