"""Read the records of an archive that a record list names, each by its offset and length alone."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import BinaryIO

from curation.sources.archive.records import Record, Unreadable
from curation.sources.inputs.input_file import RecordRange
from curation.sources.stream.compression import Compression, detect, read_events
from curation.sources.stream.frame_formats import Dictionary, NoFrameError, dictionary_at
from curation.sources.warc import MAX_BODY_BYTES, WarcReader
from curation.storage.stores import open_input
from schemas.page import LossReason

RECORD_SLACK_BYTES = 2 << 20  # what a record may have beside its body: headers, compression


class RangesReader(WarcReader):
    """The pages and losses of the ranges, in their order; what lies between is never read.

    Each is one range request. One where no record begins is a loss, and so is each range of a file
    that cannot be opened.
    """

    def __init__(self, path: str, ranges: Sequence[RecordRange], *, max_body_bytes: int) -> None:
        super().__init__(path, max_body_bytes=max_body_bytes)
        self.ranges = ranges

    def _open(self) -> BinaryIO:
        return open_input(self.path, read_ahead=False)

    def _unreadable(self, detail: str) -> Iterator[Unreadable]:
        for each in self.ranges:
            yield Unreadable(each.offset, LossReason.UNREADABLE_FILE, detail)

    def _read(self, file: BinaryIO) -> Iterator[Record | Unreadable]:
        shared = cache(partial(_shared_dictionary, file))
        for each in self.ranges:
            yield self._record(file, each, shared)

    def _record(
        self, file: BinaryIO, given: RecordRange, shared: Callable[[], Dictionary | None]
    ) -> Record | Unreadable:
        """The record that a range begins with; what may follow it there was not asked for.

        ``shared`` gets the dictionary of the file's zstd frames.
        """
        offset, length = given.offset, given.length
        if length > self.max_body_bytes + RECORD_SLACK_BYTES:
            detail = f"a list says that the record has {length} bytes"
            return Unreadable(offset, LossReason.BODY_TOO_LARGE, detail)
        file.seek(offset)
        data = file.read(length)
        memory = io.BytesIO(data)
        compression = detect(memory, self.path)
        if compression is None:
            return Unreadable(
                offset, LossReason.NOT_WHERE_LISTED, "the file ends before this offset"
            )
        dictionary = shared() if compression is Compression.ZSTD else None
        events = read_events(memory, compression, dictionary)
        item = next(self._records(events, linear=compression is Compression.NONE), None)
        if isinstance(item, Record):
            return replace(item, offset=offset, length=item.length or length)
        if item is None or not item.header:
            detail = item.detail if item else f"{len(data)} bytes without a record"
            return Unreadable(offset, LossReason.NOT_WHERE_LISTED, detail)
        return replace(item, offset=offset)


def _shared_dictionary(file: BinaryIO) -> Dictionary | None:
    try:
        return dictionary_at(file, 0)
    except NoFrameError:
        return None  # each record that needs it will be a loss


def read_ranges(
    path: str, ranges: Sequence[RecordRange], *, max_body_bytes: int = MAX_BODY_BYTES
) -> RangesReader:
    """The pages that lie in these ranges of a WARC, WET or ARC file."""
    return RangesReader(path, ranges, max_body_bytes=max_body_bytes)
