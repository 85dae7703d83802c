"""Lines of JSON files, read a bounded number of bytes at a time."""

from __future__ import annotations

from collections.abc import Iterator

from curation.errors import UsageError
from curation.storage.stores import open_input

MAX_LINE_BYTES = 16 << 20
"""More than any label or question has; what is longer is given cut, and so is no JSON."""


def read_lines(path: str) -> Iterator[tuple[int, bytes]]:
    """The lines of a file that are not blank, with their numbers from 1.

    Raises UsageError for a file that cannot be read.
    """
    try:
        with open_input(path) as stream:
            number = 0
            while line := stream.readline(MAX_LINE_BYTES):
                number += 1
                rest = line
                while not rest.endswith(b"\n") and (rest := stream.readline(MAX_LINE_BYTES)):
                    pass
                if line.strip():
                    yield number, line
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror or error})") from error
