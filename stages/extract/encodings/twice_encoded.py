"""UTF-8 that was taken for windows-1252 and encoded again, once or more."""

from __future__ import annotations

import codecs
import re

MIN_CHARACTERS = 4
"""A text with fewer mended characters may be one that shows what such text looks like."""

MAX_ROUNDS = 3

_BYTE_OF = {
    bytes((byte,)).decode("windows-1252"): bytes((byte,))
    for byte in range(0x80, 0xA0)
    if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}


def _windows_1252_byte(error: UnicodeError) -> tuple[bytes, int]:
    if not isinstance(error, UnicodeEncodeError) or error.object[error.start] not in _BYTE_OF:
        raise error
    return _BYTE_OF[error.object[error.start]], error.start + 1


codecs.register_error("whatwg-windows-1252-byte", _windows_1252_byte)


# Lead byte and next byte of UTF-8, each encoded as a character of windows-1252.
_TWICE = re.compile(rb"\xc3[\x82-\xb4](?:\xc2[\x80-\xbf]|\xc5|\xc6|\xcb|\xe2)")


def begins_twice_encoded(body: bytes, at: int) -> bool:
    """Whether UTF-8 whose first byte that is not ASCII is at ``at`` may have been encoded twice."""
    return _TWICE.match(body, at) is not None


def mend_twice_encoded(text: str) -> str:
    r"""The text as it was before it was encoded too often; the same text where that is not sure.

    It is sure if every character is one of windows-1252, and all of them together are UTF-8. A page
    of which only a part was encoded twice stays as it is.

    >>> mend_twice_encoded("Ã©tÃ©, dÃ©jÃ\xa0 vu"), mend_twice_encoded("é is shown as Ã©")
    ('été, déjà vu', 'é is shown as Ã©')
    """
    for _ in range(MAX_ROUNDS):
        if text.isascii():
            return text
        try:
            inner = text.encode("latin-1", "whatwg-windows-1252-byte").decode("utf-8")
        except UnicodeError:
            return text
        if len(inner) - len(inner.encode("ascii", "ignore")) < MIN_CHARACTERS:
            return text
        text = inner.removeprefix("\ufeff")
    return text
