"""Read the records of an archive that a list names, each by its offset and length alone."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import BinaryIO

from curation.sources.archive.record_page import loss_of
from curation.sources.archive.records import Lost, Record
from curation.sources.inputs.input_file import Place
from curation.sources.stream.compression import Compression, detect, read_events
from curation.sources.stream.frame_formats import Dictionary, NoFrameError, dictionary_at
from curation.sources.warc import MAX_BODY_BYTES, WarcReader
from curation.storage.stores import open_input
from schemas.page import Loss, LossReason, Page

PLACE_SLACK_BYTES = 2 << 20  # what a record may have beside its body: headers, compression


class PlacesReader(WarcReader):
    """The pages and losses of the places, in their order; what lies between is never read.

    Each place is one range request. One where no record begins is a loss, and so is each place of
    a file that cannot be opened.
    """

    def __init__(self, path: str, places: Sequence[Place], *, max_body_bytes: int) -> None:
        super().__init__(path, max_body_bytes=max_body_bytes)
        self.places = places

    def _open(self) -> BinaryIO:
        return open_input(self.path, read_ahead=False)

    def _unreadable(self, detail: str) -> Iterator[Loss]:
        for offset, _ in self.places:
            yield loss_of(Lost(offset, LossReason.UNREADABLE_FILE, detail), self.path)

    def _read(self, file: BinaryIO) -> Iterator[Page | Loss]:
        shared = cache(partial(_shared_dictionary, file))
        for offset, length in self.places:
            yield from self._account(iter([self._place(file, offset, length, shared)]))

    def _place(
        self, file: BinaryIO, offset: int, length: int, shared: Callable[[], Dictionary | None]
    ) -> Record | Lost:
        """The record that begins in a place; what may follow it there was not asked for.

        ``shared`` gets the dictionary of the file's zstd frames.
        """
        if length > self.max_body_bytes + PLACE_SLACK_BYTES:
            detail = f"a list says that the record has {length} bytes"
            return Lost(offset, LossReason.BODY_TOO_LARGE, detail)
        file.seek(offset)
        data = file.read(length)
        memory = io.BytesIO(data)
        compression = detect(memory, self.path)
        if compression is None:
            return Lost(offset, LossReason.NOT_WHERE_LISTED, "the file ends before this place")
        dictionary = shared() if compression is Compression.ZSTD else None
        events = read_events(memory, compression, dictionary)
        item = next(self._records(events, linear=compression is Compression.NONE), None)
        if isinstance(item, Record):
            return replace(item, offset=offset)
        if item is None or not item.header:
            detail = item.detail if item else f"{len(data)} bytes without a record"
            return Lost(offset, LossReason.NOT_WHERE_LISTED, detail)
        return replace(item, offset=offset)


def _shared_dictionary(file: BinaryIO) -> Dictionary | None:
    try:
        return dictionary_at(file, 0)
    except NoFrameError:
        return None  # each place that needs it will be a loss


def read_places(
    path: str, places: Sequence[Place], *, max_body_bytes: int = MAX_BODY_BYTES
) -> PlacesReader:
    """The pages at these offsets, of these lengths in bytes, of a WARC, WET or ARC file."""
    return PlacesReader(path, places, max_body_bytes=max_body_bytes)
