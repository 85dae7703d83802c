"""The processes of a run, found by the session that it was started in, and what each is."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Process:
    """A process that has not ended."""

    id: int
    parent: int
    name: str


def of_session(session: int) -> dict[int, Process]:
    """Those that were started in a session and live, by their ids."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it may end while it is looked at
            name, _, rest = (folder / "stat").read_text().rpartition(")")
            state, parent, _, its_session, *_ = rest.split()
            if int(its_session) == session and state != "Z":
                number = int(folder.name)
                found[number] = Process(number, int(parent), name.partition("(")[2])
    return found


def peak_bytes(process: int) -> int:
    """The most resident memory that a process has had, 0 of one that has ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) << 10
    return 0


def by_role(session: int) -> Mapping[str, set[int]]:
    """The driver, Java, its daemon, the workers of that, and the children that read pages."""
    there = of_session(session)
    java = {one.id for one in there.values() if one.name == "java"}
    daemons = {one.id for one in there.values() if one.parent in java and one.id not in java}
    workers = {one.id for one in there.values() if one.parent in daemons}
    children = {one.id for one in there.values() if one.parent in workers}
    return {
        "driver": {session} & set(there),
        "java": java,
        "daemon": daemons,
        "worker": workers,
        "child": children,
    }
