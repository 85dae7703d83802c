"""One element of a page, as lxml shows those of a tree: for the few that are read one by one."""

from __future__ import annotations

from collections.abc import Iterator

from models.main_content.reading.page_elements import CLOSE, END, OPEN, PARENT, TAG, PageElements
from models.main_content.reading.words import NUMBER, VALUED


class Element:
    """An element by its number. A comment is one too, called ``words.COMMENT``."""

    __slots__ = ("number", "page")

    def __init__(self, page: PageElements, number: int) -> None:
        self.page = page
        self.number = number

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Element) and other.number == self.number

    def __hash__(self) -> int:
        return self.number

    def __iter__(self) -> Iterator[Element]:
        """The elements directly in it."""
        rows = self.page.rows
        number, end = self.number + 1, rows[self.number, END]
        while number < end:
            yield Element(self.page, number)
            number = rows[number, END]

    @property
    def tag(self) -> str:
        """Its name."""
        return self.page.names[self.page.rows[self.number, TAG]]

    @property
    def text(self) -> str:
        """The text in it before its first element."""
        rows, number = self.page.rows, self.number
        inner = number + 1
        end = rows[inner, OPEN] if inner < rows[number, END] else rows[number, CLOSE]
        return self.page.characters[rows[number, OPEN] : end]

    @property
    def tail(self) -> str:
        """The text behind it, up to the next element or the end of what holds it."""
        rows, number = self.page.rows, self.number
        above = rows[number, PARENT]
        if above < 0:
            return ""
        behind = rows[number, END]
        end = rows[behind, OPEN] if behind < rows[above, END] else rows[above, CLOSE]
        return self.page.characters[rows[number, CLOSE] : end]

    def get(self, name: str) -> str | None:
        """The value of an attribute of ``VALUED`` or ``READ``; None if it has none."""
        page = self.page
        if name in VALUED:
            entry = int(page.values[self.number, VALUED.index(name)])
            return None if entry < 0 else page.names[entry]
        rows = page.attributes
        at = rows[:, 0].searchsorted(self.number)
        while at < len(rows) and rows[at, 0] == self.number:
            if rows[at, 1] == NUMBER[name]:
                return page.value(*rows[at, 2:].tolist())
            at += 1
        return None

    def iter(self, *tags: str) -> Iterator[Element]:
        """It and what is in it, in order; only what is called so, if names are given."""
        names, start = self.page.names, self.number
        own = self.page.tags[start : self.page.rows[start, END], TAG].tolist()
        for number, tag in enumerate(own, start):
            if not tags or names[tag] in tags:
                yield Element(self.page, number)

    def iterdescendants(self, *tags: str) -> Iterator[Element]:
        """The same without itself."""
        return (one for one in self.iter(*tags) if one.number != self.number)

    def iterancestors(self) -> Iterator[Element]:
        """What it stands in, from the innermost on."""
        rows = self.page.rows
        above = rows[self.number, PARENT]
        while above >= 0:
            yield Element(self.page, above)
            above = rows[above, PARENT]

    def itertext(self) -> Iterator[str]:
        """All text in it, in one piece."""
        rows, number = self.page.rows, self.number
        yield self.page.characters[rows[number, OPEN] : rows[number, CLOSE]]
