"""A serialised tree, read once: its elements, what they are called and say of themselves, its text.

What a serialiser writes is well formed: each start tag has its end, ``<`` and ``&`` stand for
themselves nowhere but in CDATA sections, and each attribute is ``name="value"``. Names may hold any
character that HTML allows in one (``a"b``, ``<``, ``=`` as the first), so that a name ends with what
ends it in HTML: ``=`` behind its first character, or a blank, ``/`` or ``>`` behind a tag's.
"""

from __future__ import annotations

import numpy as np

from models.kernels.arrays import Int32Array, Int64Array, UInt8Array, UInt32Array
from models.kernels.compile import inlined, kernel

MAX_PROBES = 64
"""A name or value whose place in the table is so crowded is not looked up: it stands twice then. No
page can make a look-up long."""

_LT, _GT, _AMPERSAND, _QUOTE, _SLASH, _EQUALS, _BANG, _QUESTION, _DASH = b'<>&"/=!?-'
_BRACKET, _SEMICOLON, _HASH, _X, _ZERO, _SPACE, _TAB, _LINE_FEED = b"[;#x0 \t\n"
_LETTER_L, _LETTER_G, _LETTER_A = b"lga"
_HASH_START = np.uint64(14695981039346656037)
_HASH_FACTOR = np.uint64(1099511628211)


@inlined
def _find_entry(
    source: UInt8Array, start: int, end: int, table: Int32Array, spans: Int32Array
) -> tuple[int, int]:
    """The entry that is these bytes, else -1; and where in the table it would stand, else -1."""
    value = _HASH_START
    for at in range(start, end):
        value = (value ^ np.uint64(source[at])) * _HASH_FACTOR
    mask = len(table) - 1
    place = np.int64((value ^ (value >> np.uint64(32))) & np.uint64(mask))
    for _ in range(MAX_PROBES):
        entry = table[place]
        if entry < 0:
            return -1, place
        first = spans[entry, 0]
        if spans[entry, 1] - first == end - start:
            same = 0
            while same < end - start and source[first + same] == source[start + same]:
                same += 1
            if same == end - start:
                return entry, place
        place = (place + 1) & mask
    return -1, -1


@kernel()
def intern(
    source: UInt8Array, start: int, end: int, table: Int32Array, spans: Int32Array, count: int
) -> int:
    """The entry of these bytes, written as ``spans[count]`` if it is new."""
    entry, place = _find_entry(source, start, end, table, spans)
    if entry >= 0:
        return entry
    spans[count, 0], spans[count, 1] = start, end
    if place >= 0:
        table[place] = count
    return count


@kernel()
def join(source: UInt8Array, spans: Int32Array, joined: UInt8Array) -> None:
    """Write the spans of ``source`` one after the other, a NUL behind each."""
    place = 0
    for number in range(len(spans)):
        for at in range(spans[number, 0], spans[number, 1]):
            joined[place] = source[at]
            place += 1
        joined[place] = 0
        place += 1


@inlined
def _read_reference(source: UInt8Array, at: int) -> tuple[int, int]:
    """The character that a reference at ``at`` stands for, and what follows the reference."""
    at += 1
    first = source[at]
    code = 0
    if first == _HASH:
        at += 1
        is_hexadecimal = source[at] == _X
        at += is_hexadecimal
        while source[at] != _SEMICOLON:
            digit = source[at]
            if is_hexadecimal:
                code = code * 16 + ((digit & 15) + 9 if digit > 64 else digit - _ZERO)
            else:
                code = code * 10 + (digit - _ZERO)
            at += 1
        return code, at + 1
    if first == _LETTER_L:
        code = _LT
    elif first == _LETTER_G:
        code = _GT
    elif first == _LETTER_A and source[at + 1] == 0x6D:  # "amp", not "apos"
        code = _AMPERSAND
    elif first == _LETTER_A:
        code = 0x27
    else:
        code = _QUOTE
    while source[at] != _SEMICOLON:
        at += 1
    return code, at + 1


