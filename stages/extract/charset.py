"""The charset of a page and its text: claims are checked against the bytes, liars are caught.

In order: a byte order mark; UTF-8, if the bytes are UTF-8, whatever anybody claims (text in another
charset is hardly ever valid UTF-8 by chance); the HTTP header; the ``meta`` element; a detector.
A claim holds if the bytes decode without errors and look like text in that charset; if none does,
the candidate with the fewest errors wins.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from enum import StrEnum

from resiliparse.parse.encoding import detect_encoding


class Origin(StrEnum):
    """What the charset was taken from."""

    BOM = "bom"
    BYTES = "bytes"
    HTTP = "http"
    META = "meta"
    DETECTOR = "detector"


@dataclass(frozen=True, slots=True)
class DecodedText:
    """The text, the codec that gave it, why that one, and how many sequences it could not read.

    ``errors`` counts the U+FFFD that decoding put in; those that the page itself holds are not
    among them.
    """

    text: str
    charset: str
    origin: Origin
    errors: int


# Claims mean the superset that browsers use (WHATWG Encoding, "names and labels").
SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "hz": "gb18030",
    "big5": "cp950",
    "big5hkscs": "cp950",
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "utf-16": "utf-8",  # a claim that can be read as ASCII is not UTF-16
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
}
LABELS = {"x-gbk": "gbk", "gb_2312-80": "gb2312", "x-x-big5": "big5", "x-sjis": "shift_jis"}
PUBLIC_NAMES = {"cp1252": "windows-1252", "cp950": "big5", "big5hkscs": "big5-hkscs"}
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: it begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
PRESCAN_BYTES = 8192  # WHATWG says 1,024; real pages put scripts before their meta
SAMPLE_BYTES = 1 << 16  # what the tests for plausibility look at
MAX_UTF8_ERRORS = 0.02  # of the bytes that are not ASCII; a GB page read as UTF-8 has over 0.3
# First lead byte, last lead byte and first trail byte of the frequent characters.
FREQUENT = {"gb18030": (0xB0, 0xD7, 0xA1), "cp950": (0xA4, 0xC6, 0x40)}
MIN_UTF16_NULS = 0.2  # a page of Latin markup has half of its bytes 0, one of Chinese text less

_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_META = re.compile(rb"<meta\b[^>]{0,500}?\bcharset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_ESCAPES = re.compile(rb"\x1b[$(]")
_TWO_BYTES = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_RUNS = re.compile(rb"(?:[\x81-\xfe][\x40-\x7e\x80-\xfe])+")
_ASCII = bytes(range(0x80))


def codec_of(label: str | None) -> str | None:
    """The codec that a claimed label means, or None if it means nothing.

    >>> codec_of(" GB2312 "), codec_of("latin1"), codec_of("no-such")
    ('gb18030', 'cp1252', None)
    """
    name = (label or "").strip().strip("\"'").lower()
    try:
        codec = codecs.lookup(LABELS.get(name, name)).name
        if not codecs.lookup(codec)._is_text_encoding:  # noqa: SLF001
            return None
    except (LookupError, ValueError):
        return None
    return None if codec in {"utf-7", "idna", "punycode"} else SUPERSETS.get(codec, codec)


def declared_in(body: bytes) -> str | None:
    """The label in the page's own ``meta`` element or XML declaration, outside comments."""
    head = body[:PRESCAN_BYTES]
    found = _XML.search(head) or _META.search(_COMMENT.sub(b"", head))
    return found.group(1).decode("ascii", "ignore") if found else None


def decode(body: bytes, http_charset: str | None = None) -> DecodedText:
    """Text of ``body``; never raises. An empty body gives an empty text in UTF-8.

    >>> decode("联合国大会今天通过决议".encode("gbk"), "utf-8").charset
    'gb18030'
    """
    for mark, codec in BOMS:
        if body.startswith(mark):
            return _read(body[len(mark) :], codec, Origin.BOM)
    wide = _wide_codec(body[:SAMPLE_BYTES])
    if wide:
        return _read(body, wide, Origin.BYTES)
    if _ESCAPES.search(body[:SAMPLE_BYTES]):
        for claim, origin in _claims(body, http_charset):
            if claim.startswith("iso2022"):
                return _read(body, claim, origin)
    utf8 = _read(body, "utf-8", Origin.BYTES)
    if not utf8.errors or utf8.errors <= MAX_UTF8_ERRORS * _count_not_ascii(body):
        return utf8
    return _legacy(body, http_charset, utf8)


