"""The elements that are open while a page is read, from ``html`` on."""

from __future__ import annotations

from models.kernels.arrays import whole
from models.kernels.compile import inlined
from models.main_content.reading.html.page import (
    BODY_INSERTED,
    CHARACTERS,
    DEPTH,
    ELEMENTS,
    HEAD_INSERTED,
    INSERTED,
    LEVEL,
    RANKED,
    PageArrays,
)
from models.main_content.reading.html.rules import (
    BODY,
    CLOSES,
    FLAGS,
    HEAD,
    HTML,
    IS_FRAME,
    IS_IN_HEAD,
    RANK,
    RANKS,
)
from models.main_content.reading.words import NUMBER

MAX_DEPTH = 2_048
"""Elements that are deeper stand beside each other."""

COLUMNS = 5
_ELEMENT, _ENTRY, _KIND, _SAME, _RANKED = range(COLUMNS)
"""Of a level; the last two are the level before it that is called so, and that of its rank."""

_HTML, _HEAD, _BODY = NUMBER["html"], NUMBER["head"], NUMBER["body"]


@inlined
def innermost_kind(page: PageArrays) -> int:
    """The kind of the innermost open element; -1 if there is none."""
    depth = page.state[DEPTH]
    return whole(page.levels[depth - 1, _KIND]) if depth else -1


@inlined
def innermost_entry(page: PageArrays) -> int:
    """What the innermost open element is called."""
    return whole(page.levels[page.state[DEPTH] - 1, _ENTRY])


@inlined
def push(page: PageArrays, entry: int, kind: int) -> bool:
    """Begin an element; whether it is open."""
    state, tags, levels = page.state, page.tags, page.levels
    depth, element = state[DEPTH], state[ELEMENTS]
    tags[element, 0], tags[element, 2] = entry, element + 1
    tags[element, 1] = levels[depth - 1, _ELEMENT] if depth else -1
    tags[element, 3] = tags[element, 4] = state[CHARACTERS]
    state[ELEMENTS] += 1
    if kind == HEAD:
        state[INSERTED] = max(state[INSERTED], HEAD_INSERTED)
    elif kind == BODY:
        state[INSERTED] = BODY_INSERTED
    if depth == MAX_DEPTH:
        return False
    ranked = RANKED + RANK[kind]
    levels[depth, _ELEMENT], levels[depth, _ENTRY], levels[depth, _KIND] = element, entry, kind
    levels[depth, _SAME], levels[depth, _RANKED] = page.entries[entry, LEVEL], state[ranked]
    page.entries[entry, LEVEL] = state[ranked] = depth
    state[DEPTH] += 1
    return True


@inlined
def pop(page: PageArrays) -> None:
    """End the innermost element."""
    state, levels = page.state, page.levels
    state[DEPTH] -= 1
    level = state[DEPTH]
    element = levels[level, _ELEMENT]
    page.tags[element, 2], page.tags[element, 4] = state[ELEMENTS], state[CHARACTERS]
    page.entries[levels[level, _ENTRY], LEVEL] = levels[level, _SAME]
    state[RANKED + RANK[levels[level, _KIND]]] = levels[level, _RANKED]


@inlined
def imply(page: PageArrays, kind: int) -> None:
    """Begin the elements that one of this kind stands in, where the page does not write them."""
    state = page.state
    if kind == HTML:
        return
    if state[DEPTH] == 0:
        push(page, _HTML, HTML)
    if kind in (HEAD, BODY):
        return
    if state[DEPTH] <= 1 and FLAGS[kind] & IS_IN_HEAD:
        if state[INSERTED] < HEAD_INSERTED:
            push(page, _HEAD, HEAD)
        return
    is_inside = page.entries[_BODY, LEVEL] >= 0 or page.entries[_HEAD, LEVEL] >= 0
    if not (FLAGS[kind] & IS_FRAME or state[INSERTED] == BODY_INSERTED or is_inside):
        push(page, _BODY, BODY)


@inlined
def close_for(page: PageArrays, kind: int) -> None:
    """End the elements that a start tag of this kind ends."""
    while page.state[DEPTH] and CLOSES[kind, innermost_kind(page)]:
        pop(page)


@inlined
def is_misplaced(page: PageArrays, entry: int, kind: int) -> bool:
    """Whether a start tag begins no element: a second ``html`` or ``body``, a ``head`` in one."""
    depth = page.state[DEPTH]
    return (
        (kind == HTML and depth > 0)
        or (kind == HEAD and depth != 1)
        or (kind == BODY and page.entries[entry, LEVEL] >= 0)
    )


@inlined
def close(page: PageArrays, entry: int, kind: int) -> None:
    """End the innermost element that is called so, and those in it; none of a higher rank."""
    level = page.entries[entry, LEVEL]
    for rank in range(RANK[kind] + 1, len(RANKS)):
        if page.state[RANKED + rank] > level:
            return
    while 0 <= level < page.state[DEPTH]:
        pop(page)
