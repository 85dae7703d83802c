"""WARC records from a decoded stream: each a record, or something lost, and never silence.

The framing trusts a Content-Length only as far as a record, a member or the file ends where it
says. Where it lies, the record is lost and the next header is looked for, inside the claimed
length too, so that one wrong digit does not swallow its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from curation.sources.feed import HEADER, Feed
from schemas.page import LossReason

VERSION = b"WARC/"
PAGE_TYPES = frozenset({"response", "resource", "conversion"})
SKIPPED_TYPES = frozenset({"warcinfo", "request", "metadata", "revisit", "continuation"})
MAX_HEADER_BYTES = 1 << 20  # addresses in it run to tens of kilobytes (data: and signed ones)

_BLANK_LINE = re.compile(rb"\n\r?\n")
_UNENDED_HEADER_BYTES = 4096  # what is read of a header that has no end
_ARC_START = b"filedesc://"
_FOLD = re.compile(r"\r?\n[ \t]+")
_FIELD = re.compile(r"^([^\s:]+)[ \t]*:[ \t]*([^\n]*)", re.MULTILINE)
_SEPARATOR = b"\r\n\r\n"  # after every block, though some writers leave it out


@dataclass(frozen=True, slots=True)
class Record:
    """One record: where it starts in the file, its header fields, its block.

    The block of a record that cannot hold a page is left empty.
    """

    offset: int
    header: Mapping[str, str]
    block: bytes

    @property
    def kind(self) -> str:
        """The record's type, in lower case."""
        return self.header.get("warc-type", "").lower()


@dataclass(frozen=True, slots=True)
class Lost:
    """A stretch that gave no record, with the header if that much could be read."""

    offset: int
    reason: LossReason
    detail: str
    header: Mapping[str, str] = field(default_factory=dict)


def may_hold_page(header: Mapping[str, str]) -> bool:
    """Whether the type of a record is one that can hold a page."""
    return header.get("warc-type", "").lower() in PAGE_TYPES


def parse_header(head: bytes) -> dict[str, str]:
    r"""The fields of a record header, names in lower case; the first of equal names counts.

    >>> parse_header(b"WARC/1.0\r\nX: a\r\n b\r\nx: c")
    {'x': 'a b'}
    """
    text = head.decode("utf-8", "replace")
    if "\n " in text or "\n\t" in text:
        text = _FOLD.sub(" ", text)
    return {name.lower(): value.rstrip() for name, value in reversed(_FIELD.findall(text))}


def read_records(feed: Feed, max_block_bytes: int) -> Iterator[Record | Lost]:
    """Every record and every loss, in file order. No block longer than the cap is held."""
    while True:
        told = False
        while feed.skip_newlines():
            item = _next_record(feed, max_block_bytes)
            told = isinstance(item, Lost) and feed.fault is not None and not feed.buffer
            yield item
        if feed.fault is not None and not told:
            yield Lost(feed.fault.offset, feed.fault.reason, feed.fault.detail)
        if not feed.next_segment():
            return


def _next_record(feed: Feed, max_block_bytes: int) -> Record | Lost:
    offset = feed.offset()
    feed.fill(len(VERSION))
    if not feed.buffer.startswith(VERSION):
        return _lose_garbage(feed, offset)
    head_bytes = _header_length(feed)
    if head_bytes is None:
        return _lose_header(feed, offset)
    header = parse_header(bytes(feed.buffer[:head_bytes]))
    length = _block_length(header)
    if length is None:
        feed.drop(len(VERSION))
        feed.seek_header()
        claimed = header.get("content-length")
        return Lost(offset, LossReason.DAMAGED_RECORD, f"Content-Length is {claimed!r}", header)
    if length > max_block_bytes:
        return _pass_over(feed, offset, header, head_bytes, length)
    return _take_record(feed, offset, header, head_bytes, head_bytes + length)


def _take_record(
    feed: Feed, offset: int, header: Mapping[str, str], start: int, end: int
) -> Record | Lost:
    """The record whose block is at ``start`` to ``end`` of the window, if it really ends there."""
    complete = feed.fill(end)
    feed.fill(end + len(_SEPARATOR) + len(VERSION))
    if complete and not _record_follows(feed, end):
        feed.fill(len(feed.buffer) + 1)  # a fault of the record's own member may be next
    fault = feed.fault
    inner = _inner_record(feed, start, end)
    if inner is not None:
        feed.drop(inner)
        return _lie(offset, header, end - start)
    if not complete:
        feed.drop(len(feed.buffer))
        return _cut_short(feed, offset, header)
    if fault is not None and feed.holds_faulted_member() and not _record_follows(feed, end):
        feed.drop(len(feed.buffer))
        return Lost(offset, fault.reason, fault.detail, header)
    if _ends_at(feed, end):
        block = feed.copy(start, end) if may_hold_page(header) else b""
        feed.drop(end)
        return Record(offset, header, block)
    feed.drop(end)
    feed.seek_header()
    return _lie(offset, header, end - start)


