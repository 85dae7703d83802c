"""How a command ends whose error a user can mend: in one line, and with which exit code."""

from __future__ import annotations

from typing import NamedTuple

from conf.records import ConfigError
from curation.errors import CurationError, StorageError, UsageError
from curation.spark.java import JavaNotFoundError
from curation.storage.faults import storage_error


class Ending(NamedTuple):
    """A line for the user, and what a script sees."""

    message: str
    exit_code: int


def ending_of(error: Exception) -> Ending | None:
    """How a command ends on an error; None if that is a bug of ours, whose traceback helps."""
    if isinstance(error, CurationError):
        return Ending(str(error), error.exit_code)
    if isinstance(error, ConfigError | JavaNotFoundError):
        return Ending(str(error), UsageError.exit_code)
    if isinstance(error, OSError):
        return Ending(str(storage_error(error)), StorageError.exit_code)
    return None
