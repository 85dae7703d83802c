"""The most memory that a process and all below it have had together."""

from __future__ import annotations

import os
import time

from curation.spark.processes import processors_now, shared_bytes

LOOK_EVERY_S = 2.0
"""A look takes the kernel some 5 ms for each gigabyte that is mapped."""


class MemoryWatch:
    """Looks now and then, when it is asked to."""

    def __init__(self) -> None:
        self.peak_bytes: int | None = None
        self._next = 0.0
        self._can_see = processors_now() is not None

    def look(self) -> None:
        """Look, unless that was done a moment ago."""
        now = time.monotonic()
        if self._can_see and now >= self._next:
            self._next = now + LOOK_EVERY_S
            self.peak_bytes = max(self.peak_bytes or 0, shared_bytes(os.getpid()))
