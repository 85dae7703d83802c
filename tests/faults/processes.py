"""What is ended of a run, and how."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from random import Random

from benchmarks.processes import by_role


class Victim(StrEnum):
    """A role, ended by SIGKILL, or the driver by a signal that it can answer."""

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


def strike(victim: Victim, session: int, random: Random) -> bool:
    """End one process of the run that is a victim of that kind; whether there was one."""
    there = by_role(session)[victim.partition(",")[0]]
    if not there:
        return False
    with suppress(ProcessLookupError):
        os.kill(random.choice(sorted(there)), SIGNALS.get(victim, signal.SIGKILL))
        return True
    return False
