"""Undo Transfer-Encoding: join the chunks of a body."""

from __future__ import annotations

import re

from curation.sources.archive.content_codings import DecodedBody

_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\n]{0,4096})?\r?\n")
_CUT_SIZE = re.compile(rb"[ \t\r\n\0]*(?:[0-9A-Fa-f]{1,16}[ \t\r\n\0]*)?\Z")


class BadTransferEncodingError(ValueError):
    """A chunked body breaks in the middle."""


def undo_transfer(body: bytes, transfer_encoding: str) -> DecodedBody:
    """The body without its chunks. Other transfer codings are left to the content codings."""
    names = [name.strip().lower() for name in transfer_encoding.split(",")]
    return join_chunks(body) if "chunked" in names else DecodedBody(body)


def join_chunks(body: bytes) -> DecodedBody:
    r"""The chunks of a body, joined.

    A body that does not begin with a chunk size is not chunked and given as it is.

    >>> join_chunks(b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n")
    DecodedBody(data=b'abcde', is_whole=True)
    """
    chunks: list[bytes] = []
    at = 0
    while at < len(body):
        size = _CHUNK_SIZE.match(body, at)
        if size is None:
            if not chunks:
                return DecodedBody(body)
            if _CUT_SIZE.match(body, at):
                break
            raise BadTransferEncodingError(f"no chunk size at byte {at} of the body")
        length = int(size.group(1), 16)
        if length == 0:
            return DecodedBody(b"".join(chunks))
        start = size.end()
        chunks.append(body[start : start + length])
        at = _after_chunk(body, start + length)
    is_whole = not body or body[at:].strip(b" \t\r\n\0") == b"0"
    return DecodedBody(b"".join(chunks), is_whole)


def _after_chunk(body: bytes, end: int) -> int:
    """Past the line end that follows a chunk's data, if there is one."""
    if body.startswith(b"\r\n", end):
        return end + 2
    return end + body.startswith(b"\n", end)
