"""Characters of UTF-8 that is known to be sound, one at a time."""

from __future__ import annotations

from models.kernels.arrays import UInt8Array, whole
from models.kernels.compile import inlined

_TWO_BYTES, _THREE_BYTES, _FOUR_BYTES = 0x80, 0xE0, 0xF0  # a character begins with that at least
_THREE_FROM, _FOUR_FROM = 0x800, 0x10000


@inlined
def character_size(first: int) -> int:
    """The bytes of the character that begins with this one."""
    if first < _TWO_BYTES:
        return 1
    if first < _THREE_BYTES:
        return 2
    return 3 if first < _FOUR_BYTES else 4


@inlined
def size_of(code: int) -> int:
    """The bytes of a character."""
    if code < _TWO_BYTES:
        return 1
    if code < _THREE_FROM:
        return 2
    return 3 if code < _FOUR_FROM else 4


@inlined
def read_character(source: UInt8Array, at: int) -> tuple[int, int]:
    """The character that begins at ``at``, and what follows it."""
    first = whole(source[at])
    if first < _TWO_BYTES:
        return first, at + 1
    if first < _THREE_BYTES:
        return (first & 0x1F) << 6 | whole(source[at + 1]) & 0x3F, at + 2
    if first < _FOUR_BYTES:
        code = (first & 0x0F) << 12 | (whole(source[at + 1]) & 0x3F) << 6
        return code | whole(source[at + 2]) & 0x3F, at + 3
    code = (first & 0x07) << 18 | (whole(source[at + 1]) & 0x3F) << 12
    code |= (whole(source[at + 2]) & 0x3F) << 6
    return code | whole(source[at + 3]) & 0x3F, at + 4


@inlined
def write_character(target: UInt8Array, at: int, code: int) -> int:
    """Write a character at ``at``; what follows it."""
    if code < _TWO_BYTES:
        target[at] = code
        return at + 1
    if code < _THREE_FROM:
        target[at] = 0xC0 | code >> 6
    else:
        if code < _FOUR_FROM:
            target[at] = 0xE0 | code >> 12
        else:
            target[at] = 0xF0 | code >> 18
            at += 1
            target[at] = 0x80 | code >> 12 & 0x3F
        at += 1
        target[at] = 0x80 | code >> 6 & 0x3F
    target[at + 1] = 0x80 | code & 0x3F
    return at + 2
