"""The charset of a page and its text: claims are checked against the bytes, liars are caught.

In order: a byte order mark; UTF-16 and encodings that shift ASCII, which show in the bytes; UTF-8,
if the bytes are UTF-8, whatever anybody claims (other text is hardly ever valid UTF-8 by chance);
GB18030 or Big5, if the bytes read so are Chinese; the HTTP header; the ``meta`` element; a
detector. A claim holds if the bytes decode without errors; if none does, the candidate with the
fewest errors wins. Labels and decoders are those of the WHATWG Encoding Standard.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from resiliparse.parse.encoding import detect_encoding

from stages.extract.encodings import decode_as, encoding_of
from stages.extract.encodings.chinese import CHINESE, MIN_LETTERS, ChineseShare, chinese_shares
from stages.extract.encodings.declared import declared_in
from stages.extract.encodings.twice_encoded import begins_twice_encoded, mend_twice_encoded
from stages.extract.encodings.unmarked import find_unmarked


class Origin(StrEnum):
    """What the charset was taken from."""

    BOM = "bom"
    BYTES = "bytes"
    HTTP = "http"
    META = "meta"
    DETECTOR = "detector"


@dataclass(frozen=True, slots=True)
class DecodedText:
    """The text, the encoding that gave it, why that one, and how many sequences it could not read.

    ``charset`` is the standard's name in lower case. ``errors`` counts the U+FFFD that decoding put
    in; those that the page itself holds are not among them. ``utf8`` is the text in UTF-8 where the
    page came so: nobody has to encode it again.
    """

    text: str
    charset: str
    origin: Origin
    errors: int
    utf8: bytes | None = field(default=None, compare=False, repr=False)


Claim = tuple[str, Origin]
"""An encoding, and who says so."""

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32le"),  # before UTF-16: it begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32be"),
    (codecs.BOM_UTF16_LE, "utf-16le"),
    (codecs.BOM_UTF16_BE, "utf-16be"),
)
# What a meta element that can be read as ASCII means by these (HTML Standard, 13.2.3.2).
MEANT_IN_META = {"utf-16le": "utf-8", "utf-16be": "utf-8", "x-user-defined": "windows-1252"}
MULTIBYTE = frozenset({*CHINESE, "euc-jp", "euc-kr", "shift_jis"})
WESTERN = frozenset(
    {"windows-1250", "windows-1252", "windows-1254", "windows-1257", "windows-1258", "macintosh"}
    | {f"iso-8859-{part}" for part in (2, 3, 4, 10, 13, 14, 15, 16)}
)
NOT_LIKE_ASCII = frozenset({"utf-8", "utf-16le", "utf-16be", "iso-2022-jp", "replacement"})
NO_OTHER_LANGUAGE = frozenset({*CHINESE, *WESTERN, *NOT_LIKE_ASCII})
MIN_AGAINST_CLAIM = 20  # letters: a few words in Korean or Thai may read as Chinese
MAX_UTF8_ERRORS = 0.02  # of the bytes that are not ASCII; a GB page read as UTF-8 has over 0.3
MAX_ERRORS = 0.1  # of the same; a claim with more in a sample is not tried on the whole
SAMPLE_BYTES = 1 << 14
MIN_RARE_SHARE = 0.1  # of frequent characters; a list of names has 0.2
MIN_SHORT_SHARE = 0.5  # of two or three letters

_ASCII = bytes(range(0x80))


def decode(body: bytes, http_charset: str | None = None) -> DecodedText:
    """Text of ``body``; never raises. An empty body gives an empty text in UTF-8.

    >>> decode("联合国大会今天通过决议".encode("gbk"), "utf-8").charset
    'gb18030'
    """
    for mark, encoding in BOMS:
        if body.startswith(mark):
            return _read(body[len(mark) :], encoding, Origin.BOM)
    if unmarked := find_unmarked(body, encoding_of(http_charset)):
        return _read(body, unmarked, Origin.BYTES)
    try:
        return DecodedText(body.decode("ascii"), "utf-8", Origin.BYTES, 0, body)
    except UnicodeDecodeError as error:
        first = error.start
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    try:
        text = decoder.decode(body)
    except UnicodeDecodeError:
        return _not_utf8(body, first, http_charset)
    if begins_twice_encoded(body, first):
        return DecodedText(mend_twice_encoded(text), "utf-8", Origin.BYTES, 0)
    is_whole = not decoder.getstate()[0]
    return DecodedText(text, "utf-8", Origin.BYTES, 0, body if is_whole else None)


def _not_utf8(body: bytes, first: int, http_charset: str | None) -> DecodedText:
    """The text of bytes that are not all UTF-8; the first that is not ASCII is at ``first``."""
    claims = _claims(body, http_charset)
    shares = chinese_shares(body, first)
    if any(encoding not in NO_OTHER_LANGUAGE for encoding, _ in claims):
        shares = {name: share.if_letters(MIN_AGAINST_CLAIM) for name, share in shares.items()}
    chinese = max(shares, key=lambda encoding: shares[encoding].share)
    if shares[chinese].is_chinese:
        origins = (origin for encoding, origin in claims if encoding == chinese)
        return _read(body, chinese, next(origins, Origin.DETECTOR))
    utf8 = _read(body, "utf-8", Origin.BYTES)
    high = _count_not_ascii(body)
    if utf8.errors <= MAX_UTF8_ERRORS * high:
        return utf8
    candidates = _in_order(claims, _detect(body, shares))
    likelier = (_likelier(encoding, origin, shares) for encoding, origin in candidates)
    sample = body[first : first + SAMPLE_BYTES]
    hopeful = [candidate for candidate in likelier if not _is_hopeless(sample, candidate[0])]
    return _best(body, hopeful or [("windows-1252", Origin.DETECTOR)], utf8, high // 1000)


def _best(
    body: bytes, candidates: Sequence[Claim], utf8: DecodedText, tolerance: int
) -> DecodedText:
    """The first candidate without an error, else the first that hardly errs more than any other.

    A few bad bytes in a page refute neither a claim nor the detector, in that order.
    """
    tried = [utf8]
    for encoding, origin in candidates:
        decoded = _read(body, encoding, origin)
        if not decoded.errors:
            return decoded
        tried.append(decoded)
    most = min(decoded.errors for decoded in tried) + tolerance
    return next(decoded for decoded in tried if decoded.errors <= most)


def _in_order(claims: Sequence[Claim], detected: str) -> list[Claim]:
    """Claims and what is detected, the most trustworthy first.

    Any bytes decode in a charset of one byte a character, so such a claim says little: it follows a
    detector that saw two-byte characters.
    """
    possible = [claim for claim in claims if claim[0] not in NOT_LIKE_ASCII]
    strong = [claim for claim in possible if claim[0] in MULTIBYTE]
    weak = [claim for claim in possible if claim[0] not in MULTIBYTE]
    guess = (detected, Origin.DETECTOR)
    return [*strong, guess, *weak] if detected in MULTIBYTE else [*strong, *weak, guess]


def _is_hopeless(sample: bytes, encoding: str) -> bool:
    most = MAX_ERRORS * _count_not_ascii(sample) + 1
    return encoding in MULTIBYTE and decode_as(sample, encoding).errors > most


def _likelier(encoding: str, origin: Origin, shares: Mapping[str, ChineseShare]) -> Claim:
    """The other Chinese encoding, where a text that is too short to be sure reads better in it."""
    for other in CHINESE:
        if encoding in CHINESE and shares[other].share > shares[encoding].share:
            return other, Origin.DETECTOR
    return encoding, origin


def _detect(body: bytes, shares: Mapping[str, ChineseShare]) -> str:
    """What the detector says, windows-1252 if nothing.

    If that is Western and everything reads as Chinese too, if rare or little of it, it is Chinese:
    Western letters hardly ever stand side by side, as the bytes of a name do.
    """
    name = (detect_encoding(body, html5_compatible=False) or "").replace("_", "-")
    detected = encoding_of(name) or encoding_of(f"x-{name}") or "windows-1252"
    best = max(shares, key=lambda encoding: shares[encoding].share)
    letters, share = shares[best]
    is_chinese = share >= (MIN_RARE_SHARE if letters >= MIN_LETTERS else MIN_SHORT_SHARE)
    return best if detected in WESTERN and is_chinese else detected


def _claims(body: bytes, http_charset: str | None) -> list[Claim]:
    """What the header and the page say, in this order, by the standard's names."""
    header, meta = encoding_of(http_charset), encoding_of(declared_in(body))
    claims = ((header, Origin.HTTP), (MEANT_IN_META.get(meta or "", meta), Origin.META))
    return [(encoding, origin) for encoding, origin in claims if encoding]


def _read(body: bytes, encoding: str, origin: Origin) -> DecodedText:
    text, errors = decode_as(body, encoding)
    return DecodedText(text, encoding, origin, errors)


def _count_not_ascii(body: bytes) -> int:
    return len(body.translate(None, _ASCII))
