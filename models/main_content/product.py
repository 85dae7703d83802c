"""Whether a page tells search engines that it sells one product."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

PRODUCT = frozenset(("product", "productgroup", "og:product", "og:product.item"))
NO_PRODUCT = frozenset((
    "itemlist", "collectionpage", "og:product.group", "article", "newsarticle", "blogposting",
))  # fmt: skip
"""Lists of products, and articles about one. Shops call their pages ``og:article`` by mistake."""

_LINKED_DATA = etree.XPath("//script[contains(@type, 'ld+json')]/text()")
_MICRODATA = etree.XPath("//@itemtype")
_OPEN_GRAPH = etree.XPath("//meta[@property = 'og:type']/@content")
_TYPE = re.compile(r'"@type"\s*:\s*(?:\[\s*)?"([^"]+)"')


def sells_one_product(tree: Any) -> bool:
    """True if JSON-LD, microdata or Open Graph names a product, and none a list or an article.

    >>> from lxml import html
    >>> sells_one_product(html.fromstring('<p itemtype="https://schema.org/Product">Mug</p>'))
    True
    """
    types = set(_types(tree))
    return not PRODUCT.isdisjoint(types) and NO_PRODUCT.isdisjoint(types)


def _types(tree: Any) -> Iterator[str]:
    """What a page says that it or a part of it is, in lower case, without the vocabulary's URL."""
    for script in _LINKED_DATA(tree):
        yield from map(_name, _TYPE.findall(script))
    yield from map(_name, _MICRODATA(tree))
    for content in _OPEN_GRAPH(tree):
        yield "og:" + _name(content).removeprefix("og:")


def _name(declared: str) -> str:
    return declared.strip().rsplit("/", 1)[-1].lower()
