"""When a step was done, what it took and what it ran on: for its manifest, and people alone."""

from __future__ import annotations

import platform
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from curation.run.laps import Lap

PACKAGES = ("curation", "pyspark", "pyarrow", "numpy", "torch")


def now() -> str:
    """This second, in UTC, as ISO 8601 has it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def software() -> dict[str, str]:
    """The versions of what a result may be owed to."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        with suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


def processor_s(lap: Lap) -> float | None:
    """What processors took, to a hundredth, as the clocks of processes have it."""
    return None if lap.processor_s is None else round(lap.processor_s, 2)
