"""What stands in tags: names and attributes; and what is no element: comments, declarations."""

from __future__ import annotations

from models.kernels.arrays import UInt8Array, truth, whole
from models.kernels.compile import inlined, kernel
from models.kernels.entries import enter as enter_all
from models.kernels.entries import find_entry
from models.kernels.references import read_reference
from models.kernels.utf8 import character_size, write_character
from models.main_content.reading.html.page import (
    ELEMENTS,
    END,
    FOUND,
    KIND,
    START,
    UNKNOWN,
    WRITTEN,
    PageArrays,
    enter,
)
from models.main_content.reading.html.rules import KINDS
from models.main_content.reading.html.text import fit, is_space
from models.main_content.reading.words import NUMBER, READ, VALUED

MAX_NAME = 100  # bytes of a name; characters that make it longer are left out

_LINE_FEED, _FORM_FEED, _RETURN, _SPACE, _BANG, _DOUBLE, _AMPERSAND, _SINGLE = b"\n\f\r !\"&'"
_DASH, _SLASH, _EQUALS, _GREATER, _UPPER_A, _UPPER_Z, _CASE = b"-/=>AZ\x20"

_KNOWN = len(VALUED) + len(READ)
_NO_VALUE = NUMBER[""]
_NAMES, _TABLE, _SPANS = enter_all(KINDS)


@inlined
def _skip_space(source: UInt8Array, at: int) -> int:
    while is_space(source[at]):
        at += 1
    return at


@inlined
def read_name(page: PageArrays, at: int, end: int, stop: int = _SPACE) -> tuple[int, int]:
    """Write the name at ``at`` behind what is written, in lower case; its end there, and here."""
    source, written, begin = page.source, page.written, page.state[WRITTEN]
    place, first = begin, at
    while at < end:
        code = source[at]
        if at > first and (code in (_SLASH, _GREATER, stop) or is_space(code)):
            break
        size = character_size(code)
        if place + size <= begin + MAX_NAME:
            written[place] = code | _CASE if _UPPER_A <= code <= _UPPER_Z else code
            for more in range(1, size):
                written[place + more] = source[at + more]
            place += size
        at += size
    return place, at


@inlined
def find_name(page: PageArrays, end: int) -> int:
    """The entry of the name that stands behind what is written; -1 for one that has none."""
    written, start = page.written, page.state[WRITTEN]
    return find_entry(written, start, end, written, page.table, page.entries)[0]


@inlined
def kind_of(page: PageArrays, entry: int) -> int:
    """The kind of an element that is called so."""
    entries = page.entries
    kind = whole(entries[entry, KIND])
    if kind == UNKNOWN:
        start, end = entries[entry, START], entries[entry, END]
        kind = max(find_entry(page.written, start, end, _NAMES, _TABLE, _SPANS)[0], 0)
        entries[entry, KIND] = kind
    return kind


@inlined
def _find_value(source: UInt8Array, at: int, end: int) -> tuple[int, int, int]:
    """Where the value begins and ends of an attribute whose name ends at ``at``; what follows."""
    at = _skip_space(source, at)
    if source[at] != _EQUALS:
        return at, at, at
    at = _skip_space(source, at + 1)
    quote = source[at]
    if quote in (_DOUBLE, _SINGLE):
        at += 1
        begin = at
        while at < end and source[at] != quote:
            at += 1
        return begin, at, at + (at < end)
    begin = at
    while at < end and source[at] != _GREATER and not is_space(source[at]):
        at += 1
    return begin, at, at


@kernel()
def _write_value(source: UInt8Array, at: int, stop: int, written: UInt8Array, place: int) -> int:
    """Write a value to ``place``; where it ends."""
    while at < stop:
        code = whole(source[at])
        if code == _AMPERSAND:
            first, second, at = read_reference(source, at, truth(True))
            first = fit(first)
            if first >= 0:
                place = write_character(written, place, first)
            if second:
                place = write_character(written, place, second)
            continue
        at += 1
        if code == _RETURN:
            if source[at] == _LINE_FEED:
                continue
            code = _LINE_FEED
        elif code == _FORM_FEED:
            code = _SPACE
        written[place] = code
        place += 1
    return place


@inlined
def _keep(page: PageArrays, name: int, begin: int, stop: int) -> None:
    """Keep an attribute of the element to come."""
    state, attributes = page.state, page.attributes
    end = _write_value(page.source, begin, stop, page.written, state[WRITTEN])
    if name < len(VALUED):
        entry = enter(page, end) if end > state[WRITTEN] else _NO_VALUE
        page.values[state[ELEMENTS], name] = entry
        return
    row = state[FOUND]
    attributes[row, 0], attributes[row, 1] = state[ELEMENTS], name
    attributes[row, 2], attributes[row, 3] = state[WRITTEN], end
    state[FOUND] += 1
    state[WRITTEN] = end


@kernel()
def _read_attributes(page: PageArrays, at: int, end: int, keeps: bool) -> int:
    source, seen = page.source, 0
    at = _skip_space(source, at)
    while at < end and source[at] != _GREATER:
        if source[at] == _SLASH:
            if source[at + 1] == _GREATER:
                break
            at = _skip_space(source, at + 1)
            continue
        name_end, at = read_name(page, at, end, _EQUALS)
        name = find_name(page, name_end)
        begin, stop, at = _find_value(source, at, end)
        if keeps and 0 <= name < _KNOWN and not seen >> name & 1:
            seen |= 1 << name
            _keep(page, name, begin, stop)
        at = _skip_space(source, at)
    return at


@inlined
def read_attributes(page: PageArrays, at: int, end: int, keeps: bool) -> int:
    """Read what stands behind a tag's name; where the tag ends (``>`` or ``/>``), or ``end``.

    Of several attributes of one name the first counts.
    """
    return at if page.source[at] == _GREATER else _read_attributes(page, at, end, keeps)


@inlined
def skip_comment(source: UInt8Array, at: int, end: int) -> int:
    """What follows a comment whose text begins at ``at``."""
    if source[at] == _GREATER:
        return at + 1
    if source[at] == _DASH and source[at + 1] == _GREATER:
        return at + 2
    while at < end:
        if source[at] == source[at + 1] == _DASH:
            if source[at + 2] == _GREATER:
                return at + 3
            if source[at + 2] == _BANG and source[at + 3] == _GREATER:
                return at + 4
        at += 1
    return end


@inlined
def skip_declaration(source: UInt8Array, at: int, end: int) -> int:
    """What follows a doctype, an instruction or what else is read up to ``>``."""
    while at < end and source[at] != _GREATER:
        at += 1
    return min(at + 1, end)
