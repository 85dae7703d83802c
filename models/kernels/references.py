"""Character references as the HTML Standard has them (13.2.5.72 and on)."""

from __future__ import annotations

from html.entities import html5

import numpy as np

from models.kernels.arrays import UInt8Array, UInt32Array, whole
from models.kernels.compile import inlined, kernel
from models.kernels.entries import enter, find_entry

MAX_NAME = 32  # letters
MAX_LEGACY = 6  # of those that need no semicolon
GROWTH = 1.2
"""The most bytes of UTF-8 that a byte of a reference becomes: ``&nGt;`` is two characters."""

_AMPERSAND, _HASH, _SEMICOLON, _EQUALS, _ZERO, _NINE, _A, _F, _X, _Z, _CASE = b"&#;=09afxz\x20"
_C1 = range(0x80, 0xA0)
_FIRST_C1, _LAST_C1 = _C1[0], _C1[-1]
_FIRST_SURROGATE, _LAST_SURROGATE = 0xD800, 0xDFFF
_LAST, _REPLACEMENT = 0x10FFFF, 0xFFFD
_DECIMAL, _HEXADECIMAL = 10, 16


_NAMES, _TABLE, _SPANS = enter(tuple(html5))


def _characters() -> UInt32Array:
    """The one or two characters of each name; of one, the second is 0."""
    characters = np.zeros((len(html5), 2), np.uint32)
    for number, text in enumerate(html5.values()):
        characters[number, : len(text)] = list(map(ord, text))
    return characters


def _windows() -> UInt32Array:
    """What 0x80 to 0x9F mean as numbers: characters of Windows-1252, where it has any."""
    texts = (bytes([code]).decode("cp1252", "ignore") or chr(code) for code in _C1)
    return np.array([*map(ord, texts)], np.uint32)


_CHARACTERS, _WINDOWS = _characters(), _windows()


@inlined
def _is_digit(code: int) -> bool:
    return _ZERO <= code <= _NINE


@inlined
def _is_word(code: int) -> bool:
    return _is_digit(code) or _A <= (code | _CASE) <= _Z


@inlined
def _read_number(source: UInt8Array, at: int, base: int) -> tuple[int, int]:
    """The number whose digits begin at ``at``, and what follows them and a semicolon."""
    code = 0
    while True:
        letter = whole(source[at])
        digit = letter - _ZERO
        if not _is_digit(letter):
            letter |= _CASE
            if base == _DECIMAL or letter < _A or letter > _F:
                break
            digit = letter - _A + 10
        code = min(code * base + digit, _LAST + 1)
        at += 1
    return code, at + (source[at] == _SEMICOLON)


@inlined
def _find(source: UInt8Array, begin: int, end: int) -> int:
    return find_entry(source, begin, end, _NAMES, _TABLE, _SPANS)[0]


@kernel()
def read_reference(  # noqa: C901 -- compiled
    source: UInt8Array, at: int, in_attribute: bool
) -> tuple[int, int, int]:
    """The characters (the second is mostly 0) of a reference at ``at``, and what follows it.

    What is no reference gives the ampersand alone.
    """
    if source[at + 1] == _HASH:
        begin, base = at + 2, _DECIMAL
        if source[begin] | _CASE == _X:
            begin, base = begin + 1, _HEXADECIMAL
        letter = whole(source[begin])
        if not (_is_digit(letter) or (base == _HEXADECIMAL and _A <= (letter | _CASE) <= _F)):
            return _AMPERSAND, 0, at + 1
        code, behind = _read_number(source, begin, base)
        if _FIRST_C1 <= code <= _LAST_C1:
            code = whole(_WINDOWS[code - _FIRST_C1])
        elif code == 0 or _FIRST_SURROGATE <= code <= _LAST_SURROGATE or code > _LAST:
            code = _REPLACEMENT
        return code, 0, behind
    begin = end = at + 1
    while end - begin < MAX_NAME and _is_word(whole(source[end])):
        end += 1
    if source[end] == _SEMICOLON:
        entry = _find(source, begin, end + 1)
        if entry >= 0:
            first, second = _CHARACTERS[entry, 0], _CHARACTERS[entry, 1]
            return whole(first), whole(second), end + 1
    end = min(end, begin + MAX_LEGACY)
    while end > begin + 1:
        behind = whole(source[end])
        if not in_attribute or not (behind == _EQUALS or _is_word(behind)):
            entry = _find(source, begin, end)
            if entry >= 0:
                return whole(_CHARACTERS[entry, 0]), 0, end
        end -= 1
    return _AMPERSAND, 0, at + 1
