"""The HTTP response inside a record: status, headers, and the body as the crawler received it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_BLANK_LINE = re.compile(rb"\n\r?\n")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})(?!\d)", re.IGNORECASE)
_CHARSET = re.compile(r"""charset\s*=\s*(?:["']\s*)?([^\s"';,]+)""", re.IGNORECASE)
_FOLD = re.compile(r"\r?\n[ \t]+")
_FIELD = re.compile(r"^([^\s:]+)[ \t]*:[ \t]*([^\n]*)", re.MULTILINE)
_JOINED = {"content-encoding": ", ", "transfer-encoding": ", ", "x-robots-tag": "\n"}
"""Headers of which all values count, and what joins them: robots are named for one line alone."""


class BadHttpHeaderError(ValueError):
    """The record holds no HTTP response."""


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """``headers`` have lower-case names; of equal names the last counts, codings are joined.

    The values of ``X-Robots-Tag`` are joined too, by line feeds. A last Content-Type without a
    charset has that of those before it with the same media type (Fetch Standard, "extract a MIME
    type").
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


def parse_response(block: bytes) -> HttpResponse:
    r"""Take an HTTP response apart, as leniently as a browser.

    Names and values are latin-1, folded lines are joined, lines without a colon are passed over, a
    header without a blank line has no body, and interim responses (100 Continue) are passed over. A
    block that starts with markup is a body without a header and has status 200. Raises
    BadHttpHeaderError where there is no status line otherwise.

    >>> parse_response(b"HTTP/1.1 404 Gone\r\nServer: x\r\n\r\nbody").status
    404
    """
    block_start = block[:64].lstrip()
    status = _STATUS.match(block_start)
    if status is None:
        if block_start.startswith(b"<"):
            return HttpResponse(200, {}, block)
        raise BadHttpHeaderError(f"no HTTP status line, the record starts with {block[:40]!r}")
    end, start = _BLANK_LINE.search(block), 0
    while end and status[1].startswith(b"1") and (final := _STATUS.match(block, end.end())):
        status, start, end = final, end.end(), _BLANK_LINE.search(block, end.end())
    head, body = (block[start : end.start()], block[end.end() :]) if end else (block[start:], b"")
    return HttpResponse(int(status[1]), parse_headers(head), body)


def parse_headers(head: bytes) -> dict[str, str]:
    """The fields after the status line."""
    text = head.decode("latin-1").lstrip()
    if "\n " in text or "\n\t" in text:
        text = _FOLD.sub(" ", text)
    fields: dict[str, str] = {}
    lists: dict[str, list[str]] = {}
    types: list[str] = []
    for given, value in _FIELD.findall(text, text.find("\n") + 1 or len(text)):
        name = given.lower()
        if name in _JOINED:
            lists.setdefault(name, []).append(value.strip())
            continue
        fields[name] = value.strip()
        if name == "content-type":
            types.append(fields[name])
    if len(types) > 1:
        fields["content-type"] = _last_type(types)
    return fields | {name: _JOINED[name].join(values) for name, values in lists.items()}


def _last_type(types: list[str]) -> str:
    """The last Content-Type that is one, with the charset that its media type had before.

    >>> _last_type(["text/html; charset=gbk", "text/html", "none"])
    'text/html; charset=gbk'
    """
    last, claimed = types[-1], ""
    valid = [value for value in types if "/" in media_type(value) and media_type(value) != "*/*"]
    for value in valid:
        same = media_type(value) == media_type(last)
        claimed = charset(value) or (claimed if same else "")
        last = value
    return f"{last}; charset={claimed}" if claimed and not charset(last) else last


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
