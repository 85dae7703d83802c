"""The text of a page as it flows, compiled: blocks between boundaries, links and strong type.

What flows otherwise (code, tables of data) is an event: the loop leaves, and goes on when asked.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from models.kernels.arrays import Int32Array, Int64Array, UInt32Array
from models.kernels.compile import inlined, kernel
from models.kernels.spaces import count_stripped, is_space
from models.main_content.reading.page_elements import CLOSE, END, OPEN, PARENT, TAG
from models.main_content.reading.words import (
    IS_BREAK,
    IS_CODE,
    IS_INLINE,
    IS_PLAIN,
    IS_PREFORMATTED,
    IS_RAISED,
    IS_SKIPPED,
    IS_STRONG,
    IS_TRANSPARENT,
    MAKES_LINES,
    NO_CODE_STANDS_IN,
    NO_DATA_STANDS_IN,
    NUMBER,
)

Bools = npt.NDArray[np.bool_]

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
"""What the loop left for; the layouts of code, and a table that may hold data."""

(
    STACKED, START, PLACE, LINK_CHARS, LINKS, STRONG_CHARS, BLOCKS, NODES, ELEMENT, NODE, GO_ON,
) = range(11)  # fmt: skip
"""The state of the loop between two events: how many elements are open; where the run of text
begins and ends in the codes that are written, and what it holds; how many blocks and nodes there
are; the element of the event and its node; and ``TAKE_TAIL`` or ``READ_INSIDE`` of it."""

FROM_ROOT, TAKE_TAIL, READ_INSIDE = range(3)
NOTHING: Final = -1
"""In ``instead``: an element is read as it is. From 0, a span is read in its place; from -2 down, a
raised or lowered form, the first at -2, is read in its place behind other characters."""

MIN_COVERED_CHARS = 200
"""An inline element with so much hidden text is no decoy: a script may uncover it, as a block."""

_A, _BR, _IMG, _TABLE, _TEMPLATE, _TR, _UL = (
    NUMBER[name] for name in ("a", "br", "img", "table", "template", "tr", "ul")
)
_HELD_NO_CODE, _HELD_PREFORMATTED, _HELD_LINES, _HELD_NO_DATA, _HELD_BREAKS, _HELD_LINKS = range(6)
_SPACE, _TAB, _LINE_FEED, _RETURN = b" \t\n\r"


@kernel()
def _take(
    state: Int64Array,
    codes: UInt32Array,
    text: UInt32Array,
    start: int,
    end: int,
    in_link: int,
    in_strong: int,
) -> None:
    """Add a piece of text to the run."""
    if start >= end:
        return
    place = state[PLACE]
    for at in range(start, end):
        codes[place] = text[at]
        place += 1
    state[PLACE] = place
    if in_link or in_strong:
        size = count_stripped(text, start, end)
        if in_link:
            state[LINK_CHARS] += size
        if in_strong:
            state[STRONG_CHARS] += size


@inlined
def _is_no_blank(codes: UInt32Array, start: int, end: int, before: int, cjk: Bools) -> bool:
    """Whether white space is a source line that ends between Han characters."""
    at = start
    while at < end and (codes[at] == _SPACE or codes[at] == _TAB):
        at += 1
    if at < end and codes[at] == _RETURN:
        at += 1
    if at == end or codes[at] != _LINE_FEED:
        return False
    after, last = codes[end], len(cjk) - 1
    return cjk[min(before, last)] and cjk[min(after, last)]


@kernel()
def _collapse(codes: UInt32Array, start: int, end: int, cjk: Bools) -> int:
    """White space as single blanks, in place; where the text ends then."""
    while start < end and is_space(codes[end - 1]):
        end -= 1
    write = read = start
    while read < end and is_space(codes[read]):
        read += 1
    while read < end:
        code = codes[read]
        if not is_space(code):
            codes[write] = code
            write, read = write + 1, read + 1
            continue
        gap = read
        while is_space(codes[read]):
            read += 1
        if (code == _SPACE and read == gap + 1) or not _is_no_blank(
            codes, gap, read, codes[write - 1], cjk
        ):
            codes[write] = _SPACE
            write += 1
    return write


@kernel()
def _cut(state: Int64Array, codes: UInt32Array, blocks: Int32Array, node: int, cjk: Bools) -> None:
    """End the block that stands in ``node``."""
    if state[PLACE] == state[START]:
        return
    start = state[START]
    end = _collapse(codes, start, state[PLACE], cjk)
    if end > start:
        row = blocks[state[BLOCKS]]
        row[0], row[1], row[2] = start, end, min(state[LINK_CHARS], end - start)
        row[3], row[4], row[5] = state[LINKS], min(state[STRONG_CHARS], end - start), node
        state[BLOCKS] += 1
    state[START] = state[PLACE] = end
    state[LINK_CHARS] = state[LINKS] = state[STRONG_CHARS] = 0


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
        row[_HELD_LINKS] = before[_HELD_LINKS] + (tag == _A)


@inlined
def _holds(tags: Int32Array, held: Int32Array, element: int, kind: int) -> bool:
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
def _layout_of(tags: Int32Array, bits: UInt32Array, held: Int32Array, element: int) -> int:
    """How an element makes lines of its own; ``TABLE`` if that is to be seen, ``DONE`` for none."""
    own = bits[element]
    is_table = tags[element, TAG] == _TABLE
    if own & IS_PREFORMATTED:
        return DONE if _holds(tags, held, element, _HELD_NO_CODE) else WRITTEN
    if own & NAMES_LISTING:
        if is_table:
            if own & NAMES_ROWS_OF_CODE:
                return WRITTEN
        elif _holds(tags, held, element, _HELD_LINES) and not _holds(
            tags, held, element, _HELD_PREFORMATTED
        ):
            return FOLDED
    if own & IS_CODE:
        return FOLDED
    if own & KEEPS_LINES and _is_lines(tags, bits, element):
        return WRITTEN
    if is_table and not _holds(tags, held, element, _HELD_NO_DATA):
        return TABLE
    return DONE


@inlined
def _push(
    state: Int64Array, stack: Int32Array, element: int, node: int, in_link: int, in_strong: int
) -> None:
    row = stack[state[STACKED]]
    row[0], row[1], row[2], row[3], row[4] = element, element + 1, node, in_link, in_strong
    state[STACKED] += 1


@kernel()
def _take_text(
    state: Int64Array,
    codes: UInt32Array,
    text: UInt32Array,
    tags: Int32Array,
    element: int,
    in_link: int,
    in_strong: int,
) -> None:
    """Add what stands in an element before the first in it."""
    child = element + 1
    end = tags[child, OPEN] if child < tags[element, END] else tags[element, CLOSE]
    _take(state, codes, text, tags[element, OPEN], end, in_link, in_strong)


@kernel()
def _take_tail(
    state: Int64Array,
    codes: UInt32Array,
    text: UInt32Array,
    tags: Int32Array,
    element: int,
    in_link: int,
    in_strong: int,
) -> None:
    """Add what stands behind an element before the next one, or the end of its parent."""
    above, behind = tags[element, PARENT], tags[element, END]
    end = tags[behind, OPEN] if behind < tags[above, END] else tags[above, CLOSE]
    _take(state, codes, text, tags[element, CLOSE], end, in_link, in_strong)


@kernel()
def read_flow(  # noqa: C901, PLR0912, PLR0915, PLR0917 -- one loop over arrays, compiled
    tags: Int32Array,
    bits: UInt32Array,
    held: Int32Array,
    instead: Int32Array,
    readings: Int64Array,
    read_codes: UInt32Array,
    text: UInt32Array,
    cjk: Bools,
    stack: Int32Array,
    codes: UInt32Array,
    blocks: Int32Array,
    nodes: Int32Array,
    state: Int64Array,
) -> int:
    """Read on until a page is done or something flows otherwise; which.

    ``bits`` say what elements are, ``held`` how many of some kinds are before each (`count_held`),
    ``instead`` which of ``readings`` (ends of spans of ``read_codes``) is read in place of one.
    Written are ``codes``, rows of ``blocks`` (start and end in ``codes``, characters in links,
    links, characters in strong type, node) and of ``nodes`` (element, parent, whether it is
    covered, table row).
    """
    element, node = state[ELEMENT], state[NODE]
    go_on = state[GO_ON]
    is_root = go_on == FROM_ROOT
    in_link = in_strong = 0
    if not is_root:
        if state[STACKED]:
            in_link, in_strong = stack[state[STACKED] - 1, 3], stack[state[STACKED] - 1, 4]
            if go_on == TAKE_TAIL:
                _take_tail(state, codes, text, tags, element, in_link, in_strong)
        if go_on == READ_INSIDE:
            _take_text(state, codes, text, tags, element, in_link, in_strong)
            _push(state, stack, element, node, in_link, in_strong)
    while is_root or state[STACKED]:
        if is_root:
            child = 0
        else:
            top = stack[state[STACKED] - 1]
            element, child, node, in_link, in_strong = top[0], top[1], top[2], top[3], top[4]
            if child >= tags[element, END]:
                state[STACKED] -= 1
                if not state[STACKED] or bits[element] & IS_INLINE == 0:
                    _cut(state, codes, blocks, node, cjk)
                if state[STACKED]:
                    above = stack[state[STACKED] - 1]
                    _take_tail(state, codes, text, tags, element, above[3], above[4])
                continue
            top[1] = tags[child, END]
        own, tag, other = bits[child], tags[child, TAG], instead[child]
        is_inline = own & IS_INLINE != 0 and not is_root
        is_block = is_root
        if not is_root:
            is_covered = False
            if other >= 0:
                start = readings[other]
                _take(state, codes, read_codes, start, readings[other + 1], in_link, in_strong)
                _take_tail(state, codes, text, tags, child, in_link, in_strong)
                continue
            if is_inline and own & IS_HIDDEN and tag != _IMG:
                is_covered = tags[child, CLOSE] - tags[child, OPEN] >= MIN_COVERED_CHARS
            if is_inline and (tag == _IMG or (own & IS_HIDDEN and not is_covered)):
                _take_tail(state, codes, text, tags, child, in_link, in_strong)
                continue
            if own & IS_PLAIN and not is_covered:
                state[LINKS] += tag == _A
                link, strong = in_link | (tag == _A), in_strong | (own & IS_STRONG != 0)
                _take_text(state, codes, text, tags, child, link, strong)
                _push(state, stack, child, node, link, strong)
                continue
            if own & IS_BREAK:
                _cut(state, codes, blocks, node, cjk)
            elif own & IS_SKIPPED == 0:
                is_block = True
                if is_inline and not is_covered:
                    if own & IS_RAISED:
                        place = state[PLACE]
                        if (
                            other < NOTHING
                            and place > state[START]
                            and not is_space(codes[place - 1])
                        ):
                            state[LINKS] += _holds(tags, held, child, _HELD_LINKS)
                            start, end = readings[-2 - other], readings[-1 - other]
                            _take(state, codes, read_codes, start, end, in_link, in_strong)
                            _take_tail(state, codes, text, tags, child, in_link, in_strong)
                            continue
                        is_block = False
                    else:
                        is_block = _holds(tags, held, child, _HELD_BREAKS)
                    if not is_block:
                        _take_text(state, codes, text, tags, child, in_link, in_strong)
                        _push(state, stack, child, node, in_link, in_strong)
                        continue
                if (tag == _TEMPLATE and own & IS_OPEN == 0) or (
                    tag == _UL and own & NAMES_LINE_NUMBERS
                ):
                    is_block = False
            if not is_block:
                _take_tail(state, codes, text, tags, child, in_link, in_strong)
                continue
        elif (tag == _TEMPLATE and own & IS_OPEN == 0) or (tag == _UL and own & NAMES_LINE_NUMBERS):
            return DONE
        _cut(state, codes, blocks, node, cjk)
        if own & IS_TRANSPARENT == 0:
            if not is_root:
                row, number = nodes[state[NODES]], state[NODES]
                row[0], row[1], row[2] = child, node, own & IS_COVERED != 0
                row[3] = number if tag == _TR else nodes[node, 3]
                node = number
                state[NODES] += 1
            layout = _layout_of(tags, bits, held, child)
            if layout != DONE:
                state[ELEMENT], state[NODE] = child, node
                return layout
        is_root = False
        _take_text(state, codes, text, tags, child, in_link, in_strong)
        _push(state, stack, child, node, in_link, in_strong)
    return DONE
