"""Which elements of a page browsers do not show, by what the elements say of themselves."""

from __future__ import annotations

import re

import numpy as np

from models.main_content.reading.page_elements import (
    CLOSE,
    END,
    OPEN,
    PARENT,
    TAG,
    PageElements,
    distinct,
)
from models.main_content.reading.styles import hides, is_unfolding
from models.main_content.reading.words import COMMENT, NUMBER, VALUED

CLASS, ID, STYLE, ROLE, ARIA_HIDDEN, HIDDEN = range(len(VALUED))
_LETTERS = re.compile(r"[\W_]+")


def find_hidden(page: PageElements) -> dict[int, bool]:
    """The elements whose attributes keep their text from being seen, and whether a click does too.

    Of two neighbours with the same text one of which is ``aria-hidden``, that one is a copy for
    the eye. ``hidden="until-found"`` is text that a browser's search finds, so it is read; a
    ``dialog`` is shown where it is ``open``. A click shows what is of an accordion, of tabs, of
    slides.
    """
    values, count = page.values, len(page.spans)
    is_hiding = np.zeros((2, count + 1), np.bool_)
    for entry in distinct(values[:, STYLE], count):
        is_hiding[0, entry] = hides(page.entry(entry))
    for entry in distinct(values[:, HIDDEN], count):
        is_hiding[1, entry] = page.entry(entry).lower() != "until-found"
    is_hidden = is_hiding[0, values[:, STYLE]] | is_hiding[1, values[:, HIDDEN]]
    for dialog in np.setdiff1d(page.named("dialog"), page.having("open")[:, 0]):
        is_hidden[dialog] = True
    may_copy = (values[:, ARIA_HIDDEN] == NUMBER["true"]) & ~is_hidden
    may_copy &= page.tags[:, OPEN] < page.tags[:, CLOSE]
    for element in np.flatnonzero(may_copy).tolist():
        is_hidden[element] = _is_copy(page, element)
    return {element: not _unfolds(page, element) for element in np.flatnonzero(is_hidden).tolist()}


def _unfolds(page: PageElements, element: int) -> bool:
    names = page.values[element, [CLASS, ID, ROLE]].tolist()
    above = page.tags[element, PARENT]
    if above >= 0:
        names.append(int(page.values[above, CLASS]))
    return any(is_unfolding(page.entry(name)) for name in names if name >= 0)


def _is_copy(page: PageElements, element: int) -> bool:
    """Whether the element before or after has the same letters and digits."""
    own = ""
    for other in _neighbours(page, element):
        own = own or _letters_of(page, element)
        if not own:
            return False
        if _letters_of(page, other) == own:
            return True
    return False


def _neighbours(page: PageElements, element: int) -> list[int]:
    """The elements before and after one, of the same parent."""
    tags = page.tags
    above = tags[element, PARENT]
    if above < 0:
        return []
    before = element - 1
    while before > above and tags[before, PARENT] != above:
        before = tags[before, PARENT]
    found = [before, tags[element, END]]
    return [
        int(other)
        for other, is_there in zip(
            found, (before > above, found[1] < tags[above, END]), strict=True
        )
        if is_there and tags[other, TAG] != NUMBER[COMMENT]
    ]


def _letters_of(page: PageElements, element: int) -> str:
    return _LETTERS.sub("", page.string_of(element)).lower()
