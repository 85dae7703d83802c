"""What each element of a page is to its reader, as bits: by its name, class, style and state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

import numpy as np

from models.kernels.arrays import Int64Array, UInt32Array
from models.main_content.reading import roles
from models.main_content.reading.elements import is_inline
from models.main_content.reading.listings import names_listing, names_rows_of_code
from models.main_content.reading.names import MAY_BE_CODE
from models.main_content.reading.page_elements import TAG, PageElements, distinct, flags
from models.main_content.reading.styles import boxes_code, keeps_lines
from models.main_content.reading.words import BITS, IS_INLINE, IS_PLAIN, VALUED, WORDS

_CLASS, _STYLE = VALUED.index("class"), VALUED.index("style")


def describe_elements(
    page: PageElements, names: Int64Array, hidden: Mapping[int, bool]
) -> UInt32Array:
    """The bits of each element; ``hidden`` ones are covered or may unfold.

    ``names`` are those of each class, by entry.
    """
    bits: UInt32Array = BITS[np.minimum(page.tags[:, TAG], len(WORDS))]
    is_inline_name = flags(_inline_names(page), len(page.names))
    bits[is_inline_name[page.tags[:, TAG]]] = IS_INLINE | IS_PLAIN
    labels = np.flatnonzero(names & MAY_BE_CODE).tolist()
    styles = distinct(page.values[:, _STYLE], len(page.spans))
    for column, entries, bits_of in (
        (_CLASS, labels, _bits_of_class),
        (_STYLE, styles, _bits_of_style),
    ):
        by_entry = np.zeros(len(names), np.uint32)
        by_entry[entries] = [bits_of(page.names[entry]) for entry in entries]
        if column == _CLASS:
            by_entry[_doxygen_code(page, entries)] = roles.NAMES_LISTING
        if by_entry.any():
            bits |= by_entry[page.values[:, column]]
    bits[page.having("shadowrootmode")[:, 0]] |= roles.IS_OPEN
    bits[list(hidden)] |= roles.IS_HIDDEN
    bits[[element for element, is_covered in hidden.items() if is_covered]] |= roles.IS_COVERED
    return bits


def _inline_names(page: PageElements) -> list[int]:
    """The names of elements that no list has, and that are parts of a line all the same."""
    names = page.tags[:, TAG]
    others = distinct(names[names >= len(WORDS)], len(page.spans))
    return [name for name in others if is_inline(page.names[name])]


def _doxygen_code(page: PageElements, entries: Iterable[int]) -> list[int]:
    """The one of some classes that holds Doxygen's code, which has each "line" in an element.

    By itself "fragment" is also what slides call the parts that they uncover.
    """
    by_name = {page.names[entry]: entry for entry in entries}
    return [by_name["fragment"]] if {"fragment", "line"} <= by_name.keys() else []


@lru_cache(maxsize=1 << 14)
def _bits_of_class(label: str) -> int:
    return (
        (roles.NAMES_LISTING if names_listing(label) else 0)
        | (roles.NAMES_ROWS_OF_CODE if names_rows_of_code(label) else 0)
        | (roles.NAMES_LINE_NUMBERS if "pre-numbering" in label else 0)
    )


@lru_cache(maxsize=1 << 12)
def _bits_of_style(style: str) -> int:
    return (roles.KEEPS_LINES if keeps_lines(style) else 0) | (
        roles.NAMES_LISTING if boxes_code(style) else 0
    )
