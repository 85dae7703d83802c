"""The form in which items and pages are compared: letters, digits and mathematical signs alone.

Case, width, accents, traditional characters, spaces and punctuation are gone, so that a copy that
differs in these is a copy. What remains is UTF-8, in which a word of English and one of Chinese
take about as many bytes, and at every byte whether a word may begin there.

A page is not cut into tokens: they are what items are counted in, and an item's are looked for as
bytes. How jieba would cut a page, which depends on what stands around the item, does not matter.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import regex

from models.kernels.arrays import Int64Array, UInt8Array, UInt32Array
from models.kernels.compile import inlined, kernel
from models.text import segmenter
from models.text.characters import lower_codes
from models.text.scripts import PLANES, codes_of
from models.text.traditional import simple_codes

END_OF_TEXT = 0
"""The byte behind each text; no text has one."""

# What the table says of a character above the code that it becomes.
_CODE = (1 << 24) - 1
_NOTHING, _BREAK, _LETTER, _DIGIT, _SINGLE, _END = (bit << 24 for bit in (1, 2, 4, 8, 16, 32))
_KIND = _LETTER | _DIGIT | _SINGLE | _END
_SPACE = 0x20
_ONE_BYTE, _TWO_BYTES, _THREE_BYTES = 0x80, 0x800, 0x10000  # the first codes that need one more
_MAX_BYTES = 4
_TWO_BYTE_LEAD, _THREE_BYTE_LEAD, _FOUR_BYTE_LEAD = 0xC0, 0xE0, 0xF0

_SINGLES = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Sm}]"
)
"""Scripts without blanks between words, and signs: a word may begin at any of these."""
_UNSEEN = regex.compile(r"[\p{Mn}\p{Cf}\p{Sk}]")
"""Accents that stand by themselves, zero-width spaces and soft hyphens: they divide no word."""


@dataclass(frozen=True, eq=False, slots=True)
class Canonical:
    """Texts in canonical form, one after the other, ``END_OF_TEXT`` behind each.

    ``data`` (bytes,) uint8 is UTF-8; ``starts`` (bytes,) uint8 is 1 where a word, or a token, may
    begin. ``ends`` (texts,) are the places of the bytes behind texts.
    """

    data: UInt8Array
    starts: UInt8Array
    ends: Int64Array


def canonical(texts: Sequence[str]) -> Canonical:
    r"""The canonical form of texts, with a start wherever a word may begin.

    >>> form = canonical(["Ｗhy  is the SKY, blue?", "天空"])
    >>> form.data.tobytes()
    b'whyistheskyblue\x00\xe5\xa4\xa9\xe7\xa9\xba\x00'
    >>> np.flatnonzero(form.starts).tolist()
    [0, 3, 5, 8, 11, 15, 16, 19, 22]
    """
    codes = _codes(texts)
    data = np.empty(_MAX_BYTES * len(codes), np.uint8)
    starts = np.empty_like(data)
    size = _write(codes, _table(), data, starts)
    # Copies, for what is cut off is three quarters of a text in English.
    data, starts = data[:size].copy(), starts[:size].copy()
    return Canonical(data, starts, np.flatnonzero(data == END_OF_TEXT))


def canonical_tokens(texts: Sequence[str]) -> Canonical:
    """The same with a start at each token: the words between blanks, and jieba's of Chinese.

    >>> form = canonical_tokens(["天空为什么是蓝色的"])
    >>> np.flatnonzero(form.starts).tolist()  # 天空 为什么 是 蓝色 的
    [0, 6, 15, 18, 24, 27]
    """
    form = canonical(texts)
    spaced, places = _spaced(_codes(texts), _table())
    begins = np.zeros(len(form.data), np.bool_)
    begins[places[segmenter.spans(spaced)[0]]] = True
    form.starts[:] &= begins | ~_begins_single(form.data)
    return form


def original_places(text: str) -> Int64Array:
    """Which character of a text gives each byte of its canonical form, (bytes,).

    >>> original_places("  Ｗhy?").tolist()  # the last is that of the end
    [2, 3, 4, 6]
    """
    return _find_originals(_codes([text]), _table())


def _codes(texts: Sequence[str]) -> UInt32Array:
    """The codes of texts, a NUL behind each."""
    joined = "".join(f"{text}\0" for text in (text.replace("\0", " ") for text in texts))
    return codes_of(joined)


@cache
def _table() -> UInt32Array:
    """What each code point up to ``PLANES`` becomes, (codes,)."""
    table = np.full(PLANES + 1, _BREAK, np.uint32)
    lower, simple = lower_codes(), simple_codes()
    for code, character in enumerate(map(chr, range(PLANES))):
        base = _without_accents(character)
        if base.isalnum() or _SINGLES.match(base):
            kind = _SINGLE if _SINGLES.match(base) else _DIGIT if base.isdigit() else _LETTER
            table[code] = kind | simple[lower[ord(base)]]
        elif _UNSEEN.match(character):
            table[code] = _NOTHING
    table[0] = _END
    return table


def _without_accents(character: str) -> str:
    """The one character that this one is a form of, itself where it stands for several.

    >>> "".join(map(_without_accents, "éＡ²ﬁ"))
    'eA2ﬁ'
    """
    if character.isascii():
        return character
    parts = unicodedata.normalize("NFKD", character)
    base = "".join(part for part in parts if not unicodedata.combining(part))
    return base if len(base) == 1 else character


@inlined
def _width(code: int) -> int:
    """The bytes of a character in UTF-8."""
    if code < _ONE_BYTE:
        return 1
    if code < _TWO_BYTES:
        return 2
    return 3 if code < _THREE_BYTES else 4


@kernel()
def _write(codes: UInt32Array, table: UInt32Array, data: UInt8Array, starts: UInt8Array) -> int:
    """Write the canonical form and where words may begin in it; the bytes written."""
    size = 0
    before = np.uint32(_BREAK)
    for code in codes:
        entry = table[code]
        if entry & _NOTHING:
            continue
        kind = entry & (_KIND | _BREAK)
        if kind != _BREAK:
            new, width = entry & _CODE, _width(entry & _CODE)
            starts[size] = kind != before or kind & (_SINGLE | _END) != 0
            if width == 1:
                data[size] = new
            for at in range(width - 1, 0, -1):
                data[size + at] = 0x80 | new & 0x3F
                starts[size + at] = 0
                new >>= 6
            if width > 1:
                data[size] = (0xF00 >> width) & 0xFF | new
            size += width
        before = kind
    return size


@kernel()
def _spaced(codes: UInt32Array, table: UInt32Array) -> tuple[UInt32Array, Int64Array]:
    """The canonical characters with spaces for what was left out; the place of each in the form."""
    spaced, places = np.empty(len(codes), np.uint32), np.empty(len(codes), np.int64)
    count = place = 0
    for code in codes:
        entry = table[code]
        if entry & _NOTHING:
            continue
        spaced[count], places[count] = _SPACE, place
        if entry & _BREAK == 0:
            spaced[count] = entry & _CODE
            place += _width(entry & _CODE)
        count += 1
    return spaced[:count], places[:count]


@kernel()
def _find_originals(codes: UInt32Array, table: UInt32Array) -> Int64Array:
    places = np.empty(_MAX_BYTES * len(codes), np.int64)
    size = 0
    for at in range(len(codes)):
        entry = table[codes[at]]
        if entry & (_NOTHING | _BREAK) == 0:
            for _ in range(_width(entry & _CODE)):
                places[size] = at
                size += 1
    return places[:size]


def _begins_single(data: UInt8Array) -> np.ndarray:
    """Whether a character whose script has no blanks begins at each byte, (bytes,)."""
    return _mark_singles(data, _single_characters())


@cache
def _single_characters() -> np.ndarray:
    """Whether each code point up to ``PLANES`` may be a word by itself, (codes,)."""
    found = np.zeros(PLANES + 1, np.bool_)
    table = _table()
    found[table[table & _SINGLE != 0] & _CODE] = True
    return found


@kernel()
def _mark_singles(data: UInt8Array, singles: np.ndarray) -> np.ndarray:
    marks = np.zeros(len(data), np.bool_)
    at = 0
    while at < len(data):
        lead = np.int64(data[at])
        width = (
            1 + (lead >= _TWO_BYTE_LEAD) + (lead >= _THREE_BYTE_LEAD) + (lead >= _FOUR_BYTE_LEAD)
        )
        code = lead if width == 1 else lead & (0x7F >> width)
        for behind in range(1, width):
            code = code << 6 | np.int64(data[at + behind]) & 0x3F
        marks[at] = singles[code]
        at += width  # type: ignore[assignment]
    return marks
