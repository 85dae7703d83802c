"""What the characters of each block are: words, ends of sentences, digits, words of the title."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from models.kernels.compile import inlined, kernel
from models.text import scripts

HAN_WORDS = 0.6  # words a Han character counts for
START_CHARS = 120  # of a block; the rest looks alike
MAX_TITLE_WORDS = 60  # one bit each

SPACE, HAN, LATIN, LETTER, UPPER, DIGIT, COMMA, STOP, CJK_STOP, CLOSING, WORD, DECIMAL = (
    1 << bit for bit in range(12)
)
NAMES = (
    "words", "ends", "commas", "han", "digits", "upper", "starts_upper", "stops", "colon", "bar",
    "bullet", "in_title",
)  # fmt: skip
WORDS, ENDS, COMMAS, HAS_HAN, DIGITS, UPPERS, STARTS_UPPER, STOPS, COLON, BAR, BULLET, IN_TITLE = (
    range(len(NAMES))
)

Codes = npt.NDArray[np.uint32]
Classes = npt.NDArray[np.uint16]
Hashes = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

_LAST = 0xFFFF  # of the basic plane; beyond it are symbols, then rare ideographs
_QUOTES = tuple(map(ord, '"\u201d'))
_COLONS = tuple(map(ord, ":\uff1a"))
_BULLETS = tuple(map(ord, "\u2022\u00b7-\u25ba\u00bb>*"))
_TITLE_WORDS = re.compile(rf"[{scripts.HAN.ranges}]|[^\W{scripts.HAN.ranges}]+")
_MEMBERS = {
    COMMA: ",，、;:：",
    STOP: ".!?",
    CJK_STOP: "。！？；…",
    CLOSING: "\"'”’)",
}


@cache
def tables() -> tuple[Classes, Codes]:
    """Classes and lower-case form of each character of the basic plane."""
    classes = np.zeros(_LAST + 1, np.uint16)
    lower = np.arange(_LAST + 1, dtype=np.uint32)
    han = scripts.HAN.members(_LAST + 1)
    for code in range(_LAST + 1):
        char = chr(code)
        folded = char.lower()
        lower[code] = ord(folded) if len(folded) == 1 else code
        is_han, is_word = bool(han[code]), char.isalnum() or char == "_"
        is_latin = char.isascii() and char.isalnum()
        tests = {
            SPACE: char.isspace(),
            HAN: is_han,
            LATIN: is_latin,
            LETTER: char.isalpha(),
            UPPER: char.isupper(),
            DIGIT: char.isdigit(),
            WORD: is_word,
            DECIMAL: char.isdecimal(),
        }
        classes[code] = sum(bit for bit, holds in tests.items() if holds)
    for bit, members in _MEMBERS.items():
        for char in members:
            classes[ord(char)] |= bit
    return classes, lower


def measure(texts: list[str], title: str) -> Counts:
    """A row of ``NAMES`` for each text, none of which may be empty.

    ``words`` counts a Han character as 0.6; ``upper`` and ``in_title`` are shares, of the letters
    and of the title's words.

    >>> measure(["two words", "三个字 A"], "")[:, WORDS].tolist()
    [2.0, 2.8]
    """
    sizes = np.array([len(text) for text in texts], np.int64)
    ends = np.cumsum(sizes)
    return measure_spans(scripts.code_points("".join(texts)), ends - sizes, ends, title)


def measure_spans(codes: Codes, starts: Places, ends: Places, title: str) -> Counts:
    """The same for texts that are spans of one text, by its code points."""
    found = np.zeros((len(starts), len(NAMES)))
    classes, lower = tables()
    _measure(codes, starts, ends, classes, lower, _title(title), found)
    return found


def _title(title: str) -> Hashes:
    """Hashes of the distinct words of a title; of a long one, the first."""
    words = list(dict.fromkeys(_TITLE_WORDS.findall(title.lower())))[:MAX_TITLE_WORDS]
    codes = [scripts.code_points(word) for word in words]
    return np.array([_hash_word(word, 0, len(word)) for word in codes], np.uint64)


@kernel()
def _hash_word(codes: Codes, start: int, end: int) -> np.uint64:
    value = np.uint64(14695981039346656037)
    for place in range(start, end):
        value = (value ^ np.uint64(codes[place])) * np.uint64(1099511628211)
    return value


@kernel()
def _measure(
    codes: Codes,
    starts: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
    classes: Classes,
    lower: Codes,
    title: Hashes,
    found: Counts,
) -> None:
    for block in range(len(starts)):
        start, end = starts[block], ends[block]
        row = found[block]
        _count_words(codes, start, end, classes, row)
        shown = min(end, start + START_CHARS)
        _count_characters(codes, start, shown, classes, row)
        first, last = codes[start], codes[end - 1]
        row[STARTS_UPPER] = class_of(classes, first) & UPPER != 0
        row[STOPS] = class_of(classes, last) & (STOP | CJK_STOP) != 0 or last in _QUOTES
        row[COLON] = last in _COLONS
        row[BULLET] = first in _BULLETS
        if len(title):
            row[IN_TITLE] = _count_in_title(codes, start, shown, classes, lower, title)


@inlined
def class_of(classes: Classes, code: Any) -> Any:
    """The classes of a character; of one beyond the basic plane, that it is Han, if it is."""
    if code > _LAST:
        return HAN if code >= scripts.IDEOGRAPHS else 0
    return classes[code]


@inlined
def _count_words(codes: Codes, start: int, end: int, classes: Classes, row: Counts) -> None:
    """Words and ends of sentences of the whole block."""
    spaces = han = latin = stops = 0
    before = 0
    for place in range(start, end):
        kind = class_of(classes, codes[place])
        after = class_of(classes, codes[place + 1]) if place + 1 < end else SPACE
        spaces += kind & SPACE != 0
        han += kind & HAN != 0
        latin += kind & LATIN != 0 and before & LATIN == 0
        stops += kind & CJK_STOP != 0 or (kind & STOP != 0 and after & (SPACE | CLOSING) != 0)
        before = kind
    row[WORDS] = han * HAN_WORDS + latin if han else spaces + 1.0
    row[ENDS] = stops


@inlined
def _count_characters(codes: Codes, start: int, end: int, classes: Classes, row: Counts) -> None:
    """What the first characters of a block are, by the word or as shares."""
    commas = digits = upper = letters = has_han = bar = 0
    for place in range(start, end):
        kind = class_of(classes, codes[place])
        commas += kind & COMMA != 0
        digits += kind & DIGIT != 0
        upper += kind & UPPER != 0
        letters += kind & LETTER != 0
        has_han |= kind & HAN != 0
        bar |= codes[place] == 0x7C  # noqa: PLR2004 -- "|"
    size = end - start
    row[COMMAS] = commas / max(1.0, size / 5)
    row[DIGITS], row[UPPERS] = digits / size, upper / max(1, letters)
    row[HAS_HAN], row[BAR] = has_han, bar


@inlined
def _count_in_title(
    codes: Codes, start: int, end: int, classes: Classes, lower: Codes, title: Hashes
) -> float:
    """Share of the title's words that stand in the block's first characters."""
    seen = np.uint64(0)
    value = np.uint64(14695981039346656037)
    inside = False
    for place in range(start, end + 1):
        kind = class_of(classes, codes[place]) if place < end else 0
        if inside and (kind & WORD == 0 or kind & HAN != 0):
            seen |= _bit_of(value, title)
            inside = False
        if kind & (WORD | HAN) != 0:
            if not inside:
                value = np.uint64(14695981039346656037)
            code = codes[place]
            code = lower[code] if code <= _LAST else code
            value = (value ^ np.uint64(code)) * np.uint64(1099511628211)
            inside = True
            if kind & HAN != 0:
                seen |= _bit_of(value, title)
                inside = False
    share = 0.0
    for number in range(len(title)):
        share += (seen >> np.uint64(number)) & np.uint64(1)
    return share / len(title)


@inlined
def _bit_of(value: np.uint64, title: Hashes) -> np.uint64:
    for number in range(len(title)):
        if title[number] == value:
            return np.uint64(1) << np.uint64(number)
    return np.uint64(0)
