"""The Spark session of a run: opened when a step needs it, with its event log kept with the run."""

from __future__ import annotations

import resource
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from curation.run.plan import Plan
from curation.spark.event_log import EventLog
from curation.spark.sizing import core_count

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Start = Callable[[Mapping[str, str], str, Mapping[str, str]], "SparkSession"]
"""Opens a session, by Spark's settings, the master, and settings that yield to others."""


class RunSession:
    """At most one session, which is ended only by who has started it."""

    def __init__(self, start: Start, *, keeps_log: bool) -> None:
        self.spark: SparkSession | None = None
        self._start = start
        self._keeps_log = keeps_log
        self._is_own = False
        self._log: EventLog | None = None

    def open(self, plan: Plan) -> SparkSession:
        """Start a session for a plan, or join the one that there is, which has a log of its own."""
        from pyspark import SparkContext

        settings, batch = plan.config.spark.settings, plan.batch
        self._is_own = SparkContext._active_spark_context is None  # noqa: SLF001 - no public way
        log = EventLog(batch.folder)
        name = f"{plan.config.name}/{batch.name}"
        wishes = log.settings(name, settings) if self._keeps_log and self._is_own else {}
        self.spark = self._start(settings, plan.config.spark.master, wishes)
        written_to = self.spark.conf.get("spark.eventLog.dir", None)
        self._log = log if wishes and written_to == log.written_to.as_uri() else None
        return self.spark

    def keep_log(self) -> None:
        """Have in the run's folder what Spark has logged so far."""
        if self._log:
            self._log.keep()

    def close(self) -> bool:
        """End the session, so that its log is whole; whether there was one to be ended.

        Java may have been killed by then: what was to be done is done all the same.
        """
        from py4j.protocol import Py4JError

        ends = self.spark is not None and self._is_own
        if self.spark is not None and self._is_own:
            with suppress(Py4JError, ConnectionError):
                self.spark.stop()
            self.keep_log()
        self.spark = None
        return ends

    @property
    def cores(self) -> int:
        """How many tasks the session, which has been opened, runs at a time."""
        assert self.spark is not None
        return core_count(self.spark)

    @property
    def driver_bytes(self) -> int:
        """The most that this process and Java may have: its heap full, all else as it is now."""
        assert self.spark is not None
        java: Any = self.spark.sparkContext._jvm  # noqa: SLF001 - no public way
        beside = java.java.lang.management.ManagementFactory.getMemoryMXBean()
        heap_bytes = int(java.java.lang.Runtime.getRuntime().maxMemory())
        own_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
        return heap_bytes + int(beside.getNonHeapMemoryUsage().getCommitted()) + own_bytes
