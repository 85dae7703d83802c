"""What each element is to the reader of a page: a part of a line, the end of one, a block, code.

By bits of its name (``words``) and of its attributes (below), compiled.
"""

from __future__ import annotations

from typing import Final

from models.kernels.arrays import Int32Array, UInt32Array
from models.kernels.compile import inlined, kernel
from models.main_content.reading.page_elements import CLOSE, END, OPEN, TAG
from models.main_content.reading.words import (
    IS_BREAK,
    IS_CODE,
    IS_INLINE,
    IS_PLAIN,
    IS_PREFORMATTED,
    IS_RAISED,
    IS_SKIPPED,
    MAKES_LINES,
    NO_CODE_STANDS_IN,
    NO_DATA_STANDS_IN,
    NUMBER,
)

# Of an element, by its attributes, beside the bits of its name.
(
    IS_HIDDEN,
    IS_COVERED,
    NAMES_LISTING,
    NAMES_ROWS_OF_CODE,
    NAMES_LINE_NUMBERS,
    KEEPS_LINES,
    IS_OPEN,
) = (1 << bit for bit in range(16, 23))
DONE, WRITTEN, FOLDED, TABLE = range(4)
"""How an element makes lines: as pages flow; the layouts of code; a table that may hold data."""


LEFT_OUT, REPLACED, RAISED, BREAKS, FLOWS, STANDS_ALONE = range(6)
"""What an element is in the flow: nothing; what is read in its place, always or behind other
characters; the end of a line; a part of one; a block."""

NOTHING: Final = -1
"""In ``instead``: an element is read as it is. From 0, a span is read in its place; from -2 down, a
raised or lowered form, the first at -2, is read in its place behind other characters."""

MIN_COVERED_CHARS = 200
"""An inline element with so much hidden text is no decoy: a script may uncover it, as a block."""

_A, _BR, _IMG, _TABLE, _TEMPLATE, _UL = (
    NUMBER[name] for name in ("a", "br", "img", "table", "template", "ul")
)
_HELD_NO_CODE, _HELD_PREFORMATTED, _HELD_LINES, _HELD_NO_DATA, _HELD_BREAKS, HELD_LINKS = range(6)


@kernel()
def count_held(tags: Int32Array, bits: UInt32Array, held: Int32Array) -> None:
    """Set ``held[i]`` to how many elements of each kind there are before element i."""
    held[0] = 0
    for element in range(len(tags)):
        own, tag = bits[element], tags[element, TAG]
        row, before = held[element + 1], held[element]
        is_no_code = own & NO_CODE_STANDS_IN != 0
        row[_HELD_NO_CODE] = before[_HELD_NO_CODE] + is_no_code
        is_either = is_no_code or own & IS_PREFORMATTED != 0
        row[_HELD_PREFORMATTED] = before[_HELD_PREFORMATTED] + is_either
        row[_HELD_LINES] = before[_HELD_LINES] + (own & MAKES_LINES != 0)
        row[_HELD_NO_DATA] = before[_HELD_NO_DATA] + (own & NO_DATA_STANDS_IN != 0)
        row[_HELD_BREAKS] = before[_HELD_BREAKS] + (tag == _BR)
        row[HELD_LINKS] = before[HELD_LINKS] + (tag == _A)


@inlined
def holds(tags: Int32Array, held: Int32Array, element: int, kind: int) -> bool:
    """Whether there is an element of that kind in an element."""
    return held[tags[element, END], kind] > held[element + 1, kind]


@inlined
def _is_lines(tags: Int32Array, bits: UInt32Array, element: int) -> bool:
    """Whether all that stands in an element are parts of a line, and line breaks."""
    child, end = element + 1, tags[element, END]
    while child < end:
        if bits[child] & IS_INLINE == 0 and tags[child, TAG] != _BR:
            return False
        child = tags[child, END]
    return True


@kernel()
def layout_of(tags: Int32Array, bits: UInt32Array, held: Int32Array, element: int) -> int:
    """How an element makes lines of its own; ``TABLE`` if that is to be seen, ``DONE`` for none."""
    own = bits[element]
    is_table = tags[element, TAG] == _TABLE
    if own & IS_PREFORMATTED:
        return DONE if holds(tags, held, element, _HELD_NO_CODE) else WRITTEN
    if own & KEEPS_LINES and _is_lines(tags, bits, element):
        return WRITTEN
    if own & NAMES_LISTING:
        if is_table:
            if own & NAMES_ROWS_OF_CODE:
                return WRITTEN
        elif holds(tags, held, element, _HELD_LINES) and not holds(
            tags, held, element, _HELD_PREFORMATTED
        ):
            return FOLDED
    if own & IS_CODE:
        return FOLDED
    if is_table and not holds(tags, held, element, _HELD_NO_DATA):
        return TABLE
    return DONE


@inlined
def is_unread(own: int, tag: int) -> bool:
    """Whether a block is left out: a template that makes no shadow root, numbers of lines."""
    return (tag == _TEMPLATE and own & IS_OPEN == 0) or (
        tag == _UL and own & NAMES_LINE_NUMBERS != 0
    )


@inlined
def role_of(
    tags: Int32Array,
    bits: UInt32Array,
    held: Int32Array,
    instead: Int32Array,
    element: int,
    is_behind_text: bool,
) -> int:
    """What an element is in the flow; ``is_behind_text`` says that no white space is before it."""
    own, tag, other = bits[element], tags[element, TAG], instead[element]
    if other >= 0:
        return REPLACED
    if own & IS_INLINE:
        if tag == _IMG:
            return LEFT_OUT
        if own & IS_HIDDEN:
            size = tags[element, CLOSE] - tags[element, OPEN]
            return STANDS_ALONE if size >= MIN_COVERED_CHARS else LEFT_OUT
        if own & IS_PLAIN:
            return FLOWS
        if own & IS_RAISED:
            return RAISED if other < NOTHING and is_behind_text else FLOWS
        return STANDS_ALONE if holds(tags, held, element, _HELD_BREAKS) else FLOWS
    if own & IS_BREAK:
        return BREAKS
    return LEFT_OUT if own & IS_SKIPPED or is_unread(own, tag) else STANDS_ALONE
