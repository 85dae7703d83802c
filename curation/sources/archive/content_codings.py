"""Undo Content-Encoding, with a cap on what comes out.

As browsers do: a body that claims a coding it does not have is taken as it is, and one that ends
early gives what arrived, and says so. A body that breaks in the middle is an error. Unlike
browsers, gzip that nobody claims, or more often than claimed, is undone where the type is of text.
"""

from __future__ import annotations

import io
import zlib
from typing import NamedTuple

import brotli

from curation.sources.stream.arrow_stream import ArrowStream

_MAX_CODINGS = 4
_GZIP_MAGIC = b"\x1f\x8b\x08"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_READ_BYTES = 1 << 16
_PIECE_BYTES = 1 << 12


class DecodedBody(NamedTuple):
    """A body without a coding, and whether the coding's own end was there."""

    data: bytes
    is_whole: bool = True


class BadContentEncodingError(ValueError):
    """A compressed body breaks in the middle, or claims what nobody can undo."""


class BodyTooLargeError(ValueError):
    """More would come out than the cap allows."""


def undo_content(body: bytes, content_encoding: str, max_bytes: int) -> DecodedBody:
    """The body as the author wrote it, at most ``max_bytes``.

    Raises BodyTooLargeError past that, BadContentEncodingError for a body that cannot be undone.
    """
    names = [name.strip().lower().removeprefix("x-") for name in content_encoding.split(",")]
    names = [name for name in names if name not in {"", "identity", "none", "utf-8", "chunked"}]
    if len(names) > _MAX_CODINGS:
        raise BadContentEncodingError(f"{len(names)} codings: {content_encoding[:100]}")
    is_whole = True
    for name in reversed(names):
        body, has_end = _undo_one(body, name, max_bytes)
        is_whole = is_whole and has_end
    if len(body) > max_bytes:
        raise BodyTooLargeError(f"a body of {len(body)} bytes, max_body_bytes is {max_bytes}")
    return DecodedBody(body, is_whole)


def undo_unclaimed(body: bytes, media_type: str, max_bytes: int) -> DecodedBody:
    """The body without gzip that no header speaks of, if its type says that it is text.

    What begins like gzip and is none stays as it is. Raises BodyTooLargeError.

    >>> import gzip
    >>> undo_unclaimed(gzip.compress(b"<p>"), "text/html", 100).data
    b'<p>'
    """
    is_whole = True
    is_text = media_type.startswith("text/") or media_type in {"", "application/xhtml+xml"}
    for _ in range(_MAX_CODINGS):
        if not is_text or not body.startswith(_GZIP_MAGIC):
            break
        try:
            body, has_end = _inflate_members(body, max_bytes)
        except BadContentEncodingError:
            break
        is_whole = is_whole and has_end
    return DecodedBody(body, is_whole)


def _undo_one(body: bytes, name: str, max_bytes: int) -> DecodedBody:
    if not body:
        return DecodedBody(body)
    if name == "gzip":
        is_gzip = body.startswith(b"\x1f\x8b")
        return _inflate_members(body, max_bytes) if is_gzip else _as_it_is(body, name)
    if name == "deflate":
        return _undo_deflate(body, max_bytes)
    if name == "br":
        return _undo_brotli(body, max_bytes)
    if name == "zstd":
        is_zstd = body.startswith(_ZSTD_MAGIC)
        return _undo_zstd(body, max_bytes) if is_zstd else _as_it_is(body, name)
    return _as_it_is(body, name)


def _as_it_is(body: bytes, name: str) -> DecodedBody:
    """The body, if it looks like text that was never encoded."""
    if b"\0" in body[:1024] or body.lstrip()[:1] in {b"", b"\x1f"}:
        raise BadContentEncodingError(f"the body is not {name[:40]!r}, nor is it text")
    try:
        body[:1024].decode("utf-8")
    except UnicodeDecodeError as error:
        # Text in an older charset is no UTF-8 either; markup tells it from compressed bytes.
        if b"<" not in body[:256] and error.start < len(body[:1024]) - 3:
            raise BadContentEncodingError(
                f"the body is not {name[:40]!r}, nor is it text"
            ) from error
    return DecodedBody(body)


def _inflate_members(body: bytes, max_bytes: int) -> DecodedBody:
    """All gzip members; what follows the last is ignored."""
    joined, is_whole, at = bytearray(), True, 0
    while is_whole and body.startswith(b"\x1f\x8b", at):
        (data, is_whole), at = _inflate(body, at, 31, max_bytes - len(joined))
        joined += data
    return DecodedBody(bytes(joined), is_whole)


def _inflate(body: bytes, at: int, window_bits: int, max_bytes: int) -> tuple[DecodedBody, int]:
    """What the stream that starts at ``at`` holds, and where it ends.

    Streams after the first are fed in pieces that double: zlib copies what it is given beyond a
    stream's end, so that a body of a million members would be copied a million times.
    """
    inflater = zlib.decompressobj(window_bits)
    pieces: list[bytes] = []
    left, piece_bytes = max_bytes, _PIECE_BYTES if at else len(body)
    while at < len(body) and not inflater.eof:
        given = body[at : at + piece_bytes]
        try:
            data = inflater.decompress(given, left + 1)
        except zlib.error as error:
            raise BadContentEncodingError(f"{error}") from error
        left -= len(data)
        if left < 0:
            raise BodyTooLargeError(f"a body that unpacks to more than {max_bytes} bytes")
        pieces.append(data)
        at += len(given) - len(inflater.unused_data)
        piece_bytes *= 2
    return DecodedBody(b"".join(pieces), inflater.eof), at


def _undo_deflate(body: bytes, max_bytes: int) -> DecodedBody:
    """Zlib as the standard has it, or raw deflate as many servers sent it."""
    try:
        return _inflate(body, 0, 15, max_bytes)[0]
    except BadContentEncodingError:
        pass
    try:
        return _inflate(body, 0, -15, max_bytes)[0]
    except BadContentEncodingError:
        return _as_it_is(body, "deflate")


def _undo_brotli(body: bytes, max_bytes: int) -> DecodedBody:
    decoder = brotli.Decompressor()
    pieces: list[bytes] = []
    size = 0
    given = body
    try:
        while size <= max_bytes and not decoder.is_finished():
            piece = decoder.process(given, output_buffer_limit=_READ_BYTES)
            given = b""
            pieces.append(piece)
            size += len(piece)
            if not piece and decoder.can_accept_more_data():
                break
    except brotli.error as error:
        if pieces:
            raise BadContentEncodingError(f"{error}") from error
        return _as_it_is(body, "br")
    if size > max_bytes:
        raise BodyTooLargeError(f"a body that unpacks to more than {max_bytes} bytes")
    return DecodedBody(b"".join(pieces), decoder.is_finished())


def _undo_zstd(body: bytes, max_bytes: int) -> DecodedBody:
    pieces: list[bytes] = []
    size, is_whole = 0, True
    try:
        stream = ArrowStream(io.BytesIO(body), "zstd")
        while size <= max_bytes and (piece := stream.read(_READ_BYTES)):
            pieces.append(piece)
            size += len(piece)
    except OSError as error:
        if not pieces or "Truncated" not in str(error):
            raise BadContentEncodingError(f"{error}") from error
        is_whole = False
    if size > max_bytes:
        raise BodyTooLargeError(f"a body that unpacks to more than {max_bytes} bytes")
    return DecodedBody(b"".join(pieces), is_whole)
