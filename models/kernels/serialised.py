"""A serialised tree, read once: its elements, what they are called and say of themselves, its text.

What a serialiser writes is well formed: each start tag has its end, ``<`` and ``&`` stand for
themselves nowhere but in CDATA sections, and each attribute is ``name="value"``. Names may hold any
character that HTML allows in one (``a"b``, ``<``, ``=`` as the first), so that a name ends with
what ends it in HTML: ``=`` behind its first character, or a blank, ``/`` or ``>`` behind a tag's.
"""

from __future__ import annotations

from models.kernels.arrays import Int32Array, Int64Array, UInt8Array, UInt32Array, truth
from models.kernels.compile import inlined, kernel
from models.kernels.entries import find_entry, intern
from models.kernels.references import read_reference
from models.kernels.utf8 import read_character

ELEMENTS, FOUND, ENTRIES, CHARACTERS = range(4)
_LT, _GT, _AMPERSAND, _QUOTE, _SLASH, _EQUALS, _SPACE = b'<>&"/= '
_BANG, _QUESTION, _DASH, _OPENING, _CLOSING = b"!?-[]"


@inlined
def _read_cdata(source: UInt8Array, at: int, text: UInt32Array, characters: int) -> tuple[int, int]:
    """Write the text of a CDATA section at ``at``; what follows it, and how many characters."""
    at += len("<![CDATA[")
    while not (source[at] == _CLOSING and source[at + 1] == _CLOSING and source[at + 2] == _GT):
        text[characters], at = read_character(source, at)
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
        name, _ = find_entry(source, begin, at, source, table, spans)
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
                text[characters], _, at = read_reference(source, at, truth(True))
            else:
                text[characters], at = read_character(source, at)
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
