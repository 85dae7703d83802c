"""When a step was done and what it ran on: for its manifest, and for people alone."""

from __future__ import annotations

import platform
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

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
