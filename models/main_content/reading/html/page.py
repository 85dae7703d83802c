"""What the reader of HTML reads and writes: arrays, since compiled loops take no records.

Passing them costs nothing: what is compiled here counts no references.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.kernels.arrays import Int32Array, Int64Array, UInt8Array, UInt32Array
from models.kernels.compile import inlined
from models.kernels.entries import intern
from models.main_content.reading import words
from models.main_content.reading.html.rules import KINDS, RANKS
from models.main_content.reading.words import WORDS

ELEMENTS, FOUND, ENTRIES, CHARACTERS, WRITTEN, DEPTH, MISPLACED, INSERTED, RANKED = range(9)
"""Of the state: how many elements, attributes, entries and characters there are, bytes of names and
values, open elements, start tags that begin none; which of ``HEAD_INSERTED`` and ``BODY_INSERTED``
the page has reached; and from ``RANKED`` on, for each rank, the level of its innermost element."""

STATES = RANKED + len(RANKS)
HEAD_INSERTED, BODY_INSERTED = 1, 2

START, END, KIND, LEVEL = range(4)
"""Of an entry: where it stands in what is written, its kind as the name of an element, and the
level of the innermost open element that is called so; -1: none is."""

UNKNOWN = -1
"""The kind of what has not been an element's name."""

_WORDS = np.frombuffer(words.BYTES, np.uint8).copy()
_SPANS = words.SPANS
_KINDS = np.array([KINDS.index(word) if word in KINDS else 0 for word in WORDS], np.int32)


class PageArrays(NamedTuple):
    """A page, and what is found in it. ``state`` says how much there is of everything."""

    source: UInt8Array
    """The page in UTF-8, and zeros behind it."""
    written: UInt8Array
    """Names and values, one after the other; first ``WORDS``."""
    table: Int32Array
    """Where entries stand by their hashes."""
    entries: Int32Array
    tags: Int32Array
    values: Int32Array
    attributes: Int32Array
    text: UInt32Array
    levels: Int32Array
    """The open elements."""
    state: Int64Array


@inlined
def begin(page: PageArrays) -> None:
    """Enter ``WORDS``."""
    written, entries, state = page.written, page.entries, page.state
    for at in range(len(_WORDS)):
        written[at] = _WORDS[at]
    for word in range(len(_KINDS)):
        intern(written, _SPANS[word], _SPANS[word + 1], page.table, entries, word)
        entries[word, KIND], entries[word, LEVEL] = _KINDS[word], -1
    state[ENTRIES], state[WRITTEN] = len(_KINDS), len(_WORDS)
    for rank in range(len(RANKS)):
        state[RANKED + rank] = -1


@inlined
def enter(page: PageArrays, end: int) -> int:
    """The entry of what stands behind what is written, up to ``end``; kept if it is new."""
    entries, state = page.entries, page.state
    count: int = state[ENTRIES]
    entry = intern(page.written, state[WRITTEN], end, page.table, entries, count)
    if entry == count:
        state[ENTRIES] += 1
        state[WRITTEN] = end
        entries[entry, KIND], entries[entry, LEVEL] = UNKNOWN, -1
    return entry
