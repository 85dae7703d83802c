"""Tokens written out as UTF-8, or as places, without a string for each."""

from __future__ import annotations

import numpy as np

from models.kernels.arrays import Int64Array, UInt8Array, UInt32Array
from models.kernels.compile import inlined, kernel
from models.text.segmenter.cutting import BLANK, END

_SPACE = ord(" ")
_MAX_BYTES = 5  # of a character and the space after it
# Code points from which on a character takes more than so many bytes.
_ONE_BYTE, _TWO_BYTES, _THREE_BYTES = 1 << 7, 1 << 11, 1 << 16


@kernel()
def join_tokens(codes: UInt32Array, marks: UInt8Array) -> UInt8Array:
    """The tokens that the marks make of the code points, a space between two, (bytes,) uint8."""
    out = np.empty(_MAX_BYTES * len(codes), np.uint8)
    size, ended = 0, False
    for i in range(len(codes)):
        if marks[i] == BLANK:
            continue
        if ended:
            out[size] = _SPACE
            size += 1
        size = _write(out, size, codes[i])
        ended = marks[i] == END
    return out[:size]


@kernel()
def measure_tokens(marks: UInt8Array) -> tuple[Int64Array, Int64Array]:
    """Where the tokens that the marks make begin, and their sizes, (tokens,) each."""
    places, sizes = np.empty(len(marks), np.int64), np.empty(len(marks), np.int64)
    count = start = 0
    for i in range(len(marks)):
        if marks[i] == BLANK:
            start = i + 1
        elif marks[i] == END:
            places[count], sizes[count] = start, i + 1 - start
            count += 1
            start = i + 1
    return places[:count], sizes[:count]


@inlined
def _write(out: UInt8Array, size: int, code: np.uint32) -> int:
    """Write a code point as UTF-8; return the bytes there are now."""
    if code < _ONE_BYTE:
        out[size] = code
        return size + 1
    if code < _TWO_BYTES:
        out[size] = 0xC0 | (code >> 6)
    else:
        if code < _THREE_BYTES:
            out[size] = 0xE0 | (code >> 12)
        else:
            out[size] = 0xF0 | (code >> 18)
            size += 1
            out[size] = 0x80 | ((code >> 12) & 0x3F)
        size += 1
        out[size] = 0x80 | ((code >> 6) & 0x3F)
    out[size + 1] = 0x80 | (code & 0x3F)
    return size + 2
