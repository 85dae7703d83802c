"""What the markup of a page says about its kind: a handful of counts over the parsed tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

import numpy as np

from models.kernels.arrays import Int32Array, UInt32Array
from models.kernels.compile import kernel
from models.kernels.spaces import count_stripped
from models.main_content.reading.page_elements import CLOSE, END, OPEN, TAG, PageElements
from models.main_content.reading.words import COMMENT, NUMBER, WORDS

COUNTED: Mapping[str, tuple[str, ...]] = {
    "links": ("a",),
    "paragraphs": ("p",),
    "list_items": ("li",),
    "headings": ("h1", "h2", "h3", "h4", "h5", "h6"),
    "inputs": ("input", "textarea", "select", "button"),
    "images": ("img", "picture", "svg"),
    "videos": ("video", "embed", "object", "iframe"),
    "audios": ("audio",),
    "tables": ("table",),
    "codes": ("pre", "code"),
    "scripts": ("script",),
}
"""The counts and the elements that each adds up."""

_NUMBERS = {name: [NUMBER[tag] for tag in group] for name, group in COUNTED.items()}
_LINK = NUMBER["a"]


@dataclass(frozen=True, slots=True)
class Markup:
    """Counts of elements and characters. ``html_chars`` is the length of the page's HTML."""

    html_chars: int = 0
    tags: int = 0
    links: int = 0
    link_chars: int = 0
    paragraphs: int = 0
    list_items: int = 0
    headings: int = 0
    inputs: int = 0
    images: int = 0
    videos: int = 0
    audios: int = 0
    tables: int = 0
    codes: int = 0
    scripts: int = 0

    def as_row(self) -> dict[str, int]:
        """The counts by name, as the ``markup`` column holds them."""
        return asdict(self)


FIELDS = tuple(field.name for field in fields(Markup))


def measure_markup(page: PageElements, html_chars: int) -> Markup:
    """Count over a page; ``html_chars`` is the length of its HTML.

    ``link_chars`` are the characters of text inside links, white space at their ends left out.
    Comments and processing instructions are no tags.

    >>> from lxml import html
    >>> from models.main_content.reading.page_elements import read_elements
    >>> page = read_elements(html.fromstring("<p>Hi <a href=/>all</a></p>"))
    >>> measure_markup(page, 27).link_chars
    3
    """
    tags = np.bincount(page.tags[:, TAG], minlength=len(WORDS))
    counts = {name: int(tags[numbers].sum()) for name, numbers in _NUMBERS.items()}
    return Markup(
        html_chars=html_chars,
        tags=len(page.tags) - int(tags[NUMBER[COMMENT]]),
        link_chars=_count_link_chars(page.tags, page.text),
        **counts,
    )


@kernel()
def _count_link_chars(tags: Int32Array, text: UInt32Array) -> int:
    """A link in a link counts with the outer one: text in n of them is read once, not n times."""
    count = element = 0
    while element < len(tags):
        if tags[element, TAG] == _LINK:
            count += count_stripped(text, tags[element, OPEN], tags[element, CLOSE])
            element = tags[element, END]
        else:
            element += 1
    return count
