"""Encodings that show in the bytes without a mark: UTF-16, UTF-32, and those that shift ASCII."""

from __future__ import annotations

import re

from stages.extract.encodings.chinese import chinese_share
from stages.extract.encodings.decoders import decode_as

SAMPLE_BYTES = 1 << 16
MIN_NULS = 0.2
"""Of the bytes of a page of Latin text in UTF-16 half are 0; with this share, nothing else is."""

_MARKUP = re.compile(r"<[a-zA-Z!/]")
_TO_KANJI, _TO_ASCII = re.compile(rb"\x1b\$[@B]"), re.compile(rb"\x1b\([BJ]")
_OTHER_SHIFTS = (b"\x1b$", b"\x0e")


def find_unmarked(body: bytes, http_encoding: str | None) -> str | None:
    """The encoding that bytes without a mark are surely in; None for everything like ASCII.

    >>> find_unmarked("<p>你们好</p>".encode("utf-16-le"), None)
    'utf-16le'
    """
    sample = body[:SAMPLE_BYTES]
    claims_wide = http_encoding in {"utf-16le", "utf-16be"}
    if claims_wide or 0 in sample:
        return _find_wide(sample)
    # One byte is found at the speed of memory, two are not.
    if body.isascii() and (0x1B in body or 0x0E in body or (0x7E in body and b"~{" in body)):  # noqa: PLR2004
        return _find_shifted(body, http_encoding)
    return None


def _find_wide(sample: bytes) -> str | None:
    """UTF-16 or UTF-32, from where the NUL bytes of its ASCII characters lie, and what it says."""
    size = max(4, len(sample) - len(sample) % 4)
    nuls = [sample[place:size:4].count(0) * 4 / size for place in range(4)]
    if min(nuls[1:]) > 0.5 or min(nuls[:3]) > 0.5:  # noqa: PLR2004 -- most places
        return "utf-32le" if nuls[3] >= nuls[0] and nuls[0] < 0.5 else "utf-32be"  # noqa: PLR2004
    even, odd = nuls[0] + nuls[2], nuls[1] + nuls[3]
    likelier, other = ("utf-16be", "utf-16le") if even > odd else ("utf-16le", "utf-16be")
    if even + odd >= 4 * MIN_NULS and max(even, odd) > 4 * min(even, odd):
        return likelier
    # One of the most frequent characters, U+4E00, has a NUL where ASCII has none.
    for guess in (likelier, other):
        text, errors = decode_as(sample, guess)
        if not errors and (_MARKUP.search(text) or chinese_share(text).is_chinese):
            return guess
    return None


def _find_shifted(body: bytes, claimed: str | None) -> str | None:
    """What a text in ASCII means by its shifts: a text that only speaks of them is no such text."""
    has_shifts = _TO_KANJI.search(body) and _TO_ASCII.search(body)
    if has_shifts and not decode_as(body, "iso-2022-jp").errors:
        return "iso-2022-jp"
    if b"~{" in body:
        text, errors = decode_as(body, "hz-gb-2312")
        if not errors and chinese_share(text).is_chinese:
            return "hz-gb-2312"
    if claimed == "replacement" and any(shift in body for shift in _OTHER_SHIFTS):
        return "replacement"
    return None
