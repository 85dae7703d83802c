"""Read any source file, and say which of its pages go on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Protocol

from annotated_types import Ge

from curation.sources.formats import JSONL, PARQUET, format_of
from curation.sources.inputs.splits import WHOLE, Split
from curation.sources.range_reads import read_ranges
from curation.sources.tables import TableColumns, read_jsonl, read_parquet
from curation.sources.warc import MAX_BODY_BYTES, read_warc
from schemas.page import Loss, Page
from schemas.verdict import Verdict, keep, remove

PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
_UNKNOWN_TYPES = frozenset({"", "unknown/unknown", "application/unknown", "*/*"})
_SNIFFED_BYTES = 1445  # as the WHATWG MIME sniffing standard
_BINARY = bytes([*range(9), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20)])
_UTF16_MARKS = (b"\xfe\xff", b"\xff\xfe")


class SourceReason(StrEnum):
    """Why a page that could be read does not go on."""

    STATUS_NOT_200 = "status_not_200"
    NOT_HTML_OR_TEXT = "not_html_or_text"
    BINARY_BODY = "binary_body"
    EMPTY_BODY = "empty_body"
    TRUNCATED_BODY = "truncated_body"


class Reader(Protocol):
    """Pages and losses of one file, in file order; ``skipped`` counts what holds no page."""

    skipped: Counter[str]

    def __iter__(self) -> Iterator[Page | Loss]:
        """Read the file from its start."""


@dataclass(frozen=True)
class SourceOptions:
    """How sources are read.

    ``max_body_bytes`` caps a body after its transfer and content codings are undone; one over it is
    a loss. ``remove_truncated`` removes pages of which the crawler, or damage, left only a part.
    ``archives`` is the folder or URI below which the archives lie that a list of records names;
    "" is the list's own folder. ``columns`` names the columns of tables.
    """

    max_body_bytes: Annotated[int, Ge(1)] = MAX_BODY_BYTES
    remove_truncated: bool = False
    archives: str = ""
    columns: TableColumns = field(default_factory=TableColumns)


def read(path: str, options: SourceOptions, split: Split = WHOLE) -> Reader:
    """The reader for a file, or for one of its splits.

    A table is known by its suffix; anything else is read as a web archive.
    """
    limit = options.max_body_bytes
    if split.ranges:
        return read_ranges(path, split.ranges, max_body_bytes=limit)
    file_format = format_of(path)
    if file_format is PARQUET:
        return read_parquet(path, options.columns, max_body_bytes=limit)
    if file_format is JSONL:
        return read_jsonl(path, options.columns, max_body_bytes=limit)
    return read_warc(path, max_body_bytes=limit, start=split.start, end=split.end)


def admit(page: Page, *, remove_truncated: bool = False) -> Verdict:
    """Keep HTML, XHTML and plain text answered with status 200 that is not empty.

    A missing type is sniffed, and text/plain is looked at for binary bytes, since servers give that
    type to whatever they do not know (WHATWG MIME sniffing, sections 7.1 and 7.2).
    """
    if page.status != 200:  # noqa: PLR2004
        return remove(SourceReason.STATUS_NOT_200, f"status {page.status}")
    kind = page.content_type
    if kind not in PAGE_TYPES and kind not in _UNKNOWN_TYPES:
        return remove(SourceReason.NOT_HTML_OR_TEXT, f"content type {kind[:100]}")
    if not page.text.strip() and (not page.body or page.body.isspace()):
        return remove(SourceReason.EMPTY_BODY, f"{len(page.body)} bytes")
    if kind not in {"text/html", "application/xhtml+xml"} and is_binary(page.body):
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
