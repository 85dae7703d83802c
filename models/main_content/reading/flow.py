"""The text of a page as it flows, compiled: blocks between boundaries, links and strong type.

What flows otherwise (code, tables of data) is an event: the loop leaves, and goes on when asked.
"""

from __future__ import annotations

from models.kernels.arrays import BoolArray, Int32Array, Int64Array, UInt32Array
from models.kernels.compile import inlined, kernel
from models.kernels.spaces import count_stripped, is_space
from models.main_content.reading.page_elements import CLOSE, END, OPEN, PARENT, TAG
from models.main_content.reading.roles import (
    BREAKS,
    DONE,
    FLOWS,
    HELD_LINKS,
    IS_COVERED,
    RAISED,
    REPLACED,
    STANDS_ALONE,
    holds,
    is_unread,
    layout_of,
    role_of,
)
from models.main_content.reading.words import IS_INLINE, IS_STRONG, IS_TRANSPARENT, NUMBER

(
    STACKED, START, PLACE, LINK_CHARS, LINKS, STRONG_CHARS, BLOCKS, NODES, ELEMENT, NODE, GO_ON,
) = range(11)  # fmt: skip
"""The state of the loop between two events: how many elements are open; where the run of text
begins and ends in the codes that are written, and what it holds; how many blocks and nodes there
are; the element of the event and its node; and ``TAKE_TAIL`` or ``READ_INSIDE`` of it."""

FROM_ROOT, TAKE_TAIL, READ_INSIDE = range(3)
_A, _TR = NUMBER["a"], NUMBER["tr"]
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
def _is_no_blank(codes: UInt32Array, start: int, end: int, before: int, cjk: BoolArray) -> bool:
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
def _collapse(codes: UInt32Array, start: int, end: int, cjk: BoolArray) -> int:
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
def _cut(
    state: Int64Array, codes: UInt32Array, blocks: Int32Array, node: int, cjk: BoolArray
) -> None:
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
    cjk: BoolArray,
    stack: Int32Array,
    codes: UInt32Array,
    blocks: Int32Array,
    nodes: Int32Array,
    state: Int64Array,
) -> int:
    """Read on until a page is done or something flows otherwise; which.

    ``bits`` say what elements are, ``held`` how many of some kinds are before each
    (``roles.count_held``), ``instead`` which of ``readings`` (ends of spans of ``read_codes``) is
    read in place of one.
    Written are ``codes``, rows of ``blocks`` (start and end in ``codes``, characters in links,
    links, characters in strong type, node) and of ``nodes`` (element, parent, whether it is
    covered, table row).
    """
    element, node, go_on = state[ELEMENT], state[NODE], state[GO_ON]
    is_root = go_on == FROM_ROOT
    in_link = in_strong = 0
    if state[STACKED]:
        in_link, in_strong = stack[state[STACKED] - 1, 3], stack[state[STACKED] - 1, 4]
        if go_on == TAKE_TAIL:
            _take_tail(state, codes, text, tags, element, in_link, in_strong)
    if go_on == READ_INSIDE:
        _take_text(state, codes, text, tags, element, in_link, in_strong)
        _push(state, stack, element, node, in_link, in_strong)
    while is_root or state[STACKED]:
        if is_root:
            child, role = 0, STANDS_ALONE
            if is_unread(bits[0], tags[0, TAG]):
                return DONE
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
            place = state[PLACE]
            is_behind_text = place > state[START] and not is_space(codes[place - 1])
            role = role_of(tags, bits, held, instead, child, is_behind_text)
        own, tag, other = bits[child], tags[child, TAG], instead[child]
        if role == STANDS_ALONE:
            _cut(state, codes, blocks, node, cjk)
            if own & IS_TRANSPARENT == 0:
                if not is_root:
                    row, number = nodes[state[NODES]], state[NODES]
                    row[0], row[1], row[2] = child, node, own & IS_COVERED != 0
                    row[3] = number if tag == _TR else nodes[node, 3]
                    node = number
                    state[NODES] += 1
                layout = layout_of(tags, bits, held, child)
                if layout != DONE:
                    state[ELEMENT], state[NODE] = child, node
                    return layout
        elif role == FLOWS:
            state[LINKS] += tag == _A
            in_link, in_strong = in_link | (tag == _A), in_strong | (own & IS_STRONG != 0)
        else:
            if role == BREAKS:
                _cut(state, codes, blocks, node, cjk)
            elif role == REPLACED:
                start, end = readings[other], readings[other + 1]
                _take(state, codes, read_codes, start, end, in_link, in_strong)
            elif role == RAISED:
                state[LINKS] += holds(tags, held, child, HELD_LINKS)
                start, end = readings[-2 - other], readings[-1 - other]
                _take(state, codes, read_codes, start, end, in_link, in_strong)
            _take_tail(state, codes, text, tags, child, in_link, in_strong)
            continue
        is_root = False
        _take_text(state, codes, text, tags, child, in_link, in_strong)
        _push(state, stack, child, node, in_link, in_strong)
    return DONE
