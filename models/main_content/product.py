"""Whether a page tells search engines that it sells one product."""

from __future__ import annotations

from models.main_content.declared import declared_types
from models.main_content.reading.page_elements import PageElements

PRODUCT = frozenset(("product", "productgroup", "og:product", "og:product.item"))
NO_PRODUCT = frozenset((
    "itemlist", "collectionpage", "og:product.group", "article", "newsarticle", "blogposting",
))  # fmt: skip
"""Lists of products, and articles about one. Shops call their pages ``og:article`` by mistake."""


def sells_one_product(page: PageElements) -> bool:
    """True if JSON-LD, microdata or Open Graph names a product, and none a list or an article.

    >>> from lxml import html
    >>> from models.main_content.reading.page_elements import read_elements
    >>> mug = html.fromstring('<p itemtype="https://schema.org/Product">Mug</p>')
    >>> sells_one_product(read_elements(mug))
    True
    """
    types = set(declared_types(page))
    return not PRODUCT.isdisjoint(types) and NO_PRODUCT.isdisjoint(types)
