"""What the characters of a text are: one table look-up per character, counted by class."""

from __future__ import annotations

import unicodedata
from enum import IntEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

PLANES = 0x30000  # letters of all living scripts and both Han planes; what is above is private use

_HAN_BLOCKS = (range(0x3400, 0xA000), range(0xF900, 0xFB00), range(0x20000, PLANES))


class Kind(IntEnum):
    """The classes; every character has exactly one."""

    SPACE = 0
    LETTER = 1
    UPPER = 2
    HAN = 3
    RARE_HAN = 4
    DIGIT = 5
    MARK = 6
    BRACE = 7
    GARBLED = 8
    LATIN_1 = 9


def character_measures(text: str) -> dict[str, float]:
    """Ratios of character classes, each of all characters but white space; 0 for empty text.

    ``garbled_ratio`` counts U+FFFD, control and private-use characters; ``latin_1_ratio`` letters
    and signs of U+00A1-U+00FF, which fill a text whose bytes were read in the wrong charset;
    ``rare_han_ratio`` is of the Han characters: those outside the first level of both GB 2312
    (3,755 simplified) and Big5 (5,401 traditional).
    """
    counts = count_kinds(text)
    solid = int(counts.sum() - counts[Kind.SPACE])
    han = int(counts[Kind.HAN] + counts[Kind.RARE_HAN])
    letters = int(counts[Kind.LETTER] + counts[Kind.UPPER] + counts[Kind.LATIN_1]) + han
    return {
        "characters": float(solid),
        "letter_ratio": _ratio(letters, solid),
        "han_ratio": _ratio(han, solid),
        "rare_han_ratio": _ratio(int(counts[Kind.RARE_HAN]), han),
        "uppercase_ratio": _ratio(int(counts[Kind.UPPER]), letters),
        "digit_ratio": _ratio(int(counts[Kind.DIGIT]), solid),
        "mark_ratio": _ratio(int(counts[Kind.MARK] + counts[Kind.BRACE]), solid),
        "brace_ratio": _ratio(int(counts[Kind.BRACE]), solid),
        "garbled_ratio": _ratio(int(counts[Kind.GARBLED]), solid),
        "latin_1_ratio": _ratio(int(counts[Kind.LATIN_1]), solid),
    }


def count_kinds(text: str) -> NDArray[np.int64]:
    """How many characters of each kind. Lone surrogates count as garbled."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _table()[np.minimum(codes, PLANES)]
    return np.bincount(kinds, minlength=len(Kind)).astype(np.int64)


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


@lru_cache(maxsize=1)
def _table() -> NDArray[np.uint8]:
    """The kind of every code point below PLANES, and one entry for all above: 0.2 s, once."""
    table = np.fromiter((_kind(chr(c)) for c in range(PLANES)), np.uint8, PLANES)
    for character in _common_han():
        table[ord(character)] = Kind.HAN
    return np.append(table, np.uint8(Kind.GARBLED))


def _kind(character: str) -> Kind:
    category = unicodedata.category(character)
    if character.isspace():
        return Kind.SPACE
    if character == "\ufffd" or category in {"Cc", "Co", "Cs", "Cn"}:
        return Kind.GARBLED
    if character in "{}":
        return Kind.BRACE
    if "\u00a1" <= character <= "\u00ff":
        return Kind.LATIN_1
    if _is_han(ord(character)):
        return Kind.RARE_HAN
    if category[0] == "N":
        return Kind.DIGIT
    if category[0] in "LM":
        return Kind.UPPER if category == "Lu" else Kind.LETTER
    return Kind.MARK


def _is_han(code: int) -> bool:
    return any(code in block for block in _HAN_BLOCKS)


def _common_han() -> set[str]:
    """First levels of GB 2312 (rows 16-55) and Big5 (A440-C67E), from Python's own codecs."""
    pairs = [(a, b, "gb2312") for a in range(0xB0, 0xD8) for b in range(0xA1, 0xFF)]
    pairs += [(a, b, "big5") for a in range(0xA4, 0xC7) for b in range(0x40, 0xFF)]
    decoded = "".join(bytes((a, b)).decode(codec, "ignore") for a, b, codec in pairs)
    return {character for character in decoded if _is_han(ord(character))}
