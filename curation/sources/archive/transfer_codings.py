"""Undo Transfer-Encoding: join the chunks of a body, and unpack what was packed for the way."""

from __future__ import annotations

import re

from curation.sources.archive.content_codings import DecodedBody, undo_content

_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\n]{0,4096})?\r?\n")
_CUT_SIZE = re.compile(rb"[ \t\r\n\0]*(?:[0-9A-Fa-f]{1,16}[ \t\r\n\0]*)?\Z")


class BadTransferEncodingError(ValueError):
    """A chunked body breaks in the middle."""


def undo_transfer(body: bytes, transfer_encoding: str, max_bytes: int) -> DecodedBody:
    """The body without its chunks and packing, at most ``max_bytes`` of it.

    Raises BadTransferEncodingError, and what :func:`undo_content` raises.
    """
    names = [name.strip().lower() for name in transfer_encoding.split(",")]
    is_whole = True
    for name in filter(None, reversed(names)):
        undone = join_chunks(body) if name == "chunked" else undo_content(body, name, max_bytes)
        body, is_whole = undone.data, is_whole and undone.is_whole
    return DecodedBody(body, is_whole)


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
