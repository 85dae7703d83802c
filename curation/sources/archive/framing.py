"""Records from a decoded stream: each a record, or something unreadable, and never silence.

The framing trusts a claimed length only as far as a record, a member or the file ends where it
says. Where it lies, the block goes to where the next record begins, inside the claimed length too,
so that one wrong digit costs no neighbour, and mostly not the record itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from curation.sources.archive.digests import proves
from curation.sources.archive.records import (
    Record,
    RecordFormat,
    RecordHeader,
    Unreadable,
    may_hold_page,
)
from curation.sources.stream.window import Window
from schemas.page import LossReason


def read_records(
    window: Window, record_format: RecordFormat, max_block_bytes: int
) -> Iterator[Record | Unreadable]:
    """Every record and everything unreadable, in file order. No block over the cap is held."""
    framing = _Framing(window, record_format, max_block_bytes)
    while True:
        is_reported = False  # the fault that ends the segment, with the record that it cut
        while window.skip_newlines():
            item = framing.next_record()
            is_reported = bool(window.fault) and isinstance(item, Unreadable) and not window.buffer
            yield item
        if window.fault is not None and not is_reported:
            yield Unreadable(window.fault.offset, window.fault.reason, window.fault.detail)
        if not window.next_segment():
            return


@dataclass(slots=True)
class _Framing:
    """A window that begins with a record, or with what should be one."""

    window: Window
    format: RecordFormat
    max_block_bytes: int

    def next_record(self) -> Record | Unreadable:
        window, record_format = self.window, self.format
        offset = window.offset()
        window.fill(record_format.start_bytes)
        if not record_format.begins(window.buffer):
            return self._lose_garbage(offset)
        header = record_format.read_header(window)
        if header is None:
            return self._lose_header(offset)
        if header.length is None:
            window.drop(1)
            self._seek()
            detail = f"the length of its block is {header.claimed[:40]!r}"
            return Unreadable(offset, LossReason.DAMAGED_RECORD, detail, header.fields)
        if header.length > self.max_block_bytes:
            return self._pass_over(offset, header, header.length)
        return self._take(offset, header, header.size + header.length)

    def _take(self, offset: int, header: RecordHeader, end: int) -> Record | Unreadable:
        """The record whose block ends at ``end`` of the window, if it really ends there."""
        window = self.window
        is_whole = window.fill(end)
        after = self._after(end)
        is_followed = self.format.begins(after.lstrip(b"\r\n"))
        if is_whole and not is_followed:
            window.fill(len(window.buffer) + 1)  # a fault of the record's own member may be next
        ends = is_whole and self._ends(after, end)
        inner = self._inner_record(header.size, end, ends=ends)
        if inner is not None:
            return self._mend(offset, header, inner)
        if not is_whole:
            window.drop(len(window.buffer))
            return self._cut_short(offset, header.fields)
        if window.fault is not None and window.holds_faulted_member() and not is_followed:
            fault = window.fault
            window.drop(len(window.buffer))
            return Unreadable(offset, fault.reason, fault.detail, header.fields)
        if not ends:
            return self._mend(offset, header, self._next_start(end))
        block = window.copy(header.size, end) if may_hold_page(header.fields) else b""
        length = window.extent(end, end + len(after) - len(after.lstrip(b"\r\n")))
        window.drop(end)
        return Record(offset, header.fields, block, length=length)

    def _after(self, end: int) -> bytes:
        """What stands behind a block, enough to see what it is."""
        needed = end + len(self.format.separators[0]) + self.format.start_bytes
        self.window.fill(needed)
        return self.window.copy(end, needed)

    def _ends(self, after: bytes, end: int) -> bool:
        """Whether a block of which this stands behind ends here."""
        rest = after.lstrip(b"\r\n")
        if not rest or self.format.ends_block(after):
            return True
        if self.window.ended and self.format.is_cut(rest):
            return True
        return any(True for _ in self.window.starts_in(end, end + len(self.format.separators[0])))

    def _inner_record(self, start: int, end: int, *, ends: bool) -> int | None:
        """Where another record starts within a block that does not end as it should, or None.

        A member that begins with a header always starts a record; a header in the middle of a
        member counts only where the block's length is wrong, since a block may hold an archive.
        """
        window = self.window
        for member in window.starts_in(start, end - 1):
            if self.format.begins(window.buffer, member):
                return member
        if ends:
            return None
        return self._find(start, min(end, len(window.buffer)))

    def _next_start(self, end: int) -> int | None:
        """Where the next record starts, or the file ends, within the cap; else None."""
        window, stop = self.window, self.max_block_bytes
        found = self._find(end, stop)
        at_end = (
            found is None and window.ended and window.fault is None and len(window.buffer) <= stop
        )
        return len(window.buffer) if at_end else found

    def _mend(self, offset: int, header: RecordHeader, end: int | None) -> Record | Unreadable:
        """The record up to where the next one begins, unless its digest says that it is another."""
        window = self.window
        detail = f"no record ends where its length {header.claimed} says"
        if end is None:
            window.drop(header.size)
            self._seek()
            return Unreadable(offset, LossReason.DAMAGED_RECORD, detail, header.fields)
        block = self._without_separator(window.copy(header.size, end))
        window.drop(end)
        if not may_hold_page(header.fields):
            return Record(offset, header.fields, b"")
        proof = proves(header.fields, block)
        if proof is False:
            detail += f", and the {len(block)} bytes to the next one do not have its digest"
            return Unreadable(offset, LossReason.DAMAGED_RECORD, detail, header.fields)
        return Record(offset, header.fields, block, mended=proof is None)

    def _pass_over(self, offset: int, header: RecordHeader, length: int) -> Record | Unreadable:
        """Go past a block that is over the cap without holding it, if it is that long."""
        window = self.window
        inner = self._find(header.size, self.max_block_bytes)
        if inner is not None:
            return self._mend(offset, header, inner)
        window.drop(header.size)
        passed = window.seek(self.format.start, self.format.start_bytes, length)
        if passed < length and not window.buffer:
            return self._cut_short(offset, header.fields)
        if passed < length:
            detail = f"no record ends where its length {length} says"
            return Unreadable(offset, LossReason.DAMAGED_RECORD, detail, header.fields)
        if not may_hold_page(header.fields):
            return Record(offset, header.fields, b"")
        detail = f"a record of {length} bytes"
        return Unreadable(offset, LossReason.BODY_TOO_LARGE, detail, header.fields)

    def _find(self, start: int, stop: int) -> int | None:
        """Where the first record begins within a part of the window."""
        return self.window.find(self.format.start, start, stop, self.format.start_bytes)

    def _seek(self) -> int:
        return self.window.seek(self.format.start, self.format.start_bytes)

    def _cut_short(self, offset: int, header: Mapping[str, str]) -> Unreadable:
        fault = self.window.fault
        if fault is not None:
            return Unreadable(offset, fault.reason, fault.detail, header)
        return Unreadable(
            offset, LossReason.TRUNCATED_FILE, "the file ends inside a record", header
        )

    def _lose_header(self, offset: int) -> Unreadable:
        window = self.window
        header = self.format.unended_fields(window)
        ended = window.ended
        window.drop(1)
        self._seek()
        if ended and not window.buffer:
            return self._cut_short(offset, header)
        return Unreadable(
            offset, LossReason.DAMAGED_RECORD, "the record header does not end", header
        )

    def _lose_garbage(self, offset: int) -> Unreadable:
        window = self.window
        beginning = window.copy(0, self.format.start_bytes)
        is_cut = window.ended and self.format.is_cut(beginning)
        passed = self._seek()
        if is_cut:
            return self._cut_short(offset, {})
        detail = f"{passed} bytes that are no record"
        return Unreadable(offset, LossReason.DAMAGED_RECORD, detail)

    def _without_separator(self, block: bytes) -> bytes:
        """A block that was taken up to the next record, less the one separator behind it."""
        for separator in self.format.separators:
            if block.endswith(separator):
                return block[: -len(separator)]
        return block
