"""What the characters of a text are: one table look-up per character, counted by class."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from models.text.reading import Reading
from models.text.scripts import HAN, PLANES


class CharacterClass(IntEnum):
    """What a character is counted as; every one is counted as one thing."""

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


_IN_WORDS = np.zeros(len(CharacterClass), np.bool_)
_IN_WORDS[
    [
        *(CharacterClass.LETTER, CharacterClass.UPPER, CharacterClass.HAN, CharacterClass.RARE_HAN),
        *(CharacterClass.DIGIT, CharacterClass.LATIN_1),
    ]
] = True
_SIGNS = "°±²³µ·¹¼½¾×÷§©®«»£¥"
"""Of Latin-1, what texts in any language have: a problem in physics is full of 10³ kg/m³."""
_GBK_SPACE = "\ue5e5"  # A3A0 as Python's codec has it; U+3000 to a browser


def character_measures(reading: Reading) -> dict[str, float]:
    """Ratios of character classes, each of all characters but white space; 0 for empty text.

    ``han_ratio`` and ``uppercase_ratio`` (of letters) are of lines of prose: an article about code
    is Chinese, and no shout, as its sentences are, however much code it has.

    ``garbled_ratio`` counts U+FFFD, control and private-use characters, ``garbled_words`` the words
    that they hurt: one by itself is a decoration, or a picture from a font of icons.
    ``latin_1_ratio`` counts letters and signs of U+00A1-U+00FF, which fill a text whose bytes were
    read in the wrong charset; ``rare_han_ratio`` is of the Han characters: those outside the first
    level of both GB 2312 (3,755 simplified) and Big5 (5,401 traditional), in whatever
    compatibility form.
    """
    classes = _table()[reading.codes]
    counts, prose = _count(classes), _count(classes[reading.in_prose])
    _, _, _, common, rare, digits, marks, braces, garbled, latin_1 = counts
    han, letters = common + rare, _letters(counts)
    solid = letters + digits + marks + braces + garbled
    return {
        "garbled_words": float(_count_hurt(classes)),
        "characters": float(solid),
        "letter_ratio": _ratio(letters, solid),
        "han_ratio": _han_ratio(prose),
        "rare_han_ratio": _ratio(rare, han),
        "uppercase_ratio": _ratio(prose[CharacterClass.UPPER], _letters(prose)),
        "digit_ratio": _ratio(digits, solid),
        "mark_ratio": _ratio(marks + braces, solid),
        "brace_ratio": _ratio(braces, solid),
        "garbled_ratio": _ratio(garbled, solid),
        "latin_1_ratio": _ratio(latin_1, solid),
    }


def _count(classes: NDArray[np.uint8]) -> Sequence[int]:
    found: list[int] = np.bincount(classes, minlength=len(CharacterClass)).tolist()
    return found


def _han_ratio(counts: Sequence[int]) -> float:
    han = counts[CharacterClass.HAN] + counts[CharacterClass.RARE_HAN]
    return _ratio(han, sum(counts) - counts[CharacterClass.SPACE])


def _letters(counts: Sequence[int]) -> int:
    _, lower, upper, common, rare, *_, latin_1 = counts
    return lower + upper + common + rare + latin_1


def _count_hurt(classes: NDArray[np.uint8]) -> int:
    """How many stretches of garbled characters come right after a letter or figure."""
    garbled = classes == CharacterClass.GARBLED
    if not garbled.any():
        return 0
    return int(np.count_nonzero(garbled[1:] & _IN_WORDS[classes[:-1]]))


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


@lru_cache(maxsize=1)
def _table() -> NDArray[np.uint8]:
    """The class of every code point below PLANES, and one entry for all above: 0.3 s, once."""
    table = np.fromiter((_classify(chr(c)) for c in range(PLANES)), np.uint8, PLANES)
    common = _common_han()
    for code in np.flatnonzero(HAN.members(PLANES)).tolist():
        is_common = unicodedata.normalize("NFKC", chr(code)) in common
        table[code] = CharacterClass.HAN if is_common else CharacterClass.RARE_HAN
    return np.append(table, np.uint8(CharacterClass.GARBLED))


def _classify(character: str) -> CharacterClass:
    """The class of a character that is not Han."""
    category = unicodedata.category(character)
    if character.isspace() or character == _GBK_SPACE:
        return CharacterClass.SPACE
    if character == "\ufffd" or category in {"Cc", "Co", "Cs", "Cn"}:
        return CharacterClass.GARBLED
    if character in "{}":
        return CharacterClass.BRACE
    if "\u00a1" <= character <= "\u00ff" and character not in _SIGNS:
        return CharacterClass.LATIN_1
    if category[0] == "N":
        return CharacterClass.DIGIT
    if category[0] in "LM":
        return CharacterClass.UPPER if category == "Lu" else CharacterClass.LETTER
    return CharacterClass.MARK


def _common_han() -> frozenset[str]:
    """First levels of GB 2312 (rows 16-55) and Big5 (A440-C67E), from Python's own codecs.

    With them the zero of years and the mark of a repeated character, which both put elsewhere.
    """
    pairs = [(a, b, "gb2312") for a in range(0xB0, 0xD8) for b in range(0xA1, 0xFF)]
    pairs += [(a, b, "big5") for a in range(0xA4, 0xC7) for b in range(0x40, 0xFF)]
    decoded = (bytes((a, b)).decode(codec, "ignore") for a, b, codec in pairs)
    return frozenset("".join(HAN.runs("".join(decoded))) + "〇々")
