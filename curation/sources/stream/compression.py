"""Which compression a file has, by its first bytes, and the decoder for it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import PurePosixPath
from typing import BinaryIO

from curation.sources.stream.events import Events, read_plain
from curation.sources.stream.frame_formats import DICTIONARY_FRAME, LZ4, ZSTD, Dictionary
from curation.sources.stream.frames import read_frames
from curation.sources.stream.gzip_members import BeginsRecord, read_gzip


class Compression(StrEnum):
    """How a file is packed."""

    NONE = "none"
    GZIP = "gzip"
    ZSTD = "zstd"
    LZ4 = "lz4"


_MAGICS: Mapping[bytes, Compression] = {
    b"\x1f\x8b": Compression.GZIP,
    ZSTD.magic: Compression.ZSTD,
    DICTIONARY_FRAME: Compression.ZSTD,
    LZ4.magic: Compression.LZ4,
}

SUFFIXES: Mapping[str, Compression] = {
    "": Compression.NONE,
    ".gz": Compression.GZIP,
    ".zst": Compression.ZSTD,
    ".lz4": Compression.LZ4,
}
"""What a compression adds to the name of a file."""

_HEAD_BYTES = 10  # no shorter than the version line of a record


def detect(file: BinaryIO, name: str) -> Compression | None:
    """The compression, from the first bytes; None for a file that has none. Rewinds the file.

    Where they are neither a known magic number nor text, the file's name decides: its first
    member may be damaged.
    """
    head = file.read(_HEAD_BYTES)
    file.seek(0)
    if not head:
        return None
    for magic, kind in _MAGICS.items():
        if head.startswith(magic[: len(head)]):
            return kind
    if head.isascii() and head.replace(b"\r\n", b"").decode("ascii").isprintable():
        return Compression.NONE
    return SUFFIXES.get(PurePosixPath(name.lower()).suffix, Compression.NONE)


def read_events(
    file: BinaryIO, compression: Compression, dictionary: Dictionary | None = None
) -> Events:
    """The decoded pieces of a file and the faults in it.

    ``dictionary`` is for a part of a zstd file; a whole one brings its own.
    """
    match compression:
        case Compression.NONE:
            return read_plain(file)
        case Compression.GZIP:
            return read_gzip(file)
        case Compression.ZSTD:
            return read_frames(file, ZSTD, dictionary)
        case Compression.LZ4:
            return read_frames(file, LZ4)


def read_range(
    file: BinaryIO,
    compression: Compression,
    start: int,
    end: int | None,
    begins_record: BeginsRecord,
) -> Events:
    """The pieces and faults of a range of offsets.

    Only gzip can be entered anywhere; other files belong whole to the range that starts at 0.
    """
    if compression is Compression.GZIP:
        return read_gzip(file, start, end, begins_record)
    return iter(()) if start else read_events(file, compression)
