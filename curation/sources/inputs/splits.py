"""The splits of a file, of which parts are made: ranges of offsets, or some records of a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from curation.sources.formats import can_split
from curation.sources.inputs.input_file import InputFile, RecordRange


@dataclass(frozen=True, slots=True)
class Split:
    """Some of a file: what starts at ``start`` or after it and before ``end`` (None: the file's).

    Where there are ``ranges``, exactly the records in those.
    """

    start: int = 0
    end: int | None = None
    ranges: tuple[RecordRange, ...] = ()


WHOLE = Split()


def split(file: InputFile, max_bytes: int) -> list[tuple[Split, int]]:
    """The splits to read a file in, each of at most ``max_bytes``, with their sizes in bytes.

    A file that cannot be entered anywhere is one split. A list of records is cut between any two of
    them, so that one larger than ``max_bytes`` is a split of its own.

    >>> [each.end for each, _ in split(InputFile("a.warc.gz", 250, ""), 100)]
    [100, 200, None]
    """
    if file.ranges:
        return [
            (Split(ranges=tuple(ranges)), sum(each.length for each in ranges))
            for ranges in _portions(file.ranges, max_bytes)
        ]
    if not can_split(file.path):
        return [(WHOLE, file.size)]
    starts = range(0, max(file.size, 1), max_bytes)
    splits = [(Split(start, start + max_bytes), max_bytes) for start in starts[:-1]]
    return [*splits, (Split(starts[-1]), file.size - starts[-1])]


def _portions(ranges: Sequence[RecordRange], max_bytes: int) -> Iterator[list[RecordRange]]:
    portion: list[RecordRange] = []
    size = 0
    for each in ranges:
        if portion and size + each.length > max_bytes:
            yield portion
            portion, size = [], 0
        portion.append(each)
        size += each.length
    yield portion
