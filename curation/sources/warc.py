"""Read a web archive: every record that can hold a page becomes a page or a counted loss."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from os import PathLike, fspath
from typing import BinaryIO, TypeGuard

from curation.sources.archive.framing import read_records
from curation.sources.archive.pages import loss_of, page_or_loss
from curation.sources.archive.record_formats import (
    begins_record,
    record_format_by_name,
    record_format_of,
)
from curation.sources.archive.records import (
    PAGE_RECORD_TYPES,
    SKIPPED_RECORD_TYPES,
    Record,
    Unreadable,
)
from curation.sources.stream.compression import Compression, detect, read_range
from curation.sources.stream.events import Events
from curation.sources.stream.store_errors import PERMANENT_ERRORS
from curation.sources.stream.window import Window
from curation.storage.stores import open_input
from schemas.page import Loss, LossReason, Page

MAX_BODY_BYTES = 32 << 20
_HTTP_HEADER_BYTES = 1 << 20  # what a record may hold beside its body


def or_not_an_archive(items: Iterator[Record | Unreadable]) -> Iterator[Record | Unreadable]:
    """The items; where the whole file has no trace of a record, one that says so."""
    first, second = next(items, None), next(items, None)
    if first is None:
        yield Unreadable(0, LossReason.NOT_AN_ARCHIVE, "the file holds no record")
        return
    if second is None and _is_nothing(first):
        yield replace(first, reason=LossReason.NOT_AN_ARCHIVE)
        return
    yield first
    if second is not None:
        yield second
    yield from items


def _is_nothing(item: Record | Unreadable) -> TypeGuard[Unreadable]:
    if isinstance(item, Record) or item.header:
        return False
    return item.offset == 0 and item.reason is LossReason.DAMAGED_RECORD


class WarcReader:
    """The pages and losses of one archive, in file order, each read when it is asked for.

    ``records`` counts what was found so far, records and what is unreadable, each of which is
    yielded or is among ``skipped``: those that hold no page, by type (request, metadata, warcinfo,
    revisit, …). Offsets rise strictly: where several records share a compressed member,
    the k-th has the member's offset plus k.
    """

    def __init__(
        self,
        path: str | PathLike[str],
        *,
        max_body_bytes: int = MAX_BODY_BYTES,
        start: int = 0,
        end: int | None = None,
    ) -> None:
        self.path = fspath(path)
        self.max_body_bytes = max_body_bytes
        self.start, self.end = start, end
        self.skipped: Counter[str] = Counter()
        self.records = 0

    def __iter__(self) -> Iterator[Page | Loss]:
        """Read the range from its start. Raises OSError when the store fails."""
        self.skipped.clear()
        self.records = 0
        last = -1
        for item in self._account(self._find()):
            last = max(item.offset, last + 1)
            yield item if item.offset == last else replace(item, offset=last)

    def _find(self) -> Iterator[Record | Unreadable]:
        """What the file holds, each counted as it comes."""
        try:
            file = self._open()
        except PERMANENT_ERRORS as error:
            for item in self._unreadable(error.strerror or str(error)):
                self.records += 1
                yield item
            return
        with file:
            for found in self._read(file):
                self.records += 1
                yield found

    def _open(self) -> BinaryIO:
        return open_input(self.path)

    def _unreadable(self, detail: str) -> Iterator[Unreadable]:
        """What a file that cannot be opened holds."""
        yield Unreadable(0, LossReason.UNREADABLE_FILE, detail)

    def _read(self, file: BinaryIO) -> Iterator[Record | Unreadable]:
        compression = detect(file, self.path)
        if compression is None and self.start:
            return
        if compression is None:
            yield Unreadable(0, LossReason.EMPTY_FILE, "the file has no bytes")
            return
        begins = partial(begins_record, record_format_by_name(self.path))
        events = read_range(file, compression, self.start, self.end, begins)
        records = self._records(events, linear=compression is Compression.NONE)
        yield from records if self.start else or_not_an_archive(records)

    def _records(self, events: Events, *, linear: bool) -> Iterator[Record | Unreadable]:
        window = Window(events, linear=linear)
        record_format = record_format_of(window, self.path)
        return read_records(window, record_format, self.max_body_bytes + _HTTP_HEADER_BYTES)

    def _account(self, items: Iterator[Record | Unreadable]) -> Iterator[Page | Loss]:
        """Pages and losses; records that hold no page are counted."""
        for item in items:
            if isinstance(item, Unreadable):
                yield loss_of(item, self.path)
                continue
            kind = item.kind
            if kind in PAGE_RECORD_TYPES:
                yield page_or_loss(item, self.path, self.max_body_bytes)
            elif not kind:
                reason = LossReason.DAMAGED_RECORD
                unreadable = Unreadable(item.offset, reason, "no WARC-Type", item.header)
                yield loss_of(unreadable, self.path)
            else:
                self.skipped[kind if kind in SKIPPED_RECORD_TYPES else "unknown"] += 1


def read_warc(
    path: str | PathLike[str],
    *,
    max_body_bytes: int = MAX_BODY_BYTES,
    start: int = 0,
    end: int | None = None,
) -> WarcReader:
    """The pages of a WARC, WET or ARC file, and a loss for all bytes that gave none.

    Reads gzip, zstd and lz4 (one member per record or not) and plain files, from the local disk or
    an object store. ``max_body_bytes`` caps a body after its codings are undone. Nothing in a file
    raises; an OSError while reading comes from the store.

    ``start`` and ``end`` are file offsets: only records whose members start in between are read.
    Adjoining ranges of a gzip file share its records without gap or overlap, wherever they are cut;
    other files cannot be entered, and are read whole by the range that starts at 0.
    """
    return WarcReader(path, max_body_bytes=max_body_bytes, start=start, end=end)