def _legacy(body: bytes, http_charset: str | None, utf8: DecodedText) -> DecodedText:
    """The text of bytes that are not UTF-8: the first claim that holds, else the best candidate."""
    detected = codec_of(detect_encoding(body, html5_compatible=False)) or "cp1252"
    claims = [claim for claim in _claims(body, http_charset) if claim[0] != "utf-8"]
    # Any bytes decode in a charset of one byte a character, so such a claim says little: it
    # follows a detector that saw two-byte characters.
    weak = [claim for claim in claims if not _is_multibyte(claim[0])]
    strong = [claim for claim in claims if _is_multibyte(claim[0])]
    guess = (detected, Origin.DETECTOR)
    tried = [utf8]
    for codec, origin in [
        *strong,
        *([guess, *weak] if _is_multibyte(detected) else [*weak, guess]),
    ]:
        decoded = _read(body, codec, origin)
        if not decoded.errors and _is_plausible(body, codec, detected):
            return decoded
        tried.append(decoded)
    fewest = min(decoded.errors for decoded in tried)
    # A few bad bytes in a page refute neither a claim nor the detector, in that order.
    tolerated = fewest + _count_not_ascii(body) // 1000
    return next(decoded for decoded in tried if decoded.errors <= tolerated)


def _is_multibyte(codec: str) -> bool:
    return codec.startswith(
        ("gb", "big5", "cp950", "euc", "cp932", "cp949", "johab", "shift", "iso2022")
    )


def _claims(body: bytes, http_charset: str | None) -> list[tuple[str, Origin]]:
    labels = ((http_charset, Origin.HTTP), (declared_in(body), Origin.META))
    return [(codec, origin) for label, origin in labels if (codec := codec_of(label))]


def _read(body: bytes, codec: str, origin: Origin) -> DecodedText:
    """Decode, with U+FFFD for what cannot be read; a character cut off at the end is no error."""
    try:
        text = codecs.getincrementaldecoder(codec)("strict").decode(body)
        return DecodedText(text, PUBLIC_NAMES.get(codec, codec), origin, 0)
    except (UnicodeDecodeError, ValueError):
        pass
    if codec == "cp950":  # Hong Kong's characters or Microsoft's: found by trying
        hong_kong = _read(body, "big5hkscs", origin)
        if not hong_kong.errors:
            return hong_kong
    text = body.decode(codec, "replace")
    own = body.count(b"\xef\xbf\xbd") if codec == "utf-8" else 0
    errors = max(1, text.count("�") - own)
    return DecodedText(text, PUBLIC_NAMES.get(codec, codec), origin, errors)


def _is_plausible(body: bytes, codec: str, detected: str) -> bool:
    """Whether a claim that the detector contradicts holds against it.

    Big5 text is mostly valid GB18030 and often the reverse. What tells them apart is where each
    keeps its frequent characters: the claim needs at least as many there as the detected one.
    """
    blocks = FREQUENT.get(codec), FREQUENT.get(detected)
    if codec == detected or not blocks[0] or not blocks[1]:
        return True
    pairs = [pair for run in _RUNS.findall(body[:SAMPLE_BYTES]) for pair in _TWO_BYTES.findall(run)]
    claimed, other = (
        sum(block[0] <= pair[0] <= block[1] and pair[1] >= block[2] for pair in pairs)
        for block in blocks
        if block
    )
    return claimed >= other


def _wide_codec(sample: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, from where the NUL bytes of its ASCII characters lie."""
    size = len(sample) - len(sample) % 4
    if size < 4 or sample.count(0) < MIN_UTF16_NULS * size:  # noqa: PLR2004 -- one UTF-32 code
        return None
    nuls = [sample[place:size:4].count(0) * 4 / size for place in range(4)]
    if min(nuls[1:]) > 0.5 or min(nuls[:3]) > 0.5:  # noqa: PLR2004 -- most places
        return "utf-32-le" if nuls[3] >= nuls[0] and nuls[0] < 0.5 else "utf-32-be"  # noqa: PLR2004
    even, odd = nuls[0] + nuls[2], nuls[1] + nuls[3]
    if max(even, odd) > 4 * min(even, odd):
        return "utf-16-be" if even > odd else "utf-16-le"
    return None


def _count_not_ascii(body: bytes) -> int:
    return len(body.translate(None, _ASCII))
