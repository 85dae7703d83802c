"""The HTTP response inside a record: status, headers, and the body as the crawler received it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_BLANK_LINE = re.compile(rb"\n\r?\n")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})(?!\d)")
_CHARSET = re.compile(r"""charset\s*=\s*(?:["']\s*)?([^\s"';,]+)""", re.IGNORECASE)
_FOLD = re.compile(r"\r?\n[ \t]+")
_FIELD = re.compile(r"^([^\s:]+)[ \t]*:[ \t]*([^\n]*)", re.MULTILINE)
_LISTS = frozenset({"content-encoding", "transfer-encoding"})


class BadHttpHeaderError(ValueError):
    """The record holds no HTTP response."""


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """``headers`` have lower-case names; of equal names the last counts, codings are joined."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def parse_response(block: bytes) -> HttpResponse:
    r"""Take an HTTP response apart, as leniently as a browser.

    Names and values are latin-1, folded lines are joined, lines without a colon are passed over, a
    header without a blank line has no body. A block that starts with markup is a body without a
    header and has status 200. Raises BadHttpHeaderError where there is no status line otherwise.

    >>> parse_response(b"HTTP/1.1 404 Gone\r\nServer: x\r\n\r\nbody").status
    404
    """
    block_start = block[:64].lstrip()
    status = _STATUS.match(block_start)
    if status is None:
        if block_start.startswith(b"<"):
            return HttpResponse(200, {}, block)
        raise BadHttpHeaderError(f"no HTTP status line, the record starts with {block[:40]!r}")
    end = _BLANK_LINE.search(block)
    head, body = (block[: end.start()], block[end.end() :]) if end else (block, b"")
    return HttpResponse(int(status.group(1)), parse_headers(head), body)


def parse_headers(head: bytes) -> dict[str, str]:
    """The fields after the status line."""
    text = head.decode("latin-1").lstrip()
    if "\n " in text or "\n\t" in text:
        text = _FOLD.sub(" ", text)
    fields: dict[str, str] = {}
    lists: dict[str, list[str]] = {}
    for given, value in _FIELD.findall(text, text.find("\n") + 1 or len(text)):
        name = given.lower()
        if name in _LISTS:
            lists.setdefault(name, []).append(value.strip())
        else:
            fields[name] = value.strip()
    return fields | {name: ", ".join(values) for name, values in lists.items()}


def media_type(content_type: str) -> str:
    """The type without its parameters, in lower case.

    >>> media_type("Text/HTML; charset=GBK")
    'text/html'
    """
    return content_type.partition(";")[0].partition(",")[0].strip().lower()


def charset(content_type: str) -> str:
    """What the header claims the charset to be, in lower case, "" if nothing.

    >>> charset("text/html; charset='GB2312'")
    'gb2312'
    """
    claimed = _CHARSET.search(content_type)
    return claimed.group(1).lower() if claimed else ""
