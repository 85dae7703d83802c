"""What a run of Spark has used: its tasks by the event log, its processes by /proc (Linux)."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from curation.spark.processes import family, processor_s

Result = TypeVar("Result")


def log_settings(folder: Path) -> dict[str, str]:
    """Settings with which a session writes its event log into a folder that is there."""
    return {
        "spark.eventLog.enabled": "true",
        "spark.eventLog.compress": "false",
        "spark.eventLog.rolling.enabled": "false",
        "spark.eventLog.dir": folder.as_uri(),
    }


class Task(NamedTuple):
    """One task that ended: its stage, and what it took."""

    stage: int
    seconds: float
    shuffled_bytes: int
    spilled_bytes: int


def read_tasks(folder: Path) -> Iterator[Task]:
    """Every task in the event logs of a folder."""
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        with file.open(encoding="utf-8") as lines:
            for event in map(json.loads, lines):
                if event["Event"] == "SparkListenerTaskEnd":
                    yield _task(event)


def _task(event: dict[str, Any]) -> Task:
    info, metrics = event["Task Info"], event["Task Metrics"]
    return Task(
        event["Stage ID"],
        (info["Finish Time"] - info["Launch Time"]) / 1000,
        metrics["Shuffle Write Metrics"]["Shuffle Bytes Written"],
        metrics["Disk Bytes Spilled"],
    )


@dataclass
class Meter:
    """Processor and wall time of some work, and the most memory that was resident."""

    processor_s: float = 0.0
    wall_s: float = 0.0
    peak_bytes: int = 0

    def measure(self, work: Callable[[], Result]) -> Result:
        """Do it, and add it up."""
        stop = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(stop,))
        before, start = processor_s(os.getpid()), time.monotonic()
        watcher.start()
        try:
            result = work()
        finally:
            self.processor_s = processor_s(os.getpid()) - before
            self.wall_s = time.monotonic() - start
            stop.set()
            watcher.join()
        return result

    def _watch(self, stop: threading.Event) -> None:
        while not stop.wait(0.2):
            resident = sum(process.resident_bytes for process in family(os.getpid()).values())
            self.peak_bytes = max(self.peak_bytes, resident)
