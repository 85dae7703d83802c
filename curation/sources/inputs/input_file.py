"""A file of a crawl, or some records in it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class RecordRange:
    """Where a record lies in its file: offset and length in bytes."""

    offset: int
    length: int


@dataclass(frozen=True, slots=True, order=True)
class InputFile:
    """A file to read: its absolute path or URI, its size in bytes, when it was last changed.

    A file that record ``lists`` name has the ``ranges`` of those records, by offset, the size that
    they have altogether, and the last moment at which a list was changed. ``content`` and
    ``status`` are set where content is what it is known by (see ``identity``).
    """

    path: str
    size: int
    modified: str
    ranges: tuple[RecordRange, ...] = ()
    lists: tuple[str, ...] = ()
    content: str = ""
    status: str = ""
