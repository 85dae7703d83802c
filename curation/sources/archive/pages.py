"""Pages and losses out of what an archive is made of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from curation.sources.archive.content_codings import (
    BadContentEncodingError,
    BodyTooLargeError,
    DecodedBody,
    undo_content,
    undo_unclaimed,
)
from curation.sources.archive.digests import sha1_digest
from curation.sources.archive.http import (
    BadHttpHeaderError,
    HttpResponse,
    charset,
    media_type,
    parse_response,
)
from curation.sources.archive.records import Record, Unreadable
from curation.sources.archive.transfer_codings import BadTransferEncodingError, undo_transfer
from schemas.page import Loss, LossReason, Page, doc_id

TRUNCATIONS = ("length", "time", "disconnect", "unspecified")
DAMAGED = "damaged"
CUT = "cut"

_REASONS: Mapping[type[ValueError], LossReason] = {
    BadHttpHeaderError: LossReason.BAD_HTTP_HEADER,
    BadTransferEncodingError: LossReason.BAD_TRANSFER_ENCODING,
    BadContentEncodingError: LossReason.BAD_CONTENT_ENCODING,
    BodyTooLargeError: LossReason.BODY_TOO_LARGE,
}


def target_url(header: Mapping[str, str]) -> str:
    """The address of a record, without the angle brackets that some versions of wget put around."""
    url = header.get("warc-target-uri", "")
    return url[1:-1] if url.startswith("<") and url.endswith(">") else url


def page_of_record(record: Record, source: str, max_body_bytes: int) -> Page:
    """The page that a record holds.

    A conversion gives its text; a resource, or a response that is not HTTP, gives its block with
    status 200 and the type that the record claims. Raises one of the errors in ``_REASONS``.
    """
    header = record.header
    url, date = target_url(header), header.get("warc-date", "")
    kind = header.get("content-type", "")
    status, body, text, truncated = 200, record.block, "", truncation(record)
    headers: Mapping[str, str] = {}
    if record.kind == "response" and _is_http(kind, url):
        response = parse_response(record.block)
        status, headers = response.status, response.headers
        kind = headers.get("content-type", "")
        body, is_whole = _undo_codings(response, media_type(kind), max_body_bytes)
        truncated = truncated or ("" if is_whole else CUT)
    elif len(body) > max_body_bytes:
        raise BodyTooLargeError(f"a body of {len(body)} bytes, max_body_bytes is {max_body_bytes}")
    if record.kind == "conversion" and media_type(kind) in {"", "text/plain"}:
        body, text = b"", body.decode("utf-8", "replace")
    return Page(
        doc_id=_identity(header, url, date, record.block),
        url=url,
        date=date,
        source=source,
        offset=record.offset,
        status=status,
        content_type=media_type(kind),
        http_charset=charset(kind),
        body=body,
        text=text,
        truncated=truncated,
        record_id=header.get("warc-record-id", ""),
        length=record.length,
        x_robots_tag=headers.get("x-robots-tag", ""),
        tdm_reservation=headers.get("tdm-reservation", ""),
    )


def _undo_codings(response: HttpResponse, kind: str, max_body_bytes: int) -> DecodedBody:
    """The body as the author wrote it: codings for the way, for the content, and unclaimed ones."""
    headers = response.headers
    joined = undo_transfer(response.body, headers.get("transfer-encoding", ""), max_body_bytes)
    unpacked = undo_content(joined.data, headers.get("content-encoding", ""), max_body_bytes)
    found = undo_unclaimed(unpacked.data, kind, max_body_bytes)
    return DecodedBody(found.data, joined.is_whole and unpacked.is_whole and found.is_whole)


def truncation(record: Record) -> str:
    """Why the record's body may not be whole, "" if it is (ISO 28500, section 5.13)."""
    if record.mended:
        return DAMAGED
    given = record.header.get("warc-truncated", "").lower()
    return given if given in {"", *TRUNCATIONS} else "unspecified"


def _is_http(content_type: str, url: str) -> bool:
    kind = media_type(content_type)
    return kind == "application/http" or (not kind and url[:4].lower() == "http")


def _identity(header: Mapping[str, str], url: str, date: str, block: bytes) -> str:
    record_id = header.get("warc-record-id", "")
    if record_id:
        return doc_id(record_id)
    digest = header.get("warc-payload-digest") or sha1_digest(block)
    return doc_id(url, date, digest)


def loss_of(unreadable: Unreadable, source: str) -> Loss:
    """The loss for what is unreadable, identified by file and offset where it has no record ID."""
    record_id = unreadable.header.get("warc-record-id", "")
    where = (PurePosixPath(source).name, str(unreadable.offset), str(unreadable.reason))
    kind = unreadable.header.get("warc-type", "")
    return Loss(
        source=source,
        offset=unreadable.offset,
        reason=unreadable.reason,
        detail=f"{kind} record: {unreadable.detail}" if kind else unreadable.detail,
        url=target_url(unreadable.header),
        doc_id=doc_id(record_id) if record_id else doc_id(*where),
    )


def page_or_loss(record: Record, source: str, max_body_bytes: int) -> Page | Loss:
    """The page that a record holds, or a loss that says why it cannot be taken apart."""
    try:
        return page_of_record(record, source, max_body_bytes)
    except tuple(_REASONS) as error:
        reason = _REASONS[type(error)]
        return loss_of(Unreadable(record.offset, reason, str(error), record.header), source)
