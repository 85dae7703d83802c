"""What the markup of a page says about its kind: a handful of counts over the parsed tree."""

from __future__ import annotations

from collections import Counter
from typing import Any

COUNTED: dict[str, tuple[str, ...]] = {
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

FIELDS = ("html_chars", "tags", "link_chars", *COUNTED)


def count_markup(tree: Any, html_chars: int) -> dict[str, int]:
    """The counts named by ``FIELDS`` over an lxml tree; ``html_chars`` is the page's own length.

    ``link_chars`` are the characters of text inside links, white space at their ends left out.
    Comments and processing instructions are no tags.

    >>> from lxml import html
    >>> count_markup(html.fromstring("<p>Hi <a href=/>all</a></p>"), 27)["link_chars"]
    3
    """
    tags = Counter(element.tag for element in tree.iter("*"))
    link_chars = sum(len("".join(link.itertext()).strip()) for link in tree.iter("a"))
    counts = {name: sum(tags[tag] for tag in group) for name, group in COUNTED.items()}
    return {"html_chars": html_chars, "tags": tags.total(), "link_chars": link_chars, **counts}
