"""A serialised tree, read once: its elements, what they are called and say of themselves, its text.

What a serialiser writes is well formed: each start tag has its end, ``<`` and ``&`` stand for
themselves nowhere but in CDATA sections, and each attribute is ``name="value"``. Names may hold any
character that HTML allows in one (``a"b``, ``<``, ``=`` as the first), so that a name ends with
what ends it in HTML: ``=`` behind its first character, or a blank, ``/`` or ``>`` behind a tag's.
"""

from __future__ import annotations

import numpy as np

from models.kernels.arrays import Int32Array, Int64Array, UInt8Array, UInt32Array
from models.kernels.compile import inlined, kernel

MAX_PROBES = 64
"""A name or value whose place in the table is so crowded is not looked up: it stands twice then. No
page can make a look-up long."""

ELEMENTS, FOUND, ENTRIES, CHARACTERS = range(4)
_LT, _GT, _AMPERSAND, _QUOTE, _APOSTROPHE, _SLASH, _EQUALS, _SPACE = b"<>&\"'/= "
_BANG, _QUESTION, _DASH, _OPENING, _CLOSING, _SEMICOLON, _HASH = b"!?-[];#"
_X, _ZERO, _NINE, _SMALL_A, _SMALL_G, _SMALL_L, _SMALL_M = b"x09aglm"
_TWO_BYTES, _THREE_BYTES, _FOUR_BYTES = 0x80, 0xE0, 0xF0  # a character begins with that at least
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
    place: int = np.int64((value ^ (value >> np.uint64(32))) & np.uint64(mask))  # type: ignore[assignment]
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
def _read_number(source: UInt8Array, at: int) -> tuple[int, int]:
    """The character of a reference whose number begins at ``at``, and where the number ends."""
    code = 0
    is_hexadecimal = source[at] == _X
    at += is_hexadecimal
    while source[at] != _SEMICOLON:
        digit = source[at]
        if is_hexadecimal:
            code = code * 16 + (digit - _ZERO if digit <= _NINE else (digit & 0xF) + 9)
        else:
            code = code * 10 + (digit - _ZERO)
        at += 1
    return code, at


@inlined
def _read_reference(source: UInt8Array, at: int) -> tuple[int, int]:
    """The character that a reference at ``at`` stands for, and what follows the reference."""
    at += 1
    first, second = source[at], source[at + 1]
    if first == _HASH:
        code, at = _read_number(source, at + 1)
        return code, at + 1
    code = _QUOTE
    if first == _SMALL_L:
        code = _LT
    elif first == _SMALL_G:
        code = _GT
    elif first == _SMALL_A:  # "amp" or "apos"
        code = _AMPERSAND if second == _SMALL_M else _APOSTROPHE
    while source[at] != _SEMICOLON:
        at += 1
    return code, at + 1


@inlined
def _read_character(source: UInt8Array, at: int) -> tuple[int, int]:
    """The character whose UTF-8 begins at ``at``, and what follows it."""
    first = np.int64(source[at])
    if first < _TWO_BYTES:
        return source[at], at + 1
    if first < _THREE_BYTES:
        return (first & 0x1F) << 6 | source[at + 1] & 0x3F, at + 2
    if first < _FOUR_BYTES:
        code = (first & 0x0F) << 12 | (np.int64(source[at + 1]) & 0x3F) << 6
        return code | source[at + 2] & 0x3F, at + 3
    code = (first & 0x07) << 18 | (np.int64(source[at + 1]) & 0x3F) << 12
    code |= (np.int64(source[at + 2]) & 0x3F) << 6
    return code | source[at + 3] & 0x3F, at + 4


@inlined
def _read_cdata(source: UInt8Array, at: int, text: UInt32Array, characters: int) -> tuple[int, int]:
    """Write the text of a CDATA section at ``at``; what follows it, and how many characters."""
    at += len("<![CDATA[")
    while not (source[at] == _CLOSING and source[at + 1] == _CLOSING and source[at + 2] == _GT):
        text[characters], at = _read_character(source, at)
        characters += 1
    return at + len("]]>"), characters


