"""What the markup of a page says about its kind: a handful of counts over the parsed tree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

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


# A link in a link counts with the outer one: text under n of them is read once, not n times.
_LINKS = etree.XPath("//a[not(ancestor::a)]")
_TEXT = etree.XPath("string()")


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


def measure_markup(tree: Element, html_chars: int) -> Markup:
    """Count over an lxml tree; ``html_chars`` is the length of the page's HTML.

    ``link_chars`` are the characters of text inside links, white space at their ends left out.
    Comments and processing instructions are no tags.

    >>> from lxml import html
    >>> measure_markup(html.fromstring("<p>Hi <a href=/>all</a></p>"), 27).link_chars
    3
    """
    tags = Counter(element.tag for element in tree.iter("*"))
    link_chars = sum(len(text.strip()) for text in map(_TEXT, _LINKS(tree)))
    counts = {name: sum(tags[tag] for tag in group) for name, group in COUNTED.items()}
    return Markup(html_chars=html_chars, tags=tags.total(), link_chars=link_chars, **counts)
