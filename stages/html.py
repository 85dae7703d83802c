"""A page's HTML as a tree, parsed once, and the counts of what stands in it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

# What XML cannot hold, DEL and the C1 controls; lone surrogates cannot be encoded either.
_UNFIT = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")


@dataclass(frozen=True, slots=True)
class Markup:
    """How much of what the HTML has: counts of elements and characters."""

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


_COUNTED = {
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


def remove_unfit(text: str) -> str:
    r"""The text without control characters (but tab, line feeds and NEL) and lone surrogates.

    >>> remove_unfit("a\x00b\ud800c\n")
    'abc\n'
    """
    return _UNFIT.sub("", text) if _UNFIT.search(text) else text


def parse(html: str) -> Any | None:
    """The ``html`` element of a page, or None if there is no element in it.

    Broken markup is repaired as libxml2 does; comments and processing instructions are left out.
    """
    from lxml import etree
    from lxml.html import HTMLParser

    # A parser of its own for each page: nothing of one page can reach the next.
    parser = HTMLParser(
        encoding="utf-8",
        collect_ids=False,
        default_doctype=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
    )
    html = _XML_DECLARATION.sub("", remove_unfit(html), count=1)
    if not html.strip():
        return None
    try:
        return etree.fromstring(html.encode("utf-8"), parser=parser)
    except etree.XMLSyntaxError:  # only comments, for one
        return None


def measure_markup(tree: Any, html_chars: int) -> Markup:
    """Count the elements of a tree; links' text counts without white space at its ends."""
    tags: Counter[str] = Counter()
    link_chars = 0
    for element in tree.iter("*"):
        tags[element.tag] += 1
        if element.tag == "a":
            link_chars += len("".join(element.itertext()).strip())
    counts = {name: sum(tags[tag] for tag in group) for name, group in _COUNTED.items()}
    return Markup(html_chars=html_chars, tags=tags.total(), link_chars=link_chars, **counts)
