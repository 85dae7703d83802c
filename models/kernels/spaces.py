"""White space among the code points of a text."""

from __future__ import annotations

from models.kernels.arrays import UInt32Array
from models.kernels.compile import inlined

_TAB, _RETURN, _SEPARATOR, _SPACE = b"\t\r\x1c "
_NOT_ASCII, _EN_QUAD, _HAIR_SPACE = 0x80, 0x2000, 0x200A


@inlined
def is_space(code: int) -> bool:
    """Whether a character is white space, as ``str.isspace`` has it."""
    if code < _NOT_ASCII:
        return code == _SPACE or _TAB <= code <= _RETURN or _SEPARATOR <= code < _SPACE
    if code < _EN_QUAD:
        return code in (0x85, 0xA0, 0x1680)
    return code <= _HAIR_SPACE or code in (0x2028, 0x2029, 0x202F, 0x205F, 0x3000)


@inlined
def count_stripped(codes: UInt32Array, start: int, end: int) -> int:
    """How many characters there are without white space at both ends."""
    while start < end and is_space(codes[start]):
        start += 1
    while start < end and is_space(codes[end - 1]):
        end -= 1
    return end - start
