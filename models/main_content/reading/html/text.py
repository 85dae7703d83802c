"""The text between tags."""

from __future__ import annotations

from models.kernels.arrays import UInt8Array, truth, whole
from models.kernels.compile import inlined, kernel
from models.kernels.references import read_reference
from models.kernels.utf8 import read_character
from models.main_content.reading.html.levels import close_for, imply, innermost_kind
from models.main_content.reading.html.page import CHARACTERS, DEPTH, PageArrays
from models.main_content.reading.html.rules import (
    ESCAPED,
    HEAD,
    HTML,
    PLAIN,
    REFERENCES,
    SCRIPT,
    TO_THE_END,
    TWICE_ESCAPED,
    P,
)

_TAB, _LINE_FEED, _FORM_FEED, _RETURN, _SPACE, _BANG, _AMPERSAND = b"\t\n\f\r !&"
_DASH, _SLASH, _LESS, _GREATER, _CASE = b"-/<>\x20"
_NOT_ASCII = 0x80
_STRETCH = 32  # bytes that are looked at at once
_NO_CHARACTERS = (0xFFFE, 0xFFFF)


@inlined
def is_space(code: int) -> bool:
    """Whether HTML has it for white space."""
    return code in (_SPACE, _LINE_FEED, _TAB, _RETURN, _FORM_FEED)


@inlined
def fit(code: int) -> int:
    """A character as it is read: a space for a form feed, -1 for what XML cannot hold."""
    if code == _FORM_FEED:
        return _SPACE
    if code < _SPACE and not is_space(code):
        return -1
    return -1 if code in _NO_CHARACTERS else code


@inlined
def _is_outside(page: PageArrays) -> bool:
    """Whether text would stand in no element, or in ``html`` or ``head``."""
    return innermost_kind(page) in (-1, HTML, HEAD)


@inlined
def begin_text(page: PageArrays) -> None:
    """End the head, and begin the body if the page has not."""
    if innermost_kind(page) == HEAD:
        close_for(page, P)
    imply(page, P)


@kernel()
def add(page: PageArrays, code: int) -> None:
    """Add a character; if it is no white space, it begins the body."""
    if _is_outside(page) and not is_space(code):
        begin_text(page)
    code = fit(code)
    if page.state[DEPTH] and code >= 0:
        page.text[page.state[CHARACTERS]] = code
        page.state[CHARACTERS] += 1


@inlined
def _is_markup(code: int, mode: int) -> bool:
    return code == _LESS and mode == PLAIN


@inlined
def _is_plain(source: UInt8Array, at: int) -> bool:
    """Whether the next characters are of one byte each, and mean themselves."""
    stretch, found = source[at : at + _STRETCH], False
    for place in range(_STRETCH):
        code = stretch[place]
        found |= (code == _LESS) | (code == _AMPERSAND) | (code == _RETURN)
        found |= (code == _FORM_FEED) | (code >= _NOT_ASCII)
    return not found


@inlined
def _copy(page: PageArrays, at: int, end: int, mode: int) -> int:
    """Add characters as they stand, up to one that may mean something else."""
    source, text, characters = page.source, page.text, page.state[CHARACTERS]
    stop = at
    while at < end:
        if at == stop:
            while at + _STRETCH <= end and _is_plain(source, at):
                for place in range(_STRETCH):
                    text[characters + place] = source[at + place]
                at += _STRETCH
                characters += _STRETCH
            stop = at + _STRETCH  # before the next look
            if at == end:
                break
        code = whole(source[at])
        if code >= _NOT_ASCII:
            code, at = read_character(source, at)
            stop = max(stop, at)
        elif _is_markup(code, mode) or code in (_AMPERSAND, _RETURN, _FORM_FEED):
            break
        else:
            at += 1
        text[characters] = code
        characters += 1
    page.state[CHARACTERS] = characters
    return at


@inlined
def read_text(page: PageArrays, at: int, end: int, mode: int) -> int:
    """Add the text from ``at`` on; where markup begins, or ``end``."""
    source = page.source
    while at < end:
        if not _is_outside(page):
            at = _copy(page, at, end, mode)
        code = whole(source[at])
        if at >= end or _is_markup(code, mode):
            break
        if code == _AMPERSAND and mode in (PLAIN, REFERENCES):
            first, second, at = read_reference(source, at, truth(False))
            add(page, first)
            if second:
                add(page, second)
            continue
        code, at = read_character(source, at)
        if code != _RETURN:
            add(page, code)
        elif source[at] != _LINE_FEED:
            add(page, whole(_LINE_FEED))
    return at


@inlined
def _begins(source: UInt8Array, at: int, name: UInt8Array, start: int, stop: int) -> bool:
    """Whether ``name[start:stop]`` stands at ``at``, in lower case or not, and ends there."""
    for place in range(start, stop):
        if source[at] | _CASE != name[place]:
            return False
        at += 1
    return source[at] in (_GREATER, _SLASH) or is_space(source[at])


@inlined
def _has_less(source: UInt8Array, at: int) -> bool:
    """Whether there is a ``<`` among the next characters."""
    stretch, found = source[at : at + _STRETCH], False
    for place in range(_STRETCH):
        found |= stretch[place] == _LESS
    return found


@inlined
def _are_dashes(source: UInt8Array, at: int) -> bool:
    return source[at] == source[at + 1] == _DASH


@inlined
def _ends_comment(source: UInt8Array, at: int) -> bool:
    return _are_dashes(source, at) and source[at + 2] == _GREATER


@kernel()
def find_end(
    source: UInt8Array, at: int, end: int, mode: int, name: UInt8Array, start: int, stop: int
) -> int:
    """Where the end tag of an element stands in which nothing else is markup, or ``end``.

    ``name[start:stop]`` is what the element is called. A script may have ``<!--``, behind which
    another pair of tags is text.
    """
    if mode == TO_THE_END:
        return end
    while at < end:
        while mode < ESCAPED and at + _STRETCH <= end and not _has_less(source, at):
            at += _STRETCH
        code = source[at]
        if code == _LESS:
            if source[at + 1] == _SLASH and _begins(source, at + 2, name, start, stop):
                if mode != TWICE_ESCAPED:
                    return at
                mode = ESCAPED
            elif mode == ESCAPED and _begins(source, at + 1, name, start, stop):
                mode = TWICE_ESCAPED
            elif mode == SCRIPT and source[at + 1] == _BANG and _are_dashes(source, at + 2):
                mode = ESCAPED
        elif code == _DASH and mode >= ESCAPED and _ends_comment(source, at):
            mode = SCRIPT
        at += 1
    return end
