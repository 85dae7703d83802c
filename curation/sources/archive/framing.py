"""Records from a decoded stream: each a record, or something lost, and never silence.

The framing trusts a claimed length only as far as a record, a member or the file ends where it
says. Where it lies, the block goes to where the next record begins, inside the claimed length too,
so that one wrong digit costs no neighbour, and mostly not the record itself.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from curation.sources.archive.records import Form, Head, Lost, Record, may_hold_page
from curation.sources.stream.window import Feed
from schemas.page import LossReason


def read_records(feed: Feed, form: Form, max_block_bytes: int) -> Iterator[Record | Lost]:
    """Every record and every loss, in file order. No block longer than the cap is held."""
    framing = _Framing(feed, form, max_block_bytes)
    while True:
        told = False
        while feed.skip_newlines():
            item = framing.next_record()
            told = isinstance(item, Lost) and feed.fault is not None and not feed.buffer
            yield item
        if feed.fault is not None and not told:
            yield Lost(feed.fault.offset, feed.fault.reason, feed.fault.detail)
        if not feed.next_segment():
            return


def proves(header: Mapping[str, str], block: bytes) -> bool | None:
    """Whether the block digest of a header is that of a block; None if there is none to compare."""
    name, _, claimed = header.get("warc-block-digest", "").partition(":")
    if name.lower() != "sha1" or not claimed:
        return None
    digest = hashlib.sha1(block, usedforsecurity=False)
    as_written = {base64.b32encode(digest.digest()).decode(), digest.hexdigest().upper()}
    return claimed.upper() in as_written


@dataclass(slots=True)
class _Framing:
    """A window that begins with a record, or with what should be one."""

    feed: Feed
    form: Form
    max_block_bytes: int

    def next_record(self) -> Record | Lost:
        feed, form = self.feed, self.form
        offset = feed.offset()
        feed.fill(form.start_bytes)
        if not form.begins(feed.buffer):
            return self._lose_garbage(offset)
        head = form.read_head(feed)
        if head is None:
            return self._lose_header(offset)
        if head.length is None:
            feed.drop(1)
            self._seek()
            detail = f"the length of its block is {head.claimed[:40]!r}"
            return Lost(offset, LossReason.DAMAGED_RECORD, detail, head.fields)
        if head.length > self.max_block_bytes:
            return self._pass_over(offset, head, head.length)
        return self._take(offset, head, head.size + head.length)

    def _take(self, offset: int, head: Head, end: int) -> Record | Lost:
        """The record whose block ends at ``end`` of the window, if it really ends there."""
        feed = self.feed
        is_whole = feed.fill(end)
        after = self._after(end)
        is_followed = self.form.begins(after.lstrip(b"\r\n"))
        if is_whole and not is_followed:
            feed.fill(len(feed.buffer) + 1)  # a fault of the record's own member may be next
        ends = is_whole and self._ends(after, end)
        inner = self._inner_record(head.size, end, ends=ends)
        if inner is not None:
            return self._mend(offset, head, inner)
        if not is_whole:
            feed.drop(len(feed.buffer))
            return self._cut_short(offset, head.fields)
        if feed.fault is not None and feed.holds_faulted_member() and not is_followed:
            fault = feed.fault
            feed.drop(len(feed.buffer))
            return Lost(offset, fault.reason, fault.detail, head.fields)
        if not ends:
            return self._mend(offset, head, self._next_start(end))
        block = feed.copy(head.size, end) if may_hold_page(head.fields) else b""
        feed.drop(end)
        return Record(offset, head.fields, block)

    def _after(self, end: int) -> bytes:
        """What stands behind a block, enough to see what it is."""
        needed = end + len(self.form.separators[0]) + self.form.start_bytes
        self.feed.fill(needed)
        return self.feed.copy(end, needed)

    def _ends(self, after: bytes, end: int) -> bool:
        """Whether a block of which this stands behind ends here."""
        rest = after.lstrip(b"\r\n")
        if not rest or self.form.ends_block(after):
            return True
        if self.feed.ended and self.form.is_cut(rest):
            return True
        return any(True for _ in self.feed.starts_in(end, end + len(self.form.separators[0])))

    def _inner_record(self, start: int, end: int, *, ends: bool) -> int | None:
        """Where another record starts within a block that does not end as it should, or None.

        A member that begins with a header always starts a record; a header in the middle of a
        member counts only where the block's length is wrong, since a block may hold an archive.
        """
        feed = self.feed
        for place in feed.starts_in(start, end - 1):
            if self.form.begins(feed.buffer, place):
                return place
        if ends:
            return None
        return feed.find(self.form.start, start, min(end, len(feed.buffer)), self.form.start_bytes)

    def _next_start(self, end: int) -> int | None:
        """Where the next record starts, or the file ends, within the cap; else None."""
        feed, stop = self.feed, self.max_block_bytes
        found = feed.find(self.form.start, end, stop, self.form.start_bytes)
        at_end = found is None and feed.ended and feed.fault is None and len(feed.buffer) <= stop
        return len(feed.buffer) if at_end else found

    def _mend(self, offset: int, head: Head, end: int | None) -> Record | Lost:
        """The record up to where the next one begins, unless its digest says that it is another."""
        feed = self.feed
        detail = f"no record ends where its length {head.claimed} says"
        if end is None:
            feed.drop(head.size)
            self._seek()
            return Lost(offset, LossReason.DAMAGED_RECORD, detail, head.fields)
        block = self._without_separator(feed.copy(head.size, end))
        feed.drop(end)
        if not may_hold_page(head.fields):
            return Record(offset, head.fields, b"")
        proof = proves(head.fields, block)
        if proof is False:
            detail += f", and the {len(block)} bytes to the next one do not have its digest"
            return Lost(offset, LossReason.DAMAGED_RECORD, detail, head.fields)
        return Record(offset, head.fields, block, mended=proof is None)

    def _pass_over(self, offset: int, head: Head, length: int) -> Record | Lost:
        """Go past a block that is over the cap without holding it, if it is that long."""
        feed = self.feed
        inner = feed.find(self.form.start, head.size, self.max_block_bytes, self.form.start_bytes)
        if inner is not None:
            return self._mend(offset, head, inner)
        feed.drop(head.size)
        passed = feed.seek(self.form.start, self.form.start_bytes, length)
        if passed < length and not feed.buffer:
            return self._cut_short(offset, head.fields)
        if passed < length:
            detail = f"no record ends where its length {length} says"
            return Lost(offset, LossReason.DAMAGED_RECORD, detail, head.fields)
        if not may_hold_page(head.fields):
            return Record(offset, head.fields, b"")
        detail = f"a record of {length} bytes"
        return Lost(offset, LossReason.BODY_TOO_LARGE, detail, head.fields)

    def _seek(self) -> int:
        return self.feed.seek(self.form.start, self.form.start_bytes)

    def _cut_short(self, offset: int, header: Mapping[str, str]) -> Lost:
        fault = self.feed.fault
        if fault is not None:
            return Lost(offset, fault.reason, fault.detail, header)
        return Lost(offset, LossReason.TRUNCATED_FILE, "the file ends inside a record", header)

    def _lose_header(self, offset: int) -> Lost:
        feed = self.feed
        header = self.form.unended(feed)
        ended = feed.ended
        feed.drop(1)
        self._seek()
        if ended and not feed.buffer:
            return self._cut_short(offset, header)
        return Lost(offset, LossReason.DAMAGED_RECORD, "the record header does not end", header)

    def _lose_garbage(self, offset: int) -> Lost:
        feed = self.feed
        beginning = feed.copy(0, self.form.start_bytes)
        is_cut = feed.ended and self.form.is_cut(beginning)
        passed = self._seek()
        if is_cut:
            return self._cut_short(offset, {})
        detail = f"{passed} bytes that are no record"
        return Lost(offset, LossReason.DAMAGED_RECORD, detail)

    def _without_separator(self, block: bytes) -> bytes:
        """A block that was taken up to the next record, less the one separator behind it."""
        for separator in self.form.separators:
            if block.endswith(separator):
                return block[: -len(separator)]
        return block
