"""Record lists: CDX and CDXJ files, and columnar indexes in Parquet."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from curation.sources.formats import PARQUET, format_of
from curation.sources.stream.compression import detect, read_events
from curation.sources.stream.lines import read_lines
from curation.storage.stores import open_input
from schemas.document import OFFSET_BITS

COLUMNS = ("warc_filename", "warc_record_offset", "warc_record_length")
"""The columns of a columnar index, as Common Crawl names them."""

_LETTERS = "NbamskrMSVg"  # the fields of a CDX file that does not name them
_MAX_LINE_BYTES = 1 << 20
MAX_FILE_BYTES = 1 << OFFSET_BITS  # beyond it, positions are those of the next file


@dataclass(frozen=True, slots=True)
class ListEntry:
    """An archive's name, and the offset and length of a record in it, in bytes."""

    archive: str
    offset: int
    length: int


class BadRecordListError(ValueError):
    """A record list says nothing that a record could be read by; the message says where."""


def is_columnar_index(path: str, body_columns: Collection[str]) -> bool:
    """Whether a Parquet file is a record list, by its columns.

    One that has a column of ``body_columns`` holds pages, even if it says where they came from.
    Raises OSError if it cannot be opened.
    """
    columns = set(_columns(path))
    return columns.issuperset(COLUMNS) and columns.isdisjoint(body_columns)


def read_record_list(path: str) -> Iterator[ListEntry]:
    """Every entry, in the order of the file. Raises BadRecordListError for a line that is none."""
    if format_of(path) is PARQUET:
        yield from _read_parquet(path)
        return
    letters = _LETTERS
    for number, line in _lines(path):
        if line.startswith(" CDX "):
            letters = line[5:].replace(" ", "")
        elif line and not line.startswith("!"):
            try:
                yield _of_json(line) if line.endswith("}") else _of_fields(line, letters)
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                raise BadRecordListError(
                    f"{path}: line {number} does not say where its record is "
                    f"({type(error).__name__}: {error}): it needs a file name, offset and length"
                ) from error


def _of_json(line: str) -> ListEntry:
    r"""The entry of a CDXJ line.

    >>> _of_json('com,example)/ 2024 {"filename": "a.warc.gz", "offset": "7", "length": 9}')
    ListEntry(archive='a.warc.gz', offset=7, length=9)
    """
    values = json.loads(line[line.index("{") :])
    return _entry(values["filename"], values["offset"], values["length"])


def _of_fields(line: str, letters: str) -> ListEntry:
    """The entry of a CDX line: fields S (length), V (offset) and g (file name).

    >>> _of_fields("com,example)/ 2024 http://example.com/ - - - - - 9 7 a.warc.gz", _LETTERS)
    ListEntry(archive='a.warc.gz', offset=7, length=9)
    """
    values = dict(zip(letters, line.split(" "), strict=True))
    return _entry(values["g"], values["V"], values["S"])


def _entry(name: object, offset: object, length: object) -> ListEntry:
    start, size = _whole_number(offset), _whole_number(length)
    is_within = 0 <= start < MAX_FILE_BYTES and size > 0
    if not isinstance(name, str) or not name or not is_within:
        raise ValueError(f"file {name!r}, offset {offset!r}, length {length!r}")
    return ListEntry(name, start, size)


def _whole_number(value: object) -> int:
    """A number, as JSON and Parquet may have it: 7, "7" or 7.0."""
    if isinstance(value, int | str) or (isinstance(value, float) and value.is_integer()):
        return int(value)
    raise ValueError(f"{value!r} is no number of bytes")


def _lines(path: str) -> Iterator[tuple[int, str]]:
    with open_input(path) as file:
        compression = detect(file, path)
        if compression is None:
            return
        for number, line in enumerate(read_lines(read_events(file, compression), _MAX_LINE_BYTES)):
            if not isinstance(line, bytes):
                raise BadRecordListError(f"{path}: line {number + 1} cannot be read: {line}")
            yield number + 1, line.decode("utf-8", "replace").rstrip("\r")


def _columns(path: str) -> list[str]:
    try:
        with open_input(path, read_ahead=False) as file:
            return list(pq.ParquetFile(file).schema_arrow.names)
    except pa.ArrowException:
        return []  # its reader makes a loss of it


def _read_parquet(path: str) -> Iterator[ListEntry]:
    row = 0
    try:
        with open_input(path, read_ahead=False) as file:
            for batch in pq.ParquetFile(file).iter_batches(columns=list(COLUMNS)):
                values = (batch.column(name).to_pylist() for name in COLUMNS)
                for name, offset, length in zip(*values, strict=True):
                    yield _entry(name, offset, length)
                    row += 1
    except (pa.ArrowException, ValueError, TypeError) as error:
        raise BadRecordListError(f"{path}: row {row} names no record: {error}") from error
