"""The formats of files: how they are named and compressed, what they hold, which can be split.

Whoever asks what a file is by its name asks here: what is taken from a folder, which reader reads
it, whether it is a record list, where it is split, and what an error says can be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from curation.sources.stream.compression import SUFFIXES, Compression


class FileKind(StrEnum):
    """What a file holds, in the order in which a folder is searched."""

    ARCHIVE = "archive"
    TABLE = "table"
    RECORD_LIST = "record list"


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A format of files. A suffix of ``suffixes`` may be followed by that of a compression.

    ``split_compressions`` are those that let a file be entered anywhere, to read it in ranges.
    """

    name: str
    kind: FileKind
    suffixes: tuple[str, ...]
    compressions: tuple[Compression, ...] = tuple(Compression)
    split_compressions: tuple[Compression, ...] = ()


WARC = FileFormat("WARC", FileKind.ARCHIVE, (".warc",), split_compressions=(Compression.GZIP,))
WET = FileFormat("WET", FileKind.ARCHIVE, (".wet",), split_compressions=(Compression.GZIP,))
ARC = FileFormat("ARC", FileKind.ARCHIVE, (".arc",), split_compressions=(Compression.GZIP,))
JSONL = FileFormat("JSONL", FileKind.TABLE, (".jsonl", ".ndjson", ".jsonlines"))
PARQUET = FileFormat("Parquet", FileKind.TABLE, (".parquet", ".pq"), (Compression.NONE,))
CDX = FileFormat("CDX", FileKind.RECORD_LIST, (".cdx",))
CDXJ = FileFormat("CDXJ", FileKind.RECORD_LIST, (".cdxj",))

FORMATS = (WARC, WET, ARC, JSONL, PARQUET, CDX, CDXJ)
"""Every format. A Parquet file may be a record list too, by its columns."""

_BY_SUFFIX: Mapping[str, tuple[FileFormat, Compression]] = {
    suffix + ending: (file_format, compression)
    for file_format in FORMATS
    for suffix in file_format.suffixes
    for ending, compression in SUFFIXES.items()
    if compression in file_format.compressions
}


def format_of(path: str) -> FileFormat | None:
    """The format that a file's name says, whatever the case of its letters.

    >>> format_of("s3://crawl/A.WARC.GZ") is WARC, format_of("notes.txt")
    (True, None)
    """
    found = _lookup(path)
    return found[0] if found else None


def kind_of(path: str) -> FileKind | None:
    """What a file holds, by what its name says."""
    found = _lookup(path)
    return found[0].kind if found else None


def can_split(path: str) -> bool:
    """Whether a file can be read in ranges of offsets, by what its name says.

    >>> can_split("a.arc.gz"), can_split("a.warc"), can_split("a.jsonl.gz")
    (True, False, False)
    """
    found = _lookup(path)
    return found is not None and found[1] in found[0].split_compressions


def readable_suffixes() -> str:
    """The suffixes of everything that can be read, for a message."""
    compressed = [s for each in FORMATS if len(each.compressions) > 1 for s in each.suffixes]
    plain = [s for each in FORMATS if len(each.compressions) == 1 for s in each.suffixes]
    endings = ", ".join(filter(None, SUFFIXES))
    return f"{', '.join(compressed)} (also {endings}), {', '.join(plain)}"


def _lookup(path: str) -> tuple[FileFormat, Compression] | None:
    name = path.lower()
    return next((found for suffix, found in _BY_SUFFIX.items() if name.endswith(suffix)), None)
