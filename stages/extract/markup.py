"""What the markup of a page says about its kind: counts over the page and over its main text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Self

import numpy as np

from models.kernels.arrays import Int32Array, UInt32Array
from models.kernels.compile import kernel
from models.kernels.spaces import count_stripped
from models.main_content.declared import declared_types
from models.main_content.main_links import MainLinks
from models.main_content.product import PRODUCT
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

DECLARED: Mapping[str, frozenset[str]] = {
    "declared_articles": frozenset((
        "article", "newsarticle", "blogposting", "reportagenewsarticle", "analysisnewsarticle",
        "opinionnewsarticle", "techarticle", "scholarlyarticle", "liveblogposting",
        "socialmediaposting", "report", "advertisercontentarticle", "recipe", "og:article",
    )),
    "declared_lists": frozenset((
        "collectionpage", "searchresultspage", "offercatalog", "og:product.group",
    )),
    "declared_threads": frozenset(("discussionforumposting", "qapage")),
    "declared_products": PRODUCT,
}  # fmt: skip
"""The counts and the types that each adds up, of those that the page says it or a part of it is.

``itemlist`` and ``og:website`` stand on articles and threads as often as on lists."""

_NUMBERS = {name: [NUMBER[tag] for tag in group] for name, group in COUNTED.items()}
_LINK = NUMBER["a"]


@dataclass(frozen=True, slots=True)
class Markup:
    """Counts of elements and characters. ``html_chars`` is the length of the page's HTML.

    What begins with ``main_`` is of the text that trees found (``MainLinks``); all 0 of another.
    """

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
    declared_articles: int = 0
    declared_lists: int = 0
    declared_threads: int = 0
    declared_products: int = 0
    main_chars: int = 0
    main_link_chars: int = 0
    main_blocks: int = 0
    main_linked_blocks: int = 0
    main_links: int = 0
    main_headings: int = 0
    main_linked_headings: int = 0
    main_units: int = 0
    main_linked_units: int = 0

    def with_main(self, links: MainLinks) -> Self:
        """With the counts over the page's main text."""
        return replace(self, **{f"main_{name}": count for name, count in asdict(links).items()})

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
    declared = list(declared_types(page))
    return Markup(
        html_chars=html_chars,
        tags=len(page.tags) - int(tags[NUMBER[COMMENT]]),
        link_chars=_count_link_chars(page.tags, page.text),
        **counts,
        **{name: sum(map(types.__contains__, declared)) for name, types in DECLARED.items()},
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
