"""What goes wrong in ways that a user can mend; each kind has the exit code that scripts see."""

from __future__ import annotations

from typing import Self


class CurationError(Exception):
    """A fault in one line that says what to do. ``exit_code`` is the command's."""

    exit_code = 1


class UsageError(CurationError):
    """What was asked for cannot be: an input, a configuration, a root, a name."""

    exit_code = 2


class QuarantineError(CurationError):
    """More of the crawl could not be judged than the configuration allows."""

    exit_code = 3


class LedgerError(CurationError):
    """in = kept + removed + quarantined does not hold: a bug of ours, never of the data."""

    exit_code = 4


class RecordError(CurationError):
    """A file that says what a run did is damaged, or was written by a newer version."""

    exit_code = 6


class DamageError(CurationError):
    """A file of a finished step is gone, or is not as it was written."""

    exit_code = 7
    fault = ""
    """What is wrong with the file, where one is meant."""

    @classmethod
    def of(cls, uri: str, fault: str, remedy: str = "`curate repair` makes it again") -> Self:
        """The error of the file at ``uri``."""
        made = cls(f"{uri}: {fault}: {remedy}")
        made.fault = fault
        return made


class JobError(CurationError):
    """Spark gave up on a step."""

    exit_code = 5


class StorageError(CurationError):
    """A disk or an object store is full, gone, out of reach, or refuses."""

    exit_code = 8
