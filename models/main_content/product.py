"""Whether a page tells search engines that it sells one product."""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.main_content.reading.page_elements import TAG, PageElements
from models.main_content.reading.words import NUMBER

PRODUCT = frozenset(("product", "productgroup", "og:product", "og:product.item"))
NO_PRODUCT = frozenset((
    "itemlist", "collectionpage", "og:product.group", "article", "newsarticle", "blogposting",
))  # fmt: skip
"""Lists of products, and articles about one. Shops call their pages ``og:article`` by mistake."""

_TYPE = re.compile(r'"@type"\s*:\s*(?:\[\s*)?"([^"]+)"')


def sells_one_product(page: PageElements) -> bool:
    """True if JSON-LD, microdata or Open Graph names a product, and none a list or an article.

    >>> from lxml import html
    >>> from models.main_content.reading.page_elements import read_elements
    >>> mug = html.fromstring('<p itemtype="https://schema.org/Product">Mug</p>')
    >>> sells_one_product(read_elements(mug))
    True
    """
    types = set(_types(page))
    return not PRODUCT.isdisjoint(types) and NO_PRODUCT.isdisjoint(types)


def _types(page: PageElements) -> Iterator[str]:
    """What a page says that it or a part of it is, in lower case, without the vocabulary's URL."""
    for element, start, end in page.having("type").tolist():
        is_script = page.tags[element, TAG] == NUMBER["script"]
        if is_script and "ld+json" in page.value(start, end):
            yield from map(_name, _TYPE.findall(page.string_of(element)))
    for _, start, end in page.having("itemtype").tolist():
        yield _name(page.value(start, end))
    for meta in page.attributes_of("meta", ("property", "content")):
        if meta.get("property") == "og:type" and "content" in meta:
            yield "og:" + _name(meta["content"]).removeprefix("og:")


def _name(declared: str) -> str:
    return declared.strip().rsplit("/", 1)[-1].lower()
