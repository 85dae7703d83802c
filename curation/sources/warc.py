"""Read a web archive: every record that can hold a page becomes a page or a counted loss."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from os import PathLike, fspath
from pathlib import PurePosixPath
from typing import BinaryIO, TypeGuard

from curation.sources.codings import (
    BadContentEncodingError,
    BadTransferEncodingError,
    BodyTooLargeError,
    undo_content,
    undo_transfer,
)
from curation.sources.compression import Compression, detect, read_range
from curation.sources.feed import Feed
from curation.sources.forms import form_of
from curation.sources.framing import read_records
from curation.sources.http import BadHttpHeaderError, charset, media_type, parse_response
from curation.sources.records import PAGE_TYPES, SKIPPED_TYPES, Lost, Record
from curation.sources.stores import open_input
from schemas.page import Loss, LossReason, Page, doc_id

MAX_BODY_BYTES = 32 << 20
TRUNCATIONS = ("length", "time", "disconnect", "unspecified")
DAMAGED = "damaged"
_HTTP_HEADER_BYTES = 1 << 20  # what a record may hold beside its body

_REASONS: Mapping[type[ValueError], LossReason] = {
    BadHttpHeaderError: LossReason.BAD_HTTP_HEADER,
    BadTransferEncodingError: LossReason.BAD_TRANSFER_ENCODING,
    BadContentEncodingError: LossReason.BAD_CONTENT_ENCODING,
    BodyTooLargeError: LossReason.BODY_TOO_LARGE,
}


def target_url(header: Mapping[str, str]) -> str:
    """The address of a record, without the angle brackets that some versions of wget put around."""
    url = header.get("warc-target-uri", "")
    return url[1:-1] if url.startswith("<") and url.endswith(">") else url


def page_of(record: Record, source: str, max_body_bytes: int) -> Page:
    """The page that a record holds.

    A conversion gives its text; a resource, or a response that is not HTTP, gives its block with
    status 200 and the type that the record claims. Raises one of the errors in ``_REASONS``.
    """
    header = record.header
    url, date = target_url(header), header.get("warc-date", "")
    kind = header.get("content-type", "")
    status, body, text = 200, record.block, ""
    if record.kind == "response" and _is_http(kind, url):
        response = parse_response(record.block)
        status, kind = response.status, response.headers.get("content-type", "")
        body = undo_transfer(response.body, response.headers.get("transfer-encoding", ""))
        body = undo_content(body, response.headers.get("content-encoding", ""), max_body_bytes)
    elif len(body) > max_body_bytes:
        raise BodyTooLargeError(f"a body of {len(body)} bytes, max_body_bytes is {max_body_bytes}")
    if record.kind == "conversion" and media_type(kind) in {"", "text/plain"}:
        body, text = b"", body.decode("utf-8", "replace")
    return Page(
        doc_id=_identity(header, url, date, record.block),
        url=url,
        date=date,
        source=source,
        offset=record.offset,
        status=status,
        content_type=media_type(kind),
        http_charset=charset(kind),
        body=body,
        text=text,
        truncated=truncation(record),
    )


def truncation(record: Record) -> str:
    """Why the record's body may not be whole, "" if it is (ISO 28500, section 5.13)."""
    if record.mended:
        return DAMAGED
    given = record.header.get("warc-truncated", "").lower()
    return given if given in {"", *TRUNCATIONS} else "unspecified"


def _is_http(content_type: str, url: str) -> bool:
    kind = media_type(content_type)
    return kind == "application/http" or (not kind and url[:4].lower() == "http")


def _identity(header: Mapping[str, str], url: str, date: str, block: bytes) -> str:
    record_id = header.get("warc-record-id", "")
    if record_id:
        return doc_id(record_id)
    digest = header.get("warc-payload-digest") or _digest(block)
    return doc_id(url, date, digest)


def _digest(block: bytes) -> str:
    sha1 = hashlib.sha1(block, usedforsecurity=False).digest()
    return "sha1:" + base64.b32encode(sha1).decode("ascii")