def _record_follows(feed: Feed, end: int) -> bool:
    """Whether the same member goes on with another record: then it is not one member a record."""
    after = bytes(feed.buffer[end : end + len(_SEPARATOR) + len(VERSION)]).lstrip(b"\r\n")
    return after.startswith(VERSION)


def _lie(offset: int, header: Mapping[str, str], length: int) -> Lost:
    detail = f"no record ends where Content-Length {length} says"
    return Lost(offset, LossReason.DAMAGED_RECORD, detail, header)


def _cut_short(feed: Feed, offset: int, header: Mapping[str, str]) -> Lost:
    if feed.fault is not None:
        return Lost(offset, feed.fault.reason, feed.fault.detail, header)
    return Lost(offset, LossReason.TRUNCATED_FILE, "the file ends inside a record", header)


def _inner_record(feed: Feed, start: int, end: int) -> int | None:
    """Where another record starts within a block that does not end as it should, or None.

    A member that begins with a record header always starts a record; a header in the middle of a
    member counts only where the block's length is wrong, since a block may hold a WARC file.
    """
    for place in feed.starts_in(start, end - 1):
        if feed.buffer.startswith(VERSION, place):
            return place
    if len(feed.buffer) >= end and _ends_at(feed, end):
        return None
    found = HEADER.search(feed.buffer, start, end + 64)
    return found.start() if found and found.start() < end else None


def _ends_at(feed: Feed, end: int) -> bool:
    after = bytes(feed.buffer[end : end + len(_SEPARATOR) + len(VERSION)])
    if after.startswith(_SEPARATOR):
        return True
    after = after.lstrip(b"\r\n")
    if not after or after.startswith(VERSION):
        return True
    if feed.ended and VERSION.startswith(after):
        return True
    return any(True for _ in feed.starts_in(end, end + len(_SEPARATOR)))


def _pass_over(
    feed: Feed, offset: int, header: Mapping[str, str], head_bytes: int, length: int
) -> Record | Lost:
    """Go past a block that is over the cap without holding it."""
    feed.drop(head_bytes)
    passed = feed.seek_header(length)
    if passed < length and not feed.buffer:
        return _cut_short(feed, offset, header)
    if passed < length:
        return _lie(offset, header, length)
    if not may_hold_page(header):
        return Record(offset, header, b"")
    return Lost(offset, LossReason.BODY_TOO_LARGE, f"a record of {length} bytes", header)


def _lose_header(feed: Feed, offset: int) -> Lost:
    header = parse_header(bytes(feed.buffer[:_UNENDED_HEADER_BYTES]))
    ended = len(feed.buffer) < MAX_HEADER_BYTES
    feed.drop(len(VERSION))
    feed.seek_header()
    if ended and not feed.buffer:
        return _cut_short(feed, offset, header)
    return Lost(offset, LossReason.DAMAGED_RECORD, "the record header does not end", header)


def _lose_garbage(feed: Feed, offset: int) -> Lost:
    is_beginning = VERSION.startswith(bytes(feed.buffer[: len(VERSION)]))
    feed.fill(len(_ARC_START))
    is_arc = feed.buffer.startswith(_ARC_START)
    passed = feed.seek_header()
    if is_beginning:
        return _cut_short(feed, offset, {})
    detail = f"{passed} bytes that are no record"
    if is_arc:
        detail += ": this is an ARC file, of which only its successor WARC is read; convert it"
    return Lost(offset, LossReason.DAMAGED_RECORD, detail)


def _header_length(feed: Feed) -> int | None:
    """The bytes up to the end of the header's blank line, or None if there is no such line."""
    while True:
        searched = max(0, feed.no_blank_line_before - feed.base)
        found = _BLANK_LINE.search(feed.buffer, searched, MAX_HEADER_BYTES)
        if found:
            return found.end()
        feed.no_blank_line_before = feed.base + max(searched, len(feed.buffer) - 2)
        if len(feed.buffer) >= MAX_HEADER_BYTES or not feed.fill(len(feed.buffer) + 1):
            return None


def _block_length(header: Mapping[str, str]) -> int | None:
    claimed = header.get("content-length", "")
    return int(claimed) if claimed.isascii() and claimed.isdigit() and len(claimed) < 19 else None  # noqa: PLR2004
