"""Encodings that write two-byte characters in ASCII: ISO-2022-JP and HZ.

Both are turned into an encoding of eight bits: what a shift announces gets its high bits.
"""

from __future__ import annotations

import re
from itertools import starmap

_UNREADABLE = 0xFF  # means nothing in EUC-JP either
_ASCII_ONLY = bytes(
    byte if byte < 0x80 and byte not in {0x0E, 0x0F} else _UNREADABLE  # noqa: PLR2004
    for byte in range(256)
)
_HIGH = bytes(byte | 0x80 if 0x21 <= byte <= 0x7E else byte for byte in range(256))  # noqa: PLR2004
_HIGH_ONLY = bytes(
    byte if byte >= 0xA1 or byte in b"\r\n" else _UNREADABLE  # noqa: PLR2004
    for byte in _HIGH
)
_SHIFT = re.compile(rb"\x1b(\([BJI]|\$[@B])")
_KATAKANA = re.compile(rb"[\x21-\x5f]")
# A shift lasts to its end, or to the end of the line that lacks it (RFC 1843).
_HZ = re.compile(rb"~\{((?:[\x21-\x7d][\x21-\x7e])*)(?:~\}|(?=\r?\n|\Z))|~(~|\n)")


def iso_2022_jp_to_euc_jp(body: bytes) -> bytes:
    r"""EUC-JP for what a text in ISO-2022-JP says.

    Deviations: Roman letters are ASCII, two shifts in a row are no error, and a line may end inside
    a two-byte run, as it does in mail and on old pages.

    >>> iso_2022_jp_to_euc_jp(b"a \x1b$BF|K\\\x1b(B b").decode("euc_jp")
    'a 日本 b'
    """
    start, *rest = _SHIFT.split(body.translate(_ASCII_ONLY))
    runs = zip(rest[::2], rest[1::2], strict=True)
    return b"".join((start, *starmap(_unshift, runs))).replace(b"\x1b", bytes((_UNREADABLE,)))


def _unshift(shift: bytes, text: bytes) -> bytes:
    """The run that follows a shift, in EUC-JP."""
    if shift.startswith(b"$"):
        return text.translate(_HIGH_ONLY)
    if shift == b"(I":
        return _KATAKANA.sub(lambda kana: b"\x8e" + kana[0].translate(_HIGH), text)
    return text


def hz_to_gb18030(body: bytes) -> bytes:
    """GB 2312 for what a text in HZ (RFC 1843) says; a tilde that shifts nothing stays.

    >>> hz_to_gb18030(b"~~ ~{<:Ky2;S{~} ~user").decode("gb2312")
    '~ 己所不欲 ~user'
    """

    def shifted(found: re.Match[bytes]) -> bytes:
        text, escaped = found.groups()
        if text is None:
            return b"~" if escaped == b"~" else b""
        return bytes(text.translate(_HIGH))

    return _HZ.sub(shifted, body)