def loss_of(lost: Lost, source: str) -> Loss:
    """What is told of a lost stretch; without a record identifier its place identifies it."""
    record_id = lost.header.get("warc-record-id", "")
    place = (PurePosixPath(source).name, str(lost.offset), str(lost.reason))
    kind = lost.header.get("warc-type", "")
    return Loss(
        source=source,
        offset=lost.offset,
        reason=lost.reason,
        detail=f"{kind} record: {lost.detail}" if kind else lost.detail,
        url=target_url(lost.header),
        doc_id=doc_id(record_id) if record_id else doc_id(*place),
    )


def with_nothing_told(items: Iterator[Record | Lost]) -> Iterator[Record | Lost]:
    """The items; where there is no trace of a record in the whole file, one loss that says so."""
    first, second = next(items, None), next(items, None)
    if first is None:
        yield Lost(0, LossReason.NOT_AN_ARCHIVE, "the file holds no record")
        return
    if second is None and _is_nothing(first):
        yield replace(first, reason=LossReason.NOT_AN_ARCHIVE)
        return
    yield first
    if second is not None:
        yield second
    yield from items


def _is_nothing(item: Record | Lost) -> TypeGuard[Lost]:
    if isinstance(item, Record) or item.header:
        return False
    return item.offset == 0 and item.reason is LossReason.DAMAGED_RECORD


class WarcReader:
    """The pages and losses of one archive, in file order, each read when it is asked for.

    ``skipped`` counts the records passed over so far that hold no page, by type (request, metadata,
    warcinfo, revisit, …). Offsets rise strictly: where several records share a compressed member,
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

    def __iter__(self) -> Iterator[Page | Loss]:
        """Read the range from its start. Raises OSError when the store fails while reading."""
        try:
            file = open_input(self.path)
        except OSError as error:
            detail = error.strerror or str(error)
            yield loss_of(Lost(0, LossReason.UNREADABLE_FILE, detail), self.path)
            return
        with file:
            self.skipped.clear()
            last = -1
            for item in self._read(file):
                last = max(item.offset, last + 1)
                yield item if item.offset == last else replace(item, offset=last)

    def _read(self, file: BinaryIO) -> Iterator[Page | Loss]:
        compression = detect(file, self.path)
        if compression is None and self.start:
            return
        if compression is None:
            yield loss_of(Lost(0, LossReason.EMPTY_FILE, "the file has no bytes"), self.path)
            return
        events = read_range(file, compression, self.start, self.end)
        feed = Feed(events, linear=compression is Compression.NONE)
        form = form_of(feed, self.path)
        records = read_records(feed, form, self.max_body_bytes + _HTTP_HEADER_BYTES)
        for item in records if self.start else with_nothing_told(records):
            if isinstance(item, Lost):
                yield loss_of(item, self.path)
            elif item.kind in PAGE_TYPES:
                yield self._page(item)
            elif not item.kind:
                lost = Lost(item.offset, LossReason.DAMAGED_RECORD, "no WARC-Type", item.header)
                yield loss_of(lost, self.path)
            else:
                self.skipped[item.kind if item.kind in SKIPPED_TYPES else "unknown"] += 1

    def _page(self, record: Record) -> Page | Loss:
        try:
            return page_of(record, self.path, self.max_body_bytes)
        except tuple(_REASONS) as error:
            reason = _REASONS[type(error)]
            return loss_of(Lost(record.offset, reason, str(error), record.header), self.path)


def read_warc(
    path: str | PathLike[str],
    *,
    max_body_bytes: int = MAX_BODY_BYTES,
    start: int = 0,
    end: int | None = None,
) -> WarcReader:
    """The pages of a WARC or WET file, and a loss for each stretch that gave none.

    Reads gzip, zstd and lz4 (one member per record or not) and plain files, from the local disk or
    an object store. ``max_body_bytes`` caps a body after its codings are undone. Nothing in a file
    raises; an OSError while reading comes from the store.

    ``start`` and ``end`` are file offsets: only records whose members start in between are read.
    Adjoining ranges of a gzip file share its records without gap or overlap, wherever they are cut;
    other files cannot be entered, and are read whole by the range that starts at 0.
    """
    return WarcReader(path, max_body_bytes=max_body_bytes, start=start, end=end)
