"""What a page says of itself to search engines: its types in JSON-LD, microdata and Open Graph."""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.main_content.reading.page_elements import TAG, PageElements
from models.main_content.reading.words import NUMBER

_TYPE = re.compile(r'"@type"\s*:\s*(?:\[\s*)?"([^"]+)"')


def declared_types(page: PageElements) -> Iterator[str]:
    """Each type that it or a part of it is said to be: lower case, without the vocabulary's URL.

    Those of Open Graph begin with ``og:``.

    >>> from lxml import html
    >>> from models.main_content.reading.page_elements import read_elements
    >>> mug = html.fromstring('<p itemtype="https://schema.org/Product">Mug</p>')
    >>> list(declared_types(read_elements(mug)))
    ['product']
    """
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
