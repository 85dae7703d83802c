"""A file of a crawl, or some places in it."""

from __future__ import annotations

from dataclasses import dataclass

Place = tuple[int, int]
"""Where a record lies in its file: offset and length in bytes."""


@dataclass(frozen=True, slots=True, order=True)
class InputFile:
    """A file to read: its absolute path or URI, its size in bytes, when it was last changed.

    A file that ``lists`` of records name has the ``places`` of those records, by offset, the size
    that they have altogether, and the last moment at which a list was changed.
    """

    path: str
    size: int
    modified: str
    places: tuple[Place, ...] = ()
    lists: tuple[str, ...] = ()
