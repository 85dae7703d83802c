"""Error handlers for Python's codecs that go on as the WHATWG Encoding Standard does.

Each reads what its codec lacks. What nobody can read becomes :data:`LOST`, and a character that the
end of the bytes cuts off becomes nothing.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

from stages.extract.encodings.differences import BIG5_ADDED, BIG5_MARKS, BIG5_SECOND, GB18030

LOST = "\udcff"
"""Stands for what cannot be read until it is counted: no decoder gives a lone surrogate."""

Handler = Callable[[UnicodeError], tuple[str, int]]


def _one_byte(error: UnicodeError) -> tuple[str, int]:
    """A byte without a character: from 80 to 9F the control character of the same number."""
    body, at = _place(error)
    byte = body[at]
    return chr(byte) if 0x80 <= byte < 0xA0 else LOST, at + 1  # noqa: PLR2004 -- C1


def _windows_1255(error: UnicodeError) -> tuple[str, int]:
    body, at = _place(error)
    return ("\u05ba", at + 1) if body[at] == 0xCA else _one_byte(error)  # noqa: PLR2004


def _wide(error: UnicodeError) -> tuple[str, int]:
    """Half of a surrogate pair, or a code above U+10FFFF; bytes that are cut off are nothing."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "" if error.end == len(error.object) else LOST, error.end


def _nothing(_pair: bytes) -> str:
    """No character, whatever the pair."""
    return ""


def _two_bytes(leads: bytes, read: Callable[[bytes], str] = _nothing) -> Handler:
    """A handler for two-byte encodings: ``read`` gives the character of a pair, "" if it has none.

    A lead byte takes the byte that follows along into the error, unless that is ASCII.
    """

    def handler(error: UnicodeError) -> tuple[str, int]:
        body, at = _place(error)
        pair = body[at : at + 2]
        if len(pair) == 1:
            return "" if pair in leads else LOST, at + 1
        if character := read(pair):
            return character, at + 2
        return LOST, at + 1 + (pair[0] in leads and pair[1:] >= b"\x80")

    return handler


def _gb18030(error: UnicodeError) -> tuple[str, int]:
    """What the codec for GBK lacks: 80 is the euro, then GB18030's pairs and fours.

    Four bytes of the right form that mean nothing are one error.
    """
    body, at = _place(error)
    if body[at] == 0x80:  # noqa: PLR2004
        return "€", at + 1
    if _CUT_FOUR_BYTES.match(body, at):
        return "", len(body)
    if _FOUR_BYTES.match(body, at):
        return _read_gb18030(body[at : at + 4]) or LOST, at + 4
    return _GB18030_PAIRS(error)


def _read_gb18030(sequence: bytes) -> str:
    try:
        character = sequence.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return GB18030.get(character, character)


def _euc_jp(error: UnicodeError) -> tuple[str, int]:
    """Three bytes from 8F on that mean nothing are one error, two where the third is ASCII."""
    body, at = _place(error)
    if _THREE_BYTES.match(body, at):
        if at + 2 == len(body):
            return "", len(body)
        return LOST, at + 2 + (body[at + 2 : at + 3] >= b"\x80")
    return _EUC_JP_PAIRS(error)


def _read_vendor_rows(pair: bytes) -> str:
    """The rows of NEC and IBM, which Python's euc_jp lacks and its cp932 has at the same places."""
    row, cell = (byte - 0xA1 for byte in pair)
    if row not in _VENDOR_ROWS or not 0 <= cell < _CELLS:
        return ""
    lead, trail = divmod(row * _CELLS + cell, 2 * _CELLS)
    lead += 0x81 if lead < 0x1F else 0xC1  # noqa: PLR2004 -- as the standard numbers them
    trail += 0x40 if trail < 0x3F else 0x41  # noqa: PLR2004
    read = bytes((lead, trail)).decode("cp932", "replace")
    return "" if "\ufffd" in read else read


def _place(error: UnicodeError) -> tuple[bytes, int]:
    """The bytes that are being decoded, and where the codec is at a loss."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object, error.start


_CELLS = 94
_VENDOR_ROWS = (12, *range(88, 92))
_FOUR_BYTES = re.compile(rb"[\x81-\xfe][0-9][\x81-\xfe][0-9]")
_CUT_FOUR_BYTES = re.compile(rb"[\x81-\xfe][0-9][\x81-\xfe]?\Z")
_THREE_BYTES = re.compile(rb"\x8f[\xa1-\xfe]")
_BIG5_READ = BIG5_ADDED | {mark: BIG5_SECOND[sequence] for mark, sequence in BIG5_MARKS.items()}
_LEADS = bytes(range(0x81, 0xFF))
_GB18030_PAIRS = _two_bytes(_LEADS, _read_gb18030)
_EUC_JP_PAIRS = _two_bytes(bytes((0x8E, 0x8F, *range(0xA1, 0xFF))), _read_vendor_rows)
_HANDLERS = {
    "whatwg-one-byte": _one_byte,
    "whatwg-windows-1255": _windows_1255,
    "whatwg-wide": _wide,
    "whatwg-gb18030": _gb18030,
    "whatwg-big5": _two_bytes(_LEADS, lambda pair: _BIG5_READ.get(pair, "")),
    "whatwg-euc-jp": _euc_jp,
    "whatwg-euc-kr": _two_bytes(_LEADS),
    "whatwg-shift_jis": _two_bytes(bytes((*range(0x81, 0xA0), *range(0xE0, 0xFD)))),
}
for _name, _handler in _HANDLERS.items():
    codecs.register_error(_name, _handler)