@inlined
def _read_character(source: UInt8Array, at: int) -> tuple[int, int]:
    """The character whose UTF-8 begins at ``at``, beyond ASCII, and what follows it."""
    first = np.int64(source[at])
    if first < 0xE0:
        return (first & 0x1F) << 6 | source[at + 1] & 0x3F, at + 2
    if first < 0xF0:
        code = (first & 0x0F) << 12 | (np.int64(source[at + 1]) & 0x3F) << 6
        return code | source[at + 2] & 0x3F, at + 3
    code = (first & 0x07) << 18 | (np.int64(source[at + 1]) & 0x3F) << 12
    code |= (np.int64(source[at + 2]) & 0x3F) << 6
    return code | source[at + 3] & 0x3F, at + 4


@kernel()
def scan(
    source: UInt8Array,
    words: Int64Array,
    table: Int32Array,
    spans: Int32Array,
    comment: int,
    interned: int,
    known: int,
    tags: Int32Array,
    values: Int32Array,
    attributes: Int32Array,
    text: UInt32Array,
) -> tuple[int, int, int, int]:
    """Read a page; how many elements, attributes, entries and characters it has.

    Between the places ``words`` known words stand in ``source``, and behind the last the page. ``spans`` (entries, 2) are of distinct names and values, first the known
    words; ``table`` is full of -1, and a power of two long. A row of ``tags`` (elements, 5) is an element's name (an
    entry; ``comment`` for a comment or an instruction), its parent, the first element that is not
    in it, and where in ``text`` it begins and ends. ``values`` (elements, interned) are the entries
    of the values of the first known names, or -1; a row of ``attributes`` is element, name, start
    and end of an attribute with one of the other ``known`` first names.
    """
    entries = len(words) - 1
    for word in range(entries):
        intern(source, words[word], words[word + 1], table, spans, word)
    at, last = words[entries], len(source)
    element = above = -1
    characters = found = 0
    while at < last:
        byte = source[at]
        if byte != _LT:
            if byte == _AMPERSAND:
                code, at = _read_reference(source, at)
                text[characters] = code
            elif byte < 0x80:
                text[characters] = byte
                at += 1
            else:
                code, at = _read_character(source, at)
                text[characters] = code
            characters += 1
            continue
        mark = source[at + 1]
        if mark == _SLASH:
            tags[above, 2], tags[above, 4] = element + 1, characters
            above = tags[above, 1]
            at += 2
            while source[at] != _GT:
                at += 1
            at += 1
            continue
        if mark == _BANG and source[at + 2] == _BRACKET:
            at += 9  # <![CDATA[
            while not (source[at] == 0x5D and source[at + 1] == 0x5D and source[at + 2] == _GT):
                if source[at] < 0x80:
                    text[characters] = source[at]
                    at += 1
                else:
                    code, at = _read_character(source, at)
                    text[characters] = code
                characters += 1
            at += 3
            continue
        element += 1
        tags[element, 1], tags[element, 2] = above, element + 1
        tags[element, 3] = tags[element, 4] = characters
        for column in range(interned):
            values[element, column] = -1
        if mark in (_BANG, _QUESTION):
            tags[element, 0] = comment
            is_comment = mark == _BANG
            at += 6 if is_comment else 2
            while not (
                source[at] == _GT
                and (
                    (source[at - 1] == _DASH and source[at - 2] == _DASH)
                    if is_comment
                    else source[at - 1] == _QUESTION
                )
            ):
                at += 1
            at += 1
            continue
        at += 1
        begin = at
        while source[at] != _SPACE and source[at] != _SLASH and source[at] != _GT:
            at += 1
        entry = intern(source, begin, at, table, spans, entries)
        entries += entry == entries
        tags[element, 0] = entry
        while source[at] == _SPACE:
            at += 1
            begin = at
            at += 1
            while source[at] != _EQUALS:
                at += 1
            name, _ = _find_entry(source, begin, at, table, spans)
            at += 2
            begin = at
            while source[at] != _QUOTE:
                at += 1
            if 0 <= name < interned:
                entry = intern(source, begin, at, table, spans, entries)
                entries += entry == entries
                values[element, name] = entry
            elif interned <= name < known:
                attributes[found, 0], attributes[found, 1] = element, name
                attributes[found, 2], attributes[found, 3] = begin, at
                found += 1
            at += 1
        if source[at] == _SLASH:
            at += 2
        else:
            at += 1
            above = element
    return element + 1, found, entries, characters
