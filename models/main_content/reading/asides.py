"""What stands within a text and is none of it: marks of links, tools, numbers and names of code."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from models.kernels.arrays import Int64Array
from models.main_content.reading.element import Element
from models.main_content.reading.listings import names_language, names_numbers, numbers_lines
from models.main_content.reading.names import MAY_BE_CODE, MAY_EDIT
from models.main_content.reading.page_elements import CLOSE, OPEN, PageElements, flags
from models.main_content.reading.words import VALUED

_CLASS = VALUED.index("class")
_LINK_MARKS = frozenset("¶#§^↑↩↪⤴⏎🔗⚓\ufe0e\ufe0f")
"""What stands for a link to the place itself, to a note, or back from it."""
_FIRST_OF_MARK = frozenset(map(ord, (*_LINK_MARKS, *" \n\t\xa0")))
TOOLS = frozenset((
    "mw-editsection", "editsection", "mw-cite-backlink", "edit-icon", "pstatus", "backword",
))  # fmt: skip
"""Classes of links to edit and links back, of who edited a post when (Discuz), and of the way home
behind the last words of a text (Sohu)."""
_MARK_CHARS, _LANGUAGE_CHARS, _GUTTER_CHARS = 3, 20, 20_000
"""Of a link that is a mark, of the name of a language, of the numbers of lines, at most."""


def find_asides(page: PageElements, names: Int64Array) -> Iterator[int]:
    """The elements that are not read; ``names`` are the bits of each class, by entry."""
    yield from _link_marks(page)
    yield from _tools_and_languages(page, names)
    yield from _numbers(page, names)


def is_link_mark(text: str) -> bool:
    """Whether the text of a link is no more than a mark for one.

    >>> is_link_mark("¶"), is_link_mark(""), is_link_mark("C#")
    (True, False, False)
    """
    return text != "" and _LINK_MARKS.issuperset(text)


def _link_marks(page: PageElements) -> Iterator[int]:
    links = page.named("a")
    sizes = page.tags[links, CLOSE] - page.tags[links, OPEN]
    short = links[(sizes > 0) & (sizes <= _MARK_CHARS)]
    firsts = page.text[page.tags[short, OPEN]].tolist()
    for link, first in zip(short.tolist(), firsts, strict=True):
        if first in _FIRST_OF_MARK and is_link_mark(page.string_of(link).strip()):
            yield link


def _tools_and_languages(page: PageElements, names: Int64Array) -> Iterator[int]:
    """What edits are done by, and which language the code beside is in."""
    labels = np.flatnonzero(names & MAY_EDIT).tolist()
    tools = [one for one in labels if not TOOLS.isdisjoint(page.names[one].split())]
    yield from _of_classes(page, tools)
    others = [one for one in labels if one not in tools]
    for element in _of_classes(page, others):
        label = page.names[page.values[element, _CLASS]]
        is_short = _size_of(page, element) <= _LANGUAGE_CHARS
        if is_short and names_language(label, page.string_of(element)):
            yield element


def _numbers(page: PageElements, names: Int64Array) -> Iterator[int]:
    """What numbers the lines of code beside it."""
    labels = np.flatnonzero(names & MAY_BE_CODE).tolist()
    gutters = [one for one in labels if names_numbers(page.names[one])]
    for element in _of_classes(page, gutters):
        text = page.string_of(element) if _size_of(page, element) <= _GUTTER_CHARS else ""
        if not "".join(text.split()).isdecimal():
            continue
        root = Element(page, element)
        behind = (piece for one in root.iterdescendants() for piece in (one.text, one.tail))
        numbers = " ".join((root.text, *behind)).split()
        if len(numbers) > 1 and numbers_lines("\n".join(numbers)):
            yield element


def _of_classes(page: PageElements, entries: list[int]) -> list[int]:
    """The elements whose classes are one of these entries."""
    if not entries:
        return []
    return np.flatnonzero(flags(entries, len(page.names))[page.values[:, _CLASS]]).tolist()


def _size_of(page: PageElements, element: int) -> int:
    return int(page.tags[element, CLOSE] - page.tags[element, OPEN])
