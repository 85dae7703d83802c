"""The title of a page, without the name of its site where that can be known."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from models.main_content.reading.page_elements import PARENT, TAG, PageElements
from models.main_content.reading.words import NUMBER
from models.text.letters import letters_of

MAX_CHARS = 300
_SEPARATOR = re.compile(r"\s+[-–—|·:»«]+\s+|\s*[|｜_]\s*|\s*[—–]{1,2}\s*(?=\S)")


def find_title(page: PageElements, url: str) -> str:
    """The title from ``og:title``, else ``title``, else the first ``h1``; "" if there is none.

    The name of the site is cut from the end only if the page proves that it is one: it is
    ``og:site_name`` or the name in the host, or what is left is the text of an ``h1``.

    >>> from models.main_content.reading.page_elements import read_elements
    >>> from stages.extract.html import parse
    >>> page = parse("<title>How to brew | Tea Times</title><h1>How to brew</h1>")
    >>> find_title(read_elements(page), "")
    'How to brew'
    """
    properties = _properties(page)
    title = properties.get("og:title") or _text(page, "title") or _text(page, "h1")
    title = " ".join(title.split())[:MAX_CHARS]
    known = {_letters(properties.get("og:site_name", "")), *_host_names(url)} - {""}
    headings = {_letters(page.string_of(heading)) for heading in page.named("h1").tolist()} - {""}
    return _without_site(title, known, headings)


def _without_site(title: str, known: set[str], headings: set[str]) -> str:
    for separator in _SEPARATOR.finditer(title):
        head, tail = title[: separator.start()], title[separator.end() :]
        if head and (_letters(head) in headings or _letters(tail) in known):
            return head
    return title


def _properties(page: PageElements) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in page.attributes_of("meta", ("property", "name", "content")):
        name = (meta.get("property") or meta.get("name") or "").lower()
        if name.startswith("og:"):
            found.setdefault(name, meta.get("content") or "")
    return found


def _text(page: PageElements, tag: str) -> str:
    # A title inside an svg is not the page's.
    texts = (
        " ".join(page.string_of(element).split())
        for element in page.named(tag).tolist()
        if (above := page.tags[element, PARENT]) < 0 or page.tags[above, TAG] != NUMBER["svg"]
    )
    return next((text for text in texts if text), "")


def _letters(text: str) -> str:
    return letters_of(text).lower()


def _host_names(url: str) -> set[str]:
    """What a site may be called after its host: ``bbc`` and ``bbccouk`` for www.bbc.co.uk."""
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return set()
    labels = host.split(".")
    return {label for label in labels[:-1] if len(label) > 2} | {"".join(labels)}  # noqa: PLR2004
