"""Names and values by number: stretches of bytes, each entered once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from models.kernels.arrays import Int32Array, UInt8Array
from models.kernels.compile import inlined, kernel

MAX_PROBES = 64
"""What has so crowded a place in the table is not looked up: it stands twice then. No page can make
a look-up long."""

_HASH_START = np.uint64(14695981039346656037)
_HASH_FACTOR = np.uint64(1099511628211)


@inlined
def find_entry(
    source: UInt8Array,
    start: int,
    end: int,
    names: UInt8Array,
    table: Int32Array,
    spans: Int32Array,
) -> tuple[int, int]:
    """The entry whose span of ``names`` is these bytes, else -1; and where it would stand, else -1.

    ``table`` holds entries, -1 where there is none, and is a power of two long.
    """
    value = _HASH_START
    for at in range(start, end):
        value = (value ^ np.uint64(source[at])) * _HASH_FACTOR
    mask = len(table) - 1
    place: int = np.int64((value ^ (value >> np.uint64(32))) & np.uint64(mask))  # type: ignore[assignment]
    for _ in range(MAX_PROBES):
        entry = table[place]
        if entry < 0:
            return -1, place
        first = spans[entry, 0]
        if spans[entry, 1] - first == end - start:
            same = 0
            while same < end - start and names[first + same] == source[start + same]:
                same += 1
            if same == end - start:
                return entry, place
        place = (place + 1) & mask
    return -1, -1


@kernel()
def intern(
    source: UInt8Array, start: int, end: int, table: Int32Array, spans: Int32Array, count: int
) -> int:
    """The entry of these bytes, written as ``spans[count]`` if it is new."""
    entry, place = find_entry(source, start, end, source, table, spans)
    if entry >= 0:
        return entry
    spans[count, 0], spans[count, 1] = start, end
    if place >= 0:
        table[place] = count
    return count


@kernel()
def join(source: UInt8Array, spans: Int32Array, joined: UInt8Array) -> None:
    """Write the spans of ``source`` one after the other, a NUL behind each."""
    place = 0
    for number in range(len(spans)):
        for at in range(spans[number, 0], spans[number, 1]):
            joined[place] = source[at]
            place += 1
        joined[place] = 0
        place += 1


class Entries(NamedTuple):
    """Names that are known before a page is: entry i is name i."""

    names: UInt8Array
    table: Int32Array
    spans: Int32Array


def enter(names: Sequence[str]) -> Entries:
    """A table of distinct names."""
    source = np.frombuffer("".join(names).encode(), np.uint8)
    ends = np.cumsum([0, *(len(name.encode()) for name in names)])
    table = np.full(1 << int(2 * len(names)).bit_length(), -1, np.int32)
    spans = np.empty((len(names), 2), np.int32)
    for number in range(len(names)):
        intern(source, ends[number], ends[number + 1], table, spans, number)
    return Entries(source, table, spans)
