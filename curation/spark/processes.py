"""What the processes of a session take, by /proc; where there is none, nothing is known."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
PROC = Path("/proc/self/stat")
JAVA = "java"


class Process(NamedTuple):
    """Processor time of its own and of its children that have ended, and resident memory."""

    own_s: float
    children_s: float
    resident_bytes: int


def family(root: int) -> dict[int, Process]:
    """The processes that run now at and below ``root``, by number. Shared pages count in each."""
    return _below(root, _running())


class _Running(NamedTuple):
    parent: int
    process: Process


def _running() -> Mapping[int, _Running]:
    """Every process that runs now."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        own, children = (sum(map(int, fields[i : i + 2])) / TICKS_PER_S for i in (11, 13))
        process = Process(own, children, int(fields[21]) * PAGE_BYTES)
        found[int(stat.parent.name)] = _Running(int(fields[1]), process)
    return found


def _below(root: int, running: Mapping[int, _Running]) -> dict[int, Process]:
    members, below = {}, [root] if root in running else []
    while below:
        number = below.pop()
        members[number] = running[number].process
        below += [child for child, one in running.items() if one.parent == number]
    return members


def processor_s(root: int) -> float:
    """What the processes at and below ``root`` have taken, those that have ended included."""
    return sum(one.own_s + one.children_s for one in family(root).values())


def processors_now() -> float | None:
    """What this process and all that it started have taken; None where there is no /proc.

    Under spark-submit Java is no child of this process, and executors may run on other machines.
    """
    return processor_s(os.getpid()) if _is_seen() else None


def workers_now() -> float | None:
    """What Spark's workers have taken, and all that they started; None where nobody can tell."""
    return workers_s(os.getpid()) if _is_seen() else None


def workers_s(root: int) -> float:
    """What the processes at and below ``root`` have taken that Java started, those ended too."""
    running = _running()
    found = {process for process in _below(root, running) if _name(process) == JAVA}
    return sum(
        one.children_s + (0.0 if process in found else one.own_s)
        for java in found
        for process, one in _below(java, running).items()
    )


def _is_seen() -> bool:
    return "PYSPARK_GATEWAY_PORT" not in os.environ and PROC.exists()


def _name(process: int) -> str:
    try:
        return Path(f"/proc/{process}/comm").read_text().strip()
    except OSError:
        return ""


def shared_bytes(root: int) -> int:
    """The memory of the processes at and below ``root``; what some share counts once (PSS)."""
    return sum(map(shared_bytes_of, family(root)))


def shared_bytes_of(process: int) -> int:
    """The same of one process; 0 where it has ended meanwhile."""
    try:
        return memory_bytes(process, "Pss")
    except (OSError, ValueError):
        return 0


def memory_bytes(process: int, kind: str) -> int:
    """The "Pss" or "Rss" of a process. Raises OSError or ValueError if it has none."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith(f"{kind}:"):
            return int(line.split()[1]) << 10
    raise ValueError(f"process {process} has no {kind}")
