"""What an encoder reads of a long text: its head, and windows that hang on the text's own words.

Windows at even distances would show two near copies at different places: after one deleted word
nothing stands where it stood. So a window begins at the words with the least hashes (a bottom-k
sketch): nearly the same ones in a text with words less, sentences moved or another header.
"""

from __future__ import annotations

import numpy as np

from models.kernels.arrays import UInt8Array, UInt32Array
from models.kernels.compile import inlined, kernel
from models.kernels.permute import mix32

U32 = np.uint32
HEAD, BUDGET, WINDOW = 280, 640, 84
"""Of the head, of all and of a window, in eighths of a piece or so: see ``_cost``."""
WIDE_COST, NARROW_COST = 5, 2
WIDE_KEY, NARROW_KEY = 2, 5  # characters that say which word it is
MAX_WORD = 12
MAX_WINDOWS = 64
LAST = U32(0xFFFFFFFF)
_FIRST_WIDE = 0x2E80
_NOT_ASCII, _FIRST_LETTER, _PUNCTUATION = 0x80, 0xC0, 0x2000  # and symbols up to _FIRST_WIDE
_ZERO, _NINE, _A, _Z = b"09AZ"
_CASE = _SPACE = 0x20
_WIDE_PUNCTUATION = ((0x3000, 0x303F), (0xFF00, 0xFF0F), (0xFF1A, 0xFF20))
MAX_CHARS = 32_768  # bounds the cost of a book


def excerpt(text: str) -> str:
    """A text of a budget's length as it is, else its head and its windows in their order."""
    if len(text) * NARROW_COST <= BUDGET and len(text) * WIDE_COST <= BUDGET:
        return text
    raw = text.encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(bytearray(raw), np.uint32)
    chosen = _choose(codes)
    return text if chosen.shape[0] == 0 else chosen.tobytes().decode("utf-32-le", "surrogatepass")


@inlined
def _is_wide(code: int | np.uint32) -> bool | np.bool:
    return code >= _FIRST_WIDE


@inlined
def _cost(code: int | np.uint32) -> int:
    """An English piece has 4.3 characters, a Chinese one 1.7."""
    return WIDE_COST if code >= _FIRST_WIDE else NARROW_COST


@inlined
def _is_letter(code: int | np.uint32) -> bool | np.bool:
    """Whether a character belongs to a word, nearly enough to find where words begin."""
    if code < _NOT_ASCII:
        return _ZERO <= code <= _NINE or _A <= (code & ~_CASE) <= _Z
    if code >= _FIRST_WIDE:
        for first, last in _WIDE_PUNCTUATION:  # noqa: SIM110 (numba compiles no generator)
            if first <= code <= last:
                return False
        return True
    return _FIRST_LETTER <= code < _PUNCTUATION


@inlined
def _hash_of_word(codes: UInt32Array, at: int) -> np.uint32:
    """The hash of the word that begins here; ``LAST`` where none does."""
    code = codes[at]
    if not _is_letter(code):
        return LAST
    most = NARROW_KEY
    if _is_wide(code):
        most = WIDE_KEY
    elif at > 0 and _is_letter(codes[at - 1]) and not _is_wide(codes[at - 1]):
        return LAST
    value = U32(0)
    for place in range(at, min(at + most, codes.shape[0])):
        letter = U32(codes[place])
        if not _is_letter(letter):
            break
        if _A <= letter <= _Z:
            letter |= U32(_CASE)
        value = mix32(U32(value * U32(31) + letter))
    return value


@inlined
def _mark(codes: UInt32Array, start: int, budget: int, marks: UInt8Array) -> int:
    """Mark characters up to the end of the word that exhausts the budget; what was not yet."""
    spent, fresh, at = 0, 0, start
    while at < codes.shape[0] and spent < budget:
        cost = _cost(codes[at])
        spent += cost
        if marks[at] == 0:
            fresh += cost
        marks[at] = 1
        at += 1
    end = min(at + MAX_WORD, codes.shape[0])
    while at < end and _is_letter(codes[at]) and not _is_wide(codes[at]):
        if marks[at] == 0:
            fresh += _cost(codes[at])
        marks[at] = 1
        at += 1
    return fresh


@inlined
def _next_word(hashes: UInt32Array, least: np.int64) -> int:
    """Where the word with the least hash above ``least`` stands first; -1 if there is none."""
    place, best = -1, np.int64(LAST)
    for at in range(hashes.shape[0]):
        if least < np.int64(hashes[at]) < best:
            place, best = at, np.int64(hashes[at])
    return place


@kernel()
def _copy_marked(codes: UInt32Array, marks: UInt8Array) -> UInt32Array:
    """The characters that are marked, with a space between parts."""
    out = np.empty(2 * codes.shape[0], np.uint32)
    size = 0
    for at in range(codes.shape[0]):
        if marks[at]:
            if size and not marks[at - 1]:
                out[size] = _SPACE
                size += 1
            out[size] = codes[at]
            size += 1
    return out[:size].copy()


@kernel("uint32[::1](uint32[::1])")
def _choose(codes: UInt32Array) -> UInt32Array:
    """The characters of an excerpt, a space between parts; none if the text is within budget."""
    total = 0
    for code in codes:
        total += _cost(code)
    if total <= BUDGET:
        return np.empty(0, np.uint32)
    marks = np.zeros(codes.shape[0], np.uint8)
    hashes = np.empty(codes.shape[0], np.uint32)
    for at in range(codes.shape[0]):
        hashes[at] = _hash_of_word(codes, at)
    spent = _mark(codes, 0, HEAD, marks)
    least = np.int64(-1)
    for _ in range(MAX_WINDOWS):
        place = _next_word(hashes, least)
        if place < 0 or spent >= BUDGET:
            break
        least = np.int64(hashes[place])
        spent += _mark(codes, place, WINDOW, marks)
    return _copy_marked(codes, marks)
