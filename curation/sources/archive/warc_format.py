"""How a WARC record looks (ISO 28500, versions 0.17 to 1.1)."""

from __future__ import annotations

import re

from curation.sources.archive.records import MAX_HEADER_BYTES, RecordHeader
from curation.sources.stream.window import Window

_VERSION = b"WARC/"
_BLANK_LINE = re.compile(rb"\n\r?\n")
_FOLD = re.compile(r"\r?\n[ \t]+")
_FIELD = re.compile(r"^([^\s:]+)[ \t]*:[ \t]*([^\n]*)", re.MULTILINE)
_UNENDED_HEADER_BYTES = 4096  # what is read of a header that has no end


def parse_header(head: bytes) -> dict[str, str]:
    r"""The fields of a record header, names in lower case; the first of equal names counts.

    >>> parse_header(b"WARC/1.0\r\nX: a\r\n b\r\nx: c")
    {'x': 'a b'}
    """
    text = head.decode("utf-8", "replace")
    if "\n " in text or "\n\t" in text:
        text = _FOLD.sub(" ", text)
    return {name.lower(): value.rstrip() for name, value in reversed(_FIELD.findall(text))}


class WarcFormat:
    """The format of WARC records: the version line and the name of a field begin one."""

    start = re.compile(rb"WARC/[01]\.\d{1,2}[ \t]*\r?\n[A-Za-z][A-Za-z-]{2,39}[ \t]*:")
    start_bytes = 64
    separators: tuple[bytes, ...] = (
        b"\r\n\r\n",
        b"\n\n",
        b"\n",
    )  # though some writers leave them out

    def begins(self, data: bytes | bytearray, at: int = 0) -> bool:
        """Whether the version line stands here; one without fields is a damaged record."""
        return data.startswith(_VERSION, at)

    def is_cut(self, data: bytes) -> bool:
        """Whether this is the beginning of a version line."""
        return _VERSION.startswith(data[: len(_VERSION)])

    def ends_block(self, after: bytes) -> bool:
        """Whether the separator or another record follows."""
        return after.startswith(self.separators[0]) or self.begins(after.lstrip(b"\r\n"))

    def read_header(self, window: Window) -> RecordHeader | None:
        """The header up to its blank line."""
        size = _head_bytes(window)
        if size is None:
            return None
        fields = parse_header(bytes(window.buffer[:size]))
        return RecordHeader(size, fields, fields.get("content-length", ""))

    def unended_fields(self, window: Window) -> dict[str, str]:
        """What a header without an end says."""
        return parse_header(bytes(window.buffer[:_UNENDED_HEADER_BYTES]))


def _head_bytes(window: Window) -> int | None:
    while True:
        searched = max(0, window.searched - window.base)
        found = _BLANK_LINE.search(window.buffer, searched, MAX_HEADER_BYTES)
        if found:
            return found.end()
        window.searched = window.base + max(searched, len(window.buffer) - 2)
        if len(window.buffer) >= MAX_HEADER_BYTES or not window.fill(len(window.buffer) + 1):
            return None


WARC = WarcFormat()
