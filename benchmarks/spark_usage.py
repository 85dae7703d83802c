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

Result = TypeVar("Result")

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


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


class Process(NamedTuple):
    """Processor time of its own and of its children that have ended, and resident memory."""

    own_s: float
    children_s: float
    resident_bytes: int


def family(root: int) -> dict[int, Process]:
    """The processes that run now at and below ``root``, by number. Shared pages count in each."""
    parents, found = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        number = int(stat.parent.name)
        parents[number] = int(fields[1])
        own, children = (sum(map(int, fields[i : i + 2])) / TICKS_PER_S for i in (11, 13))
        found[number] = Process(own, children, int(fields[21]) * PAGE_BYTES)
    members, below = {}, [root] if root in found else []
    while below:
        number = below.pop()
        members[number] = found[number]
        below += [child for child, parent in parents.items() if parent == number]
    return members


def processor_s(root: int) -> float:
    """What the processes at and below ``root`` have taken, those that have ended included."""
    return sum(one.own_s + one.children_s for one in family(root).values())


def shared_bytes(root: int) -> int:
    """The memory of the processes at and below ``root``; what some share counts once (PSS)."""
    return sum(map(_shared_bytes_of, family(root)))


def _shared_bytes_of(process: int) -> int:
    try:
        return memory_bytes(process, "Pss")
    except (OSError, ValueError):  # it has ended meanwhile
        return 0


def memory_bytes(process: int, kind: str) -> int:
    """The "Pss" or "Rss" of a process. Raises OSError or ValueError if it has none."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith(f"{kind}:"):
            return int(line.split()[1]) << 10
    raise ValueError(f"process {process} has no {kind}")


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
