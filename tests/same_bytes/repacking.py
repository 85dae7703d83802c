"""The same records in other files: compressed otherwise, or split otherwise. Damage stays as it is."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

MAGIC = b"\x1f\x8b\x08"


def members_of(data: bytes) -> Iterator[tuple[bytes, bytes | None]]:
    """Each gzip member of a file, and what it holds: None for what cannot be unpacked.

    >>> [plain for _, plain in members_of(gzip.compress(b"a") + b"??" + gzip.compress(b"b"))]
    [b'a', None, b'b']
    """
    start = 0
    while start < len(data):
        packed, plain = _member(data, start)
        if plain is None:
            following = data.find(MAGIC, start + 1)
            while following > 0 and _member(data, following)[1] is None:
                following = data.find(MAGIC, following + 1)
            packed = data[start : following if following > 0 else len(data)]
        yield packed, plain
        start += len(packed)


def _member(data: bytes, start: int) -> tuple[bytes, bytes | None]:
    unpacking = zlib.decompressobj(wbits=31)
    try:
        plain = unpacking.decompress(data[start:])
    except zlib.error:
        return b"", None
    if not unpacking.eof:
        return b"", None
    return data[start : len(data) - len(unpacking.unused_data)], plain


def recompress(files: Sequence[Path], folder: Path) -> list[Path]:
    """Each file with its members packed at another level."""
    return [
        _write(folder / path.name, map(_packed, members_of(path.read_bytes()))) for path in files
    ]


def split(files: Sequence[Path], folder: Path, count: int) -> list[Path]:
    """All members in their order, in so many files, none of which begins with what is damaged."""
    members = [member for path in files for member in members_of(path.read_bytes())]
    cuts = [len(members) * number // count for number in range(count + 1)]
    for number in range(1, count):
        while members[cuts[number]][1] is None:
            cuts[number] += 1
    return [
        _write(folder / f"split-{n:02d}.warc.gz", (packed for packed, _ in members[begin:end]))
        for n, (begin, end) in enumerate(pairwise(cuts))
    ]


def _packed(member: tuple[bytes, bytes | None]) -> bytes:
    packed, plain = member
    return packed if plain is None else gzip.compress(plain, 1, mtime=7)


def _write(path: Path, members: Iterator[bytes]) -> Path:
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_bytes(b"".join(members))
    return path
