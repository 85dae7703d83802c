"""The stretches of a file that parts are made of: ranges of offsets, or places in a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from curation.sources.formats import can_split
from curation.sources.inputs.input_file import InputFile, Place


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some of a file: what starts at ``start`` or after it and before ``end`` (None: the file's).

    Where there are ``places``, exactly those, each the offset and length in bytes of a record.
    """

    start: int = 0
    end: int | None = None
    places: tuple[Place, ...] = ()


WHOLE = Stretch()


def split(file: InputFile, max_bytes: int) -> list[tuple[Stretch, int]]:
    """The stretches to read a file in, each of at most ``max_bytes``, with their sizes in bytes.

    Only gzip archives can be entered anywhere; any other file is one stretch. A list of places is
    cut between any two of them, so that one larger than ``max_bytes`` is a stretch of its own.

    >>> [stretch.end for stretch, _ in split(InputFile("a.warc.gz", 250, ""), 100)]
    [100, 200, None]
    """
    if file.places:
        return [
            (Stretch(places=tuple(places)), sum(size for _, size in places))
            for places in _portions(file.places, max_bytes)
        ]
    if not can_split(file.path):
        return [(WHOLE, file.size)]
    starts = range(0, max(file.size, 1), max_bytes)
    ranges = [Stretch(start, start + max_bytes) for start in starts[:-1]]
    last = Stretch(starts[-1], None)
    return [*((each, max_bytes) for each in ranges), (last, file.size - last.start)]


def _portions(places: Sequence[Place], max_bytes: int) -> Iterator[list[Place]]:
    portion: list[Place] = []
    size = 0
    for place in places:
        if portion and size + place[1] > max_bytes:
            yield portion
            portion, size = [], 0
        portion.append(place)
        size += place[1]
    yield portion
