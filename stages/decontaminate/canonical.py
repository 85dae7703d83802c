"""The form in which items and pages are compared: letters, digits and mathematical signs alone.

Case, width, accents, traditional characters, spaces and punctuation are gone, so that a copy that
differs in these is a copy. What remains is UTF-8, in which a word of English and one of Chinese
take about as many bytes, and at every byte whether a word may begin there.

A page is not cut into tokens: they are what items are counted in, and an item's are looked for as
bytes. How jieba would cut a page, which depends on what stands around the item, does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from models.kernels.arrays import BoolArray, Int64Array, UInt8Array, UInt32Array
from models.kernels.compile import inlined, kernel
from models.kernels.utf8 import read_character, size_of
from models.text import segmenter
from models.text.scripts import PLANES, codes_of
from stages.decontaminate.characters import (
    BREAK,
    CODE,
    END,
    NOTHING,
    SINGLE,
    WRITTEN,
    character_table,
    single_characters,
)

END_OF_TEXT = 0
"""The byte behind each text; no text has one."""

MAX_GROWTH = 2
"""No character takes more than twice its bytes in canonical form ("Ⱥ", of 2, becomes 3)."""

_SPACE = 0x20
_ONE_BYTE = 0x80  # the first code that needs more
_MAX_BYTES = 4


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
    written = np.frombuffer(_joined(texts).encode("utf-8", "surrogatepass"), np.uint8)
    data = np.empty(MAX_GROWTH * len(written), np.uint8)
    starts = np.empty_like(data)
    size = _write(written, character_table(), data, starts)
    # Copies, for what is cut off is more than a text.
    data, starts = data[:size].copy(), starts[:size].copy()
    return Canonical(data, starts, np.flatnonzero(data == END_OF_TEXT))


def canonical_tokens(texts: Sequence[str]) -> Canonical:
    """The same with a start at each token: the words between blanks, and jieba's of Chinese.

    >>> form = canonical_tokens(["天空为什么是蓝色的"])
    >>> np.flatnonzero(form.starts).tolist()  # 天空 为什么 是 蓝色 的
    [0, 6, 15, 18, 24, 27]
    """
    form = canonical(texts)
    spaced, places = _spaced(_codes(texts), character_table())
    begins = np.zeros(len(form.data), np.bool_)
    begins[places[segmenter.spans(spaced)[0]]] = True
    form.starts[:] &= begins | ~_mark_singles(form.data, single_characters())
    return form


def original_places(text: str) -> Int64Array:
    """Which character of a text gives each byte of its canonical form, (bytes,).

    >>> original_places("  Ｗhy?").tolist()  # the last is that of the end
    [2, 3, 4, 6]
    """
    return _find_originals(_codes([text]), character_table())


def _joined(texts: Iterable[str]) -> str:
    """The texts with a NUL behind each, and none in one."""
    return "".join([text.replace("\0", " ") + "\0" for text in texts])


def _codes(texts: Sequence[str]) -> UInt32Array:
    """The codes of texts, a NUL behind each."""
    return codes_of(_joined(texts))


@inlined
def _put(data: UInt8Array, starts: UInt8Array, size: int, code: int, width: int) -> None:
    """Write a character of several bytes."""
    for at in range(width - 1, 0, -1):
        data[size + at] = 0x80 | code & 0x3F
        starts[size + at] = 0
        code >>= 6
    data[size] = (0xF00 >> width) & 0xFF | code


@kernel()
def _write(written: UInt8Array, table: UInt32Array, data: UInt8Array, starts: UInt8Array) -> int:
    """Write the canonical form and where words may begin in it; the bytes written."""
    size = at = 0
    before = np.uint32(BREAK)
    while at < len(written):
        lead: int = np.int64(written[at])  # type: ignore[assignment]
        if lead < _ONE_BYTE:
            entry = table[lead]
            kind = entry & (WRITTEN | BREAK)
            # Without a branch: one letter in five is followed by a blank, which nobody foresees.
            data[size] = entry & CODE
            starts[size] = (kind != before) | (kind & (SINGLE | END) != 0)
            size += entry & WRITTEN != 0
            before = before if entry & NOTHING else kind
            at += 1
            continue
        code, at = read_character(written, at)
        entry = table[min(code, PLANES)]
        if entry & NOTHING:
            continue
        kind = entry & (WRITTEN | BREAK)
        if kind != BREAK:
            new: int = np.int64(entry & CODE)  # type: ignore[assignment]
            starts[size] = (kind != before) | (kind & (SINGLE | END) != 0)
            new_width = size_of(new)
            if new_width == 1:
                data[size] = new
            else:
                _put(data, starts, size, new, new_width)
            size += new_width
        before = kind
    return size


@kernel()
def _spaced(codes: UInt32Array, table: UInt32Array) -> tuple[UInt32Array, Int64Array]:
    """The canonical characters with spaces for what was left out; the place of each in the form."""
    spaced, places = np.empty(len(codes), np.uint32), np.empty(len(codes), np.int64)
    count = place = 0
    for code in codes:
        entry = table[code]
        if entry & NOTHING:
            continue
        spaced[count], places[count] = _SPACE, place
        if entry & BREAK == 0:
            spaced[count] = entry & CODE
            place += size_of(entry & CODE)
        count += 1
    return spaced[:count], places[:count]


@kernel()
def _find_originals(codes: UInt32Array, table: UInt32Array) -> Int64Array:
    places = np.empty(_MAX_BYTES * len(codes), np.int64)
    size = 0
    for at in range(len(codes)):
        entry = table[codes[at]]
        if entry & (NOTHING | BREAK) == 0:
            for _ in range(size_of(entry & CODE)):
                places[size] = at
                size += 1
    return places[:size]


@kernel()
def _mark_singles(data: UInt8Array, singles: BoolArray) -> BoolArray:
    """Whether a character whose script has no blanks begins at each byte, (bytes,)."""
    marks = np.zeros(len(data), np.bool_)
    at = 0
    while at < len(data):
        code, behind = read_character(data, at)
        marks[at] = singles[min(code, PLANES)]
        at = behind
    return marks
