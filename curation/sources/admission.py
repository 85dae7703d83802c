"""Which pages of a source go on."""

from __future__ import annotations

from enum import StrEnum

from schemas.page import Page
from schemas.verdict import Verdict, keep, remove

PAGE_MEDIA_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
_UNKNOWN_TYPES = frozenset({"", "unknown/unknown", "application/unknown", "*/*"})
_SNIFFED_BYTES = 1445  # as the WHATWG MIME sniffing standard
_BINARY = bytes([*range(9), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20)])
_WIDE_CHARSETS = frozenset({"utf-16", "utf-16le", "utf-16be", "unicode", "ucs-2"})
_UTF16_MARKS = (b"\xfe\xff", b"\xff\xfe")


class SourceReason(StrEnum):
    """Why a page that could be read does not go on."""

    STATUS_NOT_200 = "status_not_200"
    NOT_HTML_OR_TEXT = "not_html_or_text"
    BINARY_BODY = "binary_body"
    EMPTY_BODY = "empty_body"
    TRUNCATED_BODY = "truncated_body"


def admit(page: Page, *, remove_truncated: bool = False) -> Verdict:
    """Keep HTML, XHTML and plain text answered with status 200 that is not empty.

    A missing type is sniffed, and text/plain is looked at for binary bytes, since servers give that
    type to whatever they do not know (WHATWG MIME sniffing, sections 7.1 and 7.2), unless they say
    that it is UTF-16.
    """
    if page.status != 200:  # noqa: PLR2004
        return remove(SourceReason.STATUS_NOT_200, f"status {page.status}")
    kind = page.content_type
    if kind not in PAGE_MEDIA_TYPES and kind not in _UNKNOWN_TYPES:
        return remove(SourceReason.NOT_HTML_OR_TEXT, f"content type {kind[:100]}")
    if not page.text.strip() and (not page.body or page.body.isspace()):
        return remove(SourceReason.EMPTY_BODY, f"{len(page.body)} bytes")
    is_sniffed = kind not in {"text/html", "application/xhtml+xml"}
    if is_sniffed and page.http_charset not in _WIDE_CHARSETS and is_binary(page.body):
        return remove(SourceReason.BINARY_BODY, f"content type {kind!r}, starts {page.body[:16]!r}")
    if remove_truncated and page.truncated:
        detail = f"{page.truncated}, after {len(page.body) + len(page.text)} bytes"
        return remove(SourceReason.TRUNCATED_BODY, detail)
    return keep()


def is_binary(body: bytes) -> bool:
    r"""Whether the first bytes include some that no text has.

    >>> is_binary(b"\x89PNG\r\n\x1a\n"), is_binary(b"\xff\xfeh\0i\0"), is_binary(b"text")
    (True, False, False)
    """
    head = body[:_SNIFFED_BYTES]
    if head.startswith(_UTF16_MARKS):
        return False
    return len(head.translate(None, _BINARY)) < len(head)