@inlined
def _skip_comment(source: UInt8Array, at: int) -> int:
    """What follows a comment or an instruction at ``at``."""
    if source[at + 1] == _QUESTION:
        at += len("<?x")
        while not (source[at] == _GT and source[at - 1] == _QUESTION):
            at += 1
    else:
        at += len("<!--->") - 1
        while not (source[at] == _GT and source[at - 1] == source[at - 2] == _DASH):
            at += 1
    return at + 1


@kernel()
def _read_attributes(  # noqa: PLR0917 -- a compiled kernel takes arrays, not records
    source: UInt8Array,
    at: int,
    table: Int32Array,
    spans: Int32Array,
    counts: Int64Array,
    known: int,
    element: int,
    values: Int32Array,
    attributes: Int32Array,
) -> int:
    """Read the attributes of an element behind its name; where its tag goes on."""
    valued = values.shape[1]
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
        if 0 <= name < valued:
            entry = intern(source, begin, at, table, spans, counts[ENTRIES])
            counts[ENTRIES] += entry == counts[ENTRIES]
            values[element, name] = entry
        elif valued <= name < known:
            row = attributes[counts[FOUND]]
            row[0], row[1], row[2], row[3] = element, name, begin, at
            counts[FOUND] += 1
        at += 1
    return at


@kernel()
def scan(  # noqa: C901, PLR0917 -- one loop over arrays, compiled
    source: UInt8Array,
    words: Int64Array,
    table: Int32Array,
    spans: Int32Array,
    comment: int,
    known: int,
    tags: Int32Array,
    values: Int32Array,
    attributes: Int32Array,
    text: UInt32Array,
    counts: Int64Array,
) -> None:
    """Read a page; ``counts`` says how many elements, attributes, entries and characters it has.

    Between the places ``words`` known words stand in ``source``, and behind the last the page.
    ``spans`` (entries, 2) are of distinct names and values, first the known words; ``table`` is
    full of -1, and a power of two long. A row of ``tags`` (elements, 5) is an element's name (an
    entry; ``comment`` for a comment or an instruction), its parent, the first element that is not
    in it, and where in ``text`` it begins and ends. ``values`` (elements, words) are the entries of
    the values of attributes that are called by the first words, or -1; a row of ``attributes`` is
    element, name, start and end of one that is called by another of the first ``known`` words.
    """
    counts[ENTRIES] = len(words) - 1
    counts[FOUND] = 0
    for word in range(len(words) - 1):
        intern(source, words[word], words[word + 1], table, spans, word)
    at, last = words[-1], len(source)
    element = above = -1
    characters = 0
    while at < last:
        if source[at] != _LT:
            if source[at] == _AMPERSAND:
                text[characters], at = _read_reference(source, at)
            else:
                text[characters], at = _read_character(source, at)
            characters += 1
            continue
        mark = source[at + 1]
        if mark == _SLASH:
            tags[above, 2], tags[above, 4] = element + 1, characters
            above = tags[above, 1]
            while source[at] != _GT:
                at += 1
            at += 1
            continue
        if mark == _BANG and source[at + 2] == _OPENING:
            at, characters = _read_cdata(source, at, text, characters)
            continue
        element += 1
        row = tags[element]
        row[0], row[1], row[2], row[3], row[4] = comment, above, element + 1, characters, characters
        values[element] = -1
        if mark in (_BANG, _QUESTION):
            at = _skip_comment(source, at)
            continue
        at += 1
        begin = at
        while source[at] != _SPACE and source[at] != _SLASH and source[at] != _GT:
            at += 1
        row[0] = intern(source, begin, at, table, spans, counts[ENTRIES])
        counts[ENTRIES] += row[0] == counts[ENTRIES]
        at = _read_attributes(source, at, table, spans, counts, known, element, values, attributes)
        if source[at] == _SLASH:
            at += 1
        else:
            above = element
        at += 1
    counts[ELEMENTS], counts[CHARACTERS] = element + 1, characters
