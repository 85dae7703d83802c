"""One captured response, as a source yields it, and what a source could not read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class LossReason(StrEnum):
    """Why a stretch of a source file gave no page; each becomes a quarantined row."""

    UNREADABLE_FILE = "unreadable_file"
    EMPTY_FILE = "empty_file"
    NOT_AN_ARCHIVE = "not_an_archive"
    NOT_WHERE_LISTED = "not_where_listed"
    DAMAGED_RECORD = "damaged_record"
    TRUNCATED_FILE = "truncated_file"
    BAD_HTTP_HEADER = "bad_http_header"
    BAD_TRANSFER_ENCODING = "bad_transfer_encoding"
    BAD_CONTENT_ENCODING = "bad_content_encoding"
    BODY_TOO_LARGE = "body_too_large"
    BAD_ROW = "bad_row"


@dataclass(frozen=True, slots=True)
class Page:
    """A response of a crawl with its body decoded from transfer and content encodings.

    ``offset`` is the byte offset of the record in ``source`` (the row number for tables), so that
    (source, offset) orders pages as they were crawled. ``content_type`` is the media type in lower
    case without parameters; ``http_charset`` is what the HTTP header claims, "" if nothing.
    ``text`` is set only by sources that hold text already (WET, text columns). ``truncated`` says
    why a body may not be whole, "" if it is: WARC-Truncated's length, time, disconnect or
    unspecified, or ``damaged`` where the record's length was wrong and nothing proves its end.
    ``record_id`` is the archive's own name of the record, "" if it has none; ``length`` how many
    bytes of the file it takes, None where that many bytes from ``offset`` on would not be it.
    ``x_robots_tag`` has the values of these HTTP headers, a line each, ``tdm_reservation`` that of
    the last.
    """

    doc_id: str
    url: str
    date: str
    source: str
    offset: int
    status: int
    content_type: str
    http_charset: str
    body: bytes
    text: str = ""
    title: str = ""
    truncated: str = ""
    record_id: str = ""
    length: int | None = None
    x_robots_tag: str = ""
    tdm_reservation: str = ""


@dataclass(frozen=True, slots=True)
class Loss:
    """What could not be read: where it starts, why, and the URL if that much was known."""

    source: str
    offset: int
    reason: LossReason
    detail: str
    url: str = ""
    doc_id: str = ""


def doc_id(*identity: str) -> str:
    """32 hex characters (128 bits of BLAKE2b) of what identifies a capture.

    >>> doc_id("<urn:uuid:1>") == doc_id("<urn:uuid:1>") != doc_id("<urn:uuid:", "1>")
    True
    """
    digest = hashlib.blake2b(digest_size=16)
    for part in identity:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.hexdigest()
