"""Look for a magic number in a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

_SCAN_BYTES = 1 << 20


def find_all(file: BinaryIO, magic: bytes, start: int, stop: int | None = None) -> Iterator[int]:
    """The offsets at which a magic number stands, from ``start`` on and before ``stop``.

    The file may be moved in between. Little more than the range is read.
    """
    held, at = b"", start
    while stop is None or at < stop:
        file.seek(at + len(held))
        block = file.read(_SCAN_BYTES)
        if not block:
            return
        held += block
        found = held.find(magic)
        while found >= 0 and (stop is None or at + found < stop):
            yield at + found
            found = held.find(magic, found + 1)
        passed = max(0, len(held) - len(magic) + 1)
        held, at = held[passed:], at + passed
