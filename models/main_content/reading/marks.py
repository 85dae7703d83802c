"""Elements that read otherwise than their text: formulas, and what is not shown."""

from __future__ import annotations

from typing import Any

from lxml import etree

from models.main_content.reading.formulas import read_formulas, tex_of_image, tex_of_span
from models.main_content.reading.styles import is_hidden

MIN_COVERED_CHARS = 200
"""An inline element with so much hidden text is no decoy: a script may uncover it, as a block."""

_TEXT = etree.XPath("string()")


class Marks:
    """What is to be read in place of the elements of one page.

    ``formulas`` says what elements of any kind show, "" for a further copy. ``covered`` has the
    elements inside lines that have been met and hide much text.
    """

    def __init__(self, tree: Any) -> None:
        self.formulas = read_formulas(tree)
        self.covered: set[Any] = set()

    def instead_of(self, element: Any, tag: str) -> str | None:
        """What an element inside a line reads as, "" for nothing; None if as its own text."""
        if self.formulas and element in self.formulas:
            return self.formulas[element]
        if tag == "img":
            return tex_of_image(element)
        if is_hidden(element):
            if len(_TEXT(element)) < MIN_COVERED_CHARS:
                return ""
            self.covered.add(element)
            return None
        return tex_of_span(element) if tag == "span" else None
