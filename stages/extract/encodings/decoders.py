"""The decoders of the WHATWG Encoding Standard, on top of Python's codecs.

Python's codecs are compiled and mostly right. An error handler reads what they do not know, and
passes over what nobody can read as the standard says; a few characters are exchanged afterwards.
Deviation: a character that is cut off at the end of the bytes is left out, and is no error.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from stages.extract.encodings.differences import BIG5, BIG5_MARKS, BIG5_SECOND, EUC_JP
from stages.extract.encodings.handlers import LOST
from stages.extract.encodings.seven_bit import hz_to_gb18030, iso_2022_jp_to_euc_jp


class DecodedBytes(NamedTuple):
    """A text, with U+FFFD for what could not be read, and how many such there are.

    Those U+FFFD that the bytes themselves spell are not counted.
    """

    text: str
    errors: int


@dataclass(frozen=True, slots=True)
class _Decoder:
    """Python's codec, the handler for what it rejects, what is exchanged before and after it."""

    codec: str
    handler: str
    exchanged: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[bytes], bytes] | None = None


def decode_as(body: bytes, encoding: str) -> DecodedBytes:
    r"""Text of ``body`` in an encoding of the standard, or in HZ or UTF-32; never raises.

    >>> decode_as(b"\xa3\xa0\x80", "gb18030"), decode_as(b"\xff", "big5")
    (DecodedBytes(text='\u3000€', errors=0), DecodedBytes(text='�', errors=1))
    """
    if encoding == "utf-8":
        return _decode_utf8(body)
    if encoding == "replacement":
        return DecodedBytes("\ufffd" * bool(body), int(bool(body)))
    decoder = _DECODERS.get(encoding) or _Decoder(encoding, "whatwg-one-byte")
    if decoder.prepare:
        body = decoder.prepare(body)
    text = body.decode(decoder.codec, decoder.handler)
    for given, meant in decoder.exchanged.items():
        text = text.replace(given, meant)
    errors = text.count(LOST)
    return DecodedBytes(text.replace(LOST, "\ufffd") if errors else text, errors)


def _decode_utf8(body: bytes) -> DecodedBytes:
    """As Python does it: its replacement is the standard's, and compiled."""
    try:
        return DecodedBytes(codecs.getincrementaldecoder("utf-8")("strict").decode(body), 0)
    except UnicodeDecodeError:
        text = codecs.getincrementaldecoder("utf-8")("replace").decode(body)
    return DecodedBytes(text, max(1, text.count("\ufffd") - body.count(b"\xef\xbf\xbd")))


def _exchange_tilde(body: bytes) -> bytes:
    """EUC-JP without 8FA2B7, which euc_jp reads as the tilde of ASCII; 8F is no trail byte."""
    return body.replace(b"\x8f\xa2\xb7", b"\xa1\xc1")


def _mark_second_sequences(body: bytes) -> bytes:
    """Big5 with sequences that no codec knows for those that big5hkscs takes for others'."""
    has_marks = 0x81 in body and any(mark in body for mark in BIG5_MARKS)  # noqa: PLR2004
    if not has_marks and not any(sequence in body for sequence in BIG5_SECOND):
        return body
    return _BIG5_PAIR.sub(lambda pair: _BIG5_MARKED.get(pair[0], pair[0]), body)


_BIG5_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xff]")
# Where a page has the very bytes of a mark, another unreadable pair stands for them.
_BIG5_MARKED = {sequence: mark for mark, sequence in BIG5_MARKS.items()} | dict.fromkeys(
    BIG5_MARKS, b"\x81\x82"
)
_DECODERS = {
    "gb18030": _Decoder("gbk", "whatwg-gb18030"),
    "hz-gb-2312": _Decoder("gbk", "whatwg-gb18030", prepare=hz_to_gb18030),
    "big5": _Decoder("big5hkscs", "whatwg-big5", BIG5, _mark_second_sequences),
    "euc-kr": _Decoder("cp949", "whatwg-euc-kr"),
    "shift_jis": _Decoder(
        "cp932", "whatwg-shift_jis", dict.fromkeys("\uf8f0\uf8f1\uf8f2\uf8f3", LOST)
    ),
    "euc-jp": _Decoder("euc_jp", "whatwg-euc-jp", EUC_JP, _exchange_tilde),
    "iso-2022-jp": _Decoder("euc_jp", "whatwg-euc-jp", EUC_JP, iso_2022_jp_to_euc_jp),
    "utf-16le": _Decoder("utf-16-le", "whatwg-wide"),
    "utf-16be": _Decoder("utf-16-be", "whatwg-wide"),
    "utf-32le": _Decoder("utf-32-le", "whatwg-wide"),
    "utf-32be": _Decoder("utf-32-be", "whatwg-wide"),
    "koi8-u": _Decoder("koi8-u", "whatwg-one-byte", {"╝": "ў", "╬": "Ў"}),
    "windows-1255": _Decoder("windows-1255", "whatwg-windows-1255"),
    "ibm866": _Decoder("cp866", "whatwg-one-byte"),
    "iso-8859-8-i": _Decoder("iso-8859-8", "whatwg-one-byte"),
    "macintosh": _Decoder("mac-roman", "whatwg-one-byte"),
    "windows-874": _Decoder("cp874", "whatwg-one-byte"),
    "x-mac-cyrillic": _Decoder("mac-cyrillic", "whatwg-one-byte"),
    "x-user-defined": _Decoder(
        "latin-1", "strict", {chr(byte): chr(0xF700 + byte) for byte in range(0x80, 0x100)}
    ),
}
