"""Markup to elements and text: one loop over a page, cut into tags as the HTML Standard says.

Which tags close and imply others is libxml2's. Comments and instructions are left out. No step
looks further than what it passes: an end tag finds its element by its name, and what stands in the
way by its rank, so that a page takes time in proportion to its length.
"""

from __future__ import annotations

from models.kernels.arrays import UInt8Array, truth, whole
from models.kernels.compile import inlined, kernel
from models.main_content.reading.html.levels import (
    close,
    close_for,
    imply,
    innermost_entry,
    innermost_kind,
    is_misplaced,
    pop,
    push,
)
from models.main_content.reading.html.page import (
    DEPTH,
    ELEMENTS,
    END,
    FOUND,
    MISPLACED,
    START,
    PageArrays,
    begin,
    enter,
)
from models.main_content.reading.html.rules import (
    BODY,
    FLAGS,
    HEAD,
    HTML,
    IS_VOID,
    MODES,
    PLAIN,
)
from models.main_content.reading.html.tags import (
    find_name,
    kind_of,
    read_attributes,
    read_name,
    skip_comment,
    skip_declaration,
)
from models.main_content.reading.html.text import add, begin_text, find_end, read_text

PADDING = bytes(8)
"""Stands behind a page: what looks ahead finds it."""

_BANG, _DASH, _SLASH, _LESS, _EQUALS, _QUESTION, _A, _Z, _CASE = b"!-/<=?az\x20"


@inlined
def _is_letter(code: int) -> bool:
    code |= _CASE
    return (code >= _A) & (code <= _Z)


@kernel()
def count_marks(source: UInt8Array) -> tuple[int, int]:
    """How many ``<`` before a letter a page has, and ``=``: no more elements, and values."""
    tags = equals = 0
    here, behind = source[:-1], source[1:]
    for at in range(len(here)):
        tags += (here[at] == _LESS) & _is_letter(behind[at])
        equals += here[at] == _EQUALS
    return tags, equals


@inlined
def _end_of_held(page: PageArrays, at: int, end: int, mode: int, entry: int) -> int:
    """Where the text ends that an element of this name holds."""
    start, stop = page.entries[entry, START], page.entries[entry, END]
    return find_end(page.source, at, end, mode, page.written, start, stop)


@inlined
def _read_start_tag(page: PageArrays, at: int, end: int) -> tuple[int, int]:
    """Read the start tag whose name is at ``at``; what follows it, and how that is read."""
    state, source = page.state, page.source
    name_end, at = read_name(page, at, end)
    entry = enter(page, name_end)
    kind = kind_of(page, entry)
    close_for(page, kind)
    imply(page, kind)
    begins = not is_misplaced(page, entry, kind)
    found = state[FOUND]
    at = read_attributes(page, at, end, begins)
    if at >= end:
        state[FOUND] = found
        return end, PLAIN
    is_empty = source[at] == _SLASH
    at += 1 + is_empty
    if not begins:
        state[MISPLACED] += 1
    elif not push(page, entry, kind):
        held = whole(MODES[kind])
        return _end_of_held(page, at, end, held, entry) if held else at, PLAIN
    kind = innermost_kind(page)  # of a tag that begins nothing, what it stands in
    if is_empty or FLAGS[kind] & IS_VOID:
        pop(page)
        return at, PLAIN
    return at, whole(MODES[kind])


@inlined
def _read_end_tag(page: PageArrays, at: int, end: int) -> int:
    """Read the end tag whose name is at ``at``; what follows it."""
    name_end, at = read_name(page, at, end)
    entry = find_name(page, name_end)
    at = read_attributes(page, at, end, truth(False))
    if at >= end:
        return end
    if entry >= 0:
        kind = kind_of(page, entry)
        if page.state[MISPLACED] and kind in (HTML, HEAD, BODY):
            page.state[MISPLACED] -= 1
        else:
            close(page, entry, kind)
    return at + 1 + (page.source[at] == _SLASH)


@kernel()
def parse(page: PageArrays, end: int) -> None:  # noqa: C901 -- one loop, compiled
    """Read the page that is the first ``end`` bytes of its source."""
    source, state = page.source, page.state
    begin(page)
    at, mode = whole(0), whole(PLAIN)
    while at < end:
        following = source[at + 1]
        if mode != PLAIN or source[at] != _LESS:
            stop = whole(end)
            if mode != PLAIN:
                stop = _end_of_held(page, at, end, mode, innermost_entry(page))
            at = read_text(page, at, stop, mode)
            mode = whole(PLAIN)
        elif _is_letter(following):
            at, mode = _read_start_tag(page, at + 1, end)
        elif following == _SLASH and _is_letter(source[at + 2]):
            at = _read_end_tag(page, at + 2, end)
        elif following == _BANG and source[at + 2] == source[at + 3] == _DASH:
            at = skip_comment(source, at + 4, end)
        elif following in (_BANG, _QUESTION):
            at = skip_declaration(source, at + 1, end)
        elif following == _SLASH and at + 2 < end:
            at = skip_declaration(source, at + 2, end)
        else:
            stop = min(at + 1 + (following == _SLASH), end)
            begin_text(page)
            while at < stop:
                add(page, whole(source[at]))
                at += 1
        if state[ELEMENTS] and state[DEPTH] == 0:
            break  # behind the root
    while state[DEPTH]:
        pop(page)
