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
"""Of the head, of all and of a window, in eighths of a piece or so (measured: see ``_cost``)."""
WIDE_COST, NARROW_COST = 5, 2
WIDE_KEY, NARROW_KEY = 2, 5  # characters that say which word it is
MAX_WORD = 12
MAX_WINDOWS = 64
LAST = U32(0xFFFFFFFF)
_FIRST_WIDE = 0x2E80
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
def _is_wide(code: int) -> bool:
    return code >= _FIRST_WIDE


@inlined
def _cost(code: int) -> int:
    """An English piece has 4.3 characters, a Chinese one 1.7."""
    return WIDE_COST if code >= _FIRST_WIDE else NARROW_COST


@inlined
def _is_letter(code: int) -> bool:
    """Whether a character belongs to a word, nearly enough to find where words begin."""
    if code < 0x80:
        return 0x30 <= code <= 0x39 or 0x41 <= (code & 0xDF) <= 0x5A
    if code >= _FIRST_WIDE:
        return not (
            0x3000 <= code <= 0x303F or 0xFF00 <= code <= 0xFF0F or 0xFF1A <= code <= 0xFF20
        )
    return code >= 0xC0 and not 0x2000 <= code < _FIRST_WIDE


@inlined
def _hash_of_word(codes: UInt32Array, at: int) -> int:
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
        if 0x41 <= letter <= 0x5A:
            letter |= U32(0x20)
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


@kernel("uint32[::1](uint32[::1])")
def _choose(codes: UInt32Array) -> UInt32Array:
    """The characters of an excerpt, a space between parts; none if the text is within budget."""
    length = codes.shape[0]
    total = 0
    for at in range(length):
        total += _cost(codes[at])
    if total <= BUDGET:
        return np.empty(0, np.uint32)
    marks = np.zeros(length, np.uint8)
    spent = _mark(codes, 0, HEAD, marks)
    hashes = np.empty(length, np.uint32)
    for at in range(length):
        hashes[at] = _hash_of_word(codes, at)
    least = np.int64(-1)
    for _ in range(MAX_WINDOWS):
        if spent >= BUDGET:
            break
        place, best = -1, np.int64(LAST)
        for at in range(length):
            if least < np.int64(hashes[at]) < best:
                place, best = at, np.int64(hashes[at])
        if place < 0:
            break
        least = best
        spent += _mark(codes, place, WINDOW, marks)
    out = np.empty(2 * length, np.uint32)
    size = 0
    for at in range(length):
        if marks[at]:
            if size and not marks[at - 1]:
                out[size] = 0x20
                size += 1
            out[size] = codes[at]
            size += 1
    return out[:size].copy()
