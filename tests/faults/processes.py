"""The processes of a run, found by the session that it was started in."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from random import Random


class Victim(StrEnum):
    """What is ended, and how: all but the last two by SIGKILL."""

    WORKER = "worker"
    CHILD = "child"
    DAEMON = "daemon"
    JAVA = "java"
    DRIVER = "driver"
    DRIVER_INT = "driver, SIGINT"
    DRIVER_TERM = "driver, SIGTERM"


SIGNALS: Mapping[Victim, signal.Signals] = {
    Victim.DRIVER_INT: signal.SIGINT,
    Victim.DRIVER_TERM: signal.SIGTERM,
}


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


def candidates(victim: Victim, session: int) -> list[int]:
    """The processes of a run that the victim may be, none where there is none now.

    Java starts the daemon, which forks workers, which fork the children that read pages.
    """
    there = of_session(session)
    java = {one.id for one in there.values() if one.name == "java"}
    daemons = {one.id for one in there.values() if one.parent in java and one.id not in java}
    workers = {one.id for one in there.values() if one.parent in daemons}
    children = {one.id for one in there.values() if one.parent in workers}
    drivers = {session} & set(there)
    found = {
        Victim.JAVA: java,
        Victim.DAEMON: daemons,
        Victim.WORKER: workers,
        Victim.CHILD: children,
    }
    return sorted(found.get(victim, drivers))


def strike(victim: Victim, session: int, random: Random) -> bool:
    """End one of the candidates; whether there was one."""
    there = candidates(victim, session)
    if not there:
        return False
    with suppress(ProcessLookupError):
        os.kill(random.choice(there), SIGNALS.get(victim, signal.SIGKILL))
        return True
    return False
