"""Which elements of a page browsers do not show, by what the elements say of themselves."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from models.kernels.arrays import Int64Array
from models.main_content.reading.names import MAY_UNFOLD
from models.main_content.reading.page_elements import (
    CLOSE,
    END,
    OPEN,
    PARENT,
    TAG,
    PageElements,
    distinct,
    flags,
)
from models.main_content.reading.style_sheets import hidden_names
from models.main_content.reading.styles import hides, is_unfolding
from models.main_content.reading.words import BITS, COMMENT, IS_INLINE, NUMBER, VALUED, WORDS
from models.text.letters import letters_of

_MORE_CHARS = 64

CLASS, ID, STYLE, ROLE, ARIA_HIDDEN, HIDDEN = range(len(VALUED))


def find_hidden(page: PageElements, bits_of_names: Int64Array) -> dict[int, bool]:
    """The elements whose attributes keep their text from being seen, and whether a click does too.

    Of two neighbours with the same text one of which is ``aria-hidden``, that one is a copy for
    the eye. ``hidden="until-found"`` is text that a browser's search finds, so it is read; a
    ``dialog`` is shown where it is ``open``. What the page's own style sheets hide counts inside of
    lines alone: of the blocks that they hide, scripts show most. A click shows what is of an
    accordion, of tabs, of slides. ``bits_of_names`` are of each class, id and role, by entry.
    """
    values, names = page.values, page.names
    is_hiding = np.zeros(len(names), np.bool_)
    for entry in distinct(values[:, STYLE], len(page.spans)):
        is_hiding[entry] = hides(names[entry])
    is_hidden = is_hiding[values[:, STYLE]]
    for element in np.flatnonzero(values[:, HIDDEN] >= 0).tolist():
        is_hidden[element] |= names[values[element, HIDDEN]].lower() != "until-found"
    if len(dialogs := page.named("dialog")):
        is_hidden[np.setdiff1d(dialogs, page.having("open")[:, 0])] = True
    may_copy = (values[:, ARIA_HIDDEN] == NUMBER["true"]) & ~is_hidden
    may_copy &= page.tags[:, OPEN] < page.tags[:, CLOSE]
    for element in np.flatnonzero(may_copy).tolist():
        is_hidden[element] = _is_copy(page, element)
    is_hidden[_find_decoys(page)] = True
    hidden = np.flatnonzero(is_hidden)
    above = values[page.tags[hidden, PARENT], CLASS]
    above[page.tags[hidden, PARENT] < 0] = -1
    found = np.column_stack([values[hidden][:, [CLASS, ID, ROLE]], above]).tolist()
    may_unfold = (bits_of_names & MAY_UNFOLD != 0).tolist()
    return {
        element: not any(may_unfold[entry] and is_unfolding(names[entry]) for entry in entries)
        for element, entries in zip(hidden.tolist(), found, strict=True)
    }


def _find_decoys(page: PageElements) -> list[int]:
    """The elements in lines, beside other text, that the page's own style sheets hide.

    What has another class besides may be shown by it, on wide screens or by a script.
    """
    classes, ids = hidden_names(page)
    if not classes and not ids:
        return []
    values, names = page.values, page.names
    labels = [entry for entry, name in enumerate(names) if name in classes]
    identifiers = [entry for entry, name in enumerate(names) if name in ids]
    is_label, is_identifier = flags(labels, len(names)), flags(identifiers, len(names))
    is_decoy = is_label[values[:, CLASS]] | is_identifier[values[:, ID]]
    is_decoy &= BITS[np.minimum(page.tags[:, TAG], len(WORDS))] & IS_INLINE != 0
    decoys = np.flatnonzero(is_decoy & (page.tags[:, PARENT] >= 0))
    above = page.tags[decoys, PARENT].tolist()
    around = {parent: len(page.string_of(parent).strip()) for parent in set(above)}
    own = [len(page.string_of(decoy).strip()) for decoy in decoys.tolist()]
    return [
        decoy
        for decoy, parent, size in zip(decoys.tolist(), above, own, strict=True)
        if 0 < size < around[parent]
    ]


def _is_copy(page: PageElements, element: int) -> bool:
    """Whether the element before or after has the same letters and digits."""
    own = _letters(page.string_of(element))
    return own != "" and any(_has_letters(page, other, own) for other in _neighbours(page, element))


def _neighbours(page: PageElements, element: int) -> Iterator[int]:
    """The elements before and after one, of the same parent."""
    tags = page.tags
    above, behind = tags[element, PARENT], int(tags[element, END])
    if above < 0:
        return
    before = element - 1
    while before > above and tags[before, PARENT] != above:
        before = int(tags[before, PARENT])
    if before > above and tags[before, TAG] != NUMBER[COMMENT]:
        yield before
    if behind < tags[above, END] and tags[behind, TAG] != NUMBER[COMMENT]:
        yield behind


def _has_letters(page: PageElements, element: int, letters: str) -> bool:
    """Whether these are an element's; of one that has many more, only the beginning is read."""
    start, end = page.tags[element, OPEN], page.tags[element, CLOSE]
    enough = start + 2 * len(letters) + _MORE_CHARS
    if end > enough and len(_letters(page.string(start, enough))) > len(letters):
        return False
    return _letters(page.string(start, end)) == letters


def _letters(text: str) -> str:
    return letters_of(text).lower()
