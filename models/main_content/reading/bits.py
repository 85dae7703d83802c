"""What each element of a page is to its reader, as bits: by its name, class, style and state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np

from models.kernels.arrays import Int32Array, UInt32Array
from models.main_content.reading import flow
from models.main_content.reading.listings import names_listing, names_rows_of_code
from models.main_content.reading.page_elements import TAG, PageElements
from models.main_content.reading.styles import keeps_lines
from models.main_content.reading.words import BITS, VALUED, WORDS

_CLASS, _STYLE = VALUED.index("class"), VALUED.index("style")


def describe_elements(page: PageElements, hidden: Mapping[int, bool]) -> UInt32Array:
    """The bits of each element; ``hidden`` ones are covered or may unfold."""
    bits = BITS[np.minimum(page.tags[:, TAG], len(WORDS))]
    bits |= _bits_of_values(page, page.values[:, _CLASS], _bits_of_class)
    bits |= _bits_of_values(page, page.values[:, _STYLE], _bits_of_style)
    bits[page.having("shadowrootmode")[:, 0]] |= flow.IS_OPEN
    for element, is_covered in hidden.items():
        bits[element] |= flow.IS_HIDDEN | (flow.IS_COVERED if is_covered else 0)
    return bits


def _bits_of_values(
    page: PageElements, values: Int32Array, bits_of: Callable[[str], int]
) -> UInt32Array:
    by_entry = np.zeros(len(page.spans) + 1, np.uint32)
    for entry, value in page.entries(values).items():
        by_entry[entry] = bits_of(value)
    return by_entry[values]


@lru_cache(maxsize=1 << 14)
def _bits_of_class(label: str) -> int:
    return (
        (flow.NAMES_LISTING if names_listing(label) else 0)
        | (flow.NAMES_ROWS_OF_CODE if names_rows_of_code(label) else 0)
        | (flow.NAMES_LINE_NUMBERS if "pre-numbering" in label else 0)
    )


@lru_cache(maxsize=1 << 12)
def _bits_of_style(style: str) -> int:
    return flow.KEEPS_LINES if keeps_lines(style) else 0
