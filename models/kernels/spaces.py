"""White space among the code points of a text."""

from __future__ import annotations

from models.kernels.arrays import UInt32Array
from models.kernels.compile import inlined


@inlined
def is_space(code: int) -> bool:
    """Whether a character is white space, as ``str.isspace`` has it."""
    if code < 0x80:
        return code == 0x20 or 9 <= code <= 13 or 0x1C <= code <= 0x1F
    if code < 0x2000:
        return code in (0x85, 0xA0, 0x1680)
    return code <= 0x200A or code in (0x2028, 0x2029, 0x202F, 0x205F, 0x3000)


@inlined
def count_stripped(codes: UInt32Array, start: int, end: int) -> int:
    """How many characters there are without white space at both ends."""
    while start < end and is_space(codes[start]):
        start += 1
    while start < end and is_space(codes[end - 1]):
        end -= 1
    return end - start
