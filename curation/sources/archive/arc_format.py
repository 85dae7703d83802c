"""How an ARC record looks (Internet Archive's ARC 1.0 and 1.1, with URL records of version 1).

A record is a line ``URL IP date type length``, a block of that length and a line end. The first,
``filedesc://``, describes the file. Its fields are given under the names that WARC has for them, so
that nothing after the framing need know.
"""

from __future__ import annotations

import re

from curation.sources.archive.records import RecordHeader
from curation.sources.stream.window import Window

FILE_START = b"filedesc://"
_LINE = (
    rb"(?P<url>[A-Za-z][A-Za-z0-9+.-]{1,20}:[^ \n][^\n]{0,8000}?) "  # addresses may hold spaces
    rb"(?P<ip>[0-9A-Fa-f.:]{3,45}|-) (?P<date>\d{12,20}|null) (?P<type>\S{1,200}) "
    rb"(?P<length>-?\w{1,20})[ \t]*\r?\n"
)
_HERE = re.compile(_LINE)
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\d*")


def moment(date: str) -> str:
    """A date of fourteen digits as WARC writes it, "" for anything else.

    >>> moment("20140216050221"), moment("null")
    ('2014-02-16T05:02:21Z', '')
    """
    found = _MOMENT.fullmatch(date)
    return "{}-{}-{}T{}:{}:{}Z".format(*found.groups()) if found else ""


def parse_line(found: re.Match[bytes]) -> dict[str, str]:
    """The fields of a URL record as those of a WARC record.

    What was fetched by HTTP is an HTTP response; anything else (dns:, ftp:) has the type that the
    line claims. There is no record identifier and no digest.
    """
    given = {name: value.decode("utf-8", "replace") for name, value in found.groupdict().items()}
    scheme = given["url"].partition(":")[0].lower()
    is_http = scheme in {"http", "https"}
    return {
        "warc-type": "filedesc" if scheme == "filedesc" else "response",
        "warc-target-uri": given["url"],
        "warc-date": moment(given["date"]),
        "content-type": "application/http" if is_http else given["type"],
    }


class ArcFormat:
    """The format of ARC records."""

    start = re.compile(rb"(?<=\n)" + _LINE)
    start_bytes = 8400
    separators: tuple[bytes, ...] = (b"\n",)

    def begins(self, data: bytes | bytearray, at: int = 0) -> bool:
        """Whether a URL record's line stands here."""
        return _HERE.match(data, at) is not None

    def is_cut(self, data: bytes) -> bool:
        """Whether this is one line that does not end."""
        return b"\n" not in data

    def ends_block(self, after: bytes) -> bool:
        """Whether another record follows."""
        return self.begins(after.lstrip(b"\r\n"))

    def read_header(self, window: Window) -> RecordHeader | None:
        """The line."""
        window.fill(self.start_bytes)
        found = _HERE.match(window.buffer)
        if found is None:
            return None
        return RecordHeader(found.end(), parse_line(found), found["length"].decode())

    def unended_fields(self, window: Window) -> dict[str, str]:
        """What a header without an end says: nothing that can be relied on."""
        del window
        return {}


ARC = ArcFormat()
