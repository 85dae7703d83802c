"""Elements that read otherwise than their text: formulas, and what is not shown."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from models.kernels.arrays import Int32Array, Int64Array, UInt32Array
from models.main_content.reading.asides import find_asides
from models.main_content.reading.element import Element
from models.main_content.reading.formulas import (
    delimit,
    has_formulas,
    read_formulas,
    tex_of_image,
)
from models.main_content.reading.hidden import find_hidden
from models.main_content.reading.page_elements import TAG, PageElements
from models.main_content.reading.raised import raise_text
from models.main_content.reading.roles import NOTHING
from models.main_content.reading.words import NUMBER, VALUED
from models.text import scripts

_CLASS = VALUED.index("class")
_RAISED = ("sup", "sub")


class Marks:
    """What is to be read in place of the elements of one page.

    ``instead`` says it of elements by number, "" for a further copy of a formula; ``hidden`` are
    the elements that are not shown, and whether a click does not show them either.
    """

    def __init__(self, page: PageElements, names: Int64Array) -> None:
        self.page = page
        self.hidden = find_hidden(page, names)
        self.instead = {
            **dict.fromkeys(find_asides(page, names), ""),
            **self._images(),
            **self._spans(),
            **self._formulas(),
        }

    def instead_of(self, element: Any, tag: str) -> str | None:
        """What an element inside a line reads as, "" for nothing; None if as its own text."""
        instead = self.instead_by_handle.get(element)
        if instead is None and (tag == "img" or element in self.hidden_handles):
            return ""
        return instead

    @cached_property
    def instead_by_handle(self) -> dict[Any, str]:
        """``instead`` by the elements themselves."""
        return {Element(self.page, number): text for number, text in self.instead.items()}

    @cached_property
    def hidden_handles(self) -> set[Any]:
        """The elements that are not shown."""
        return {Element(self.page, number) for number in self.hidden}

    def readings(self) -> tuple[Int32Array, Int64Array, UInt32Array]:
        """``instead``, and what raised elements are behind other text, as `read_flow` has it."""
        page = self.page
        which = np.full(len(page.tags), NOTHING, np.int32)
        texts = list(self.instead.values())
        which[list(self.instead)] = range(len(texts))
        for tag in _RAISED:
            for element in page.named(tag).tolist():
                raised = raise_text(tag, page.string_of(element), before="x")
                if raised is not None and element not in self.instead:
                    which[element] = NOTHING - 1 - len(texts)
                    texts.append(raised)
        ends = np.cumsum([0, *map(len, texts)])
        return which, ends, scripts.code_points("".join(texts))

    def _images(self) -> dict[int, str]:
        """The images that show formulas, and these."""
        page = self.page
        images: dict[int, str] = {}
        sources: dict[int, list[int]] | None = None
        marked = frozenset(page.having("eeimg")[:, 0].tolist())
        for element, start, end in page.having("alt").tolist():
            if page.tags[element, TAG] != NUMBER["img"] or start == end:
                continue
            alt = page.value(start, end)
            label = source = ""
            if " " not in alt:
                if sources is None:
                    sources = {number: span for number, *span in page.having("src").tolist()}
                label = page.names[page.values[element, _CLASS]]
                source = page.value(*sources[element]) if element in sources else ""
            if tex := tex_of_image(alt, label, source, is_marked=element in marked):
                images[element] = tex
        return images

    def _spans(self) -> dict[int, str]:
        """The spans into which a script has drawn formulas, and these."""
        page = self.page
        return {
            element: delimit(page.value(start, end), is_display=False)
            for element, start, end in page.having("data-tex").tolist()
            if page.tags[element, TAG] == NUMBER["span"]
            and start < end
            and element not in self.hidden
        }

    def _formulas(self) -> dict[int, str]:
        """What to read in place of the elements that show formulas of their own."""
        if not has_formulas(self.page):
            return {}
        tree = self.page.tree
        numbers = {handle: number for number, handle in enumerate(tree.iter())}
        formulas = read_formulas(tree)
        return {numbers[handle]: text for handle, text in formulas.items() if handle in numbers}
