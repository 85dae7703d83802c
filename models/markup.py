"""What the markup of a page says about its kind: a handful of counts over the parsed tree."""

from __future__ import annotations

from typing import Any

COUNTED: dict[str, tuple[str, ...]] = {
    "links": ("a",),
    "paragraphs": ("p",),
    "list_items": ("li", "dd"),
    "headings": ("h1", "h2", "h3", "h4", "h5", "h6"),
    "inputs": ("input", "select", "textarea", "button"),
    "images": ("img",),
    "videos": ("video", "embed", "object"),
    "audios": ("audio",),
    "tables": ("table",),
    "codes": ("pre", "code"),
    "scripts": ("script",),
}
"""The counts and the elements each adds up."""

FIELDS = ("html_chars", "tags", "link_chars", *COUNTED)

VIDEO_HOSTS = ("youtube.", "youtube-nocookie.", "youku.", "vimeo.", "bilibili.", "v.qq.", "iqiyi.")


def count_markup(tree: Any, html_chars: int) -> dict[str, int]:
    """The counts named by ``FIELDS`` over an lxml tree; ``html_chars`` is the page's own length.

    ``link_chars`` are the characters of text inside links, white space at their ends left out.
    A frame of a video host counts as a video. Hidden inputs are machinery and do not count.

    >>> from lxml import html
    >>> count_markup(html.fromstring("<p>Hi <a href=/>all</a></p>"), 27)["link_chars"]
    3
    """
    counts = dict.fromkeys(FIELDS, 0)
    counts["html_chars"] = html_chars
    for element in tree.iter():
        tag = element.tag
        if not isinstance(tag, str):
            continue
        counts["tags"] += 1
        field = _FIELD_OF.get(tag)
        if tag == "iframe":
            counts["videos"] += any(host in element.get("src", "") for host in VIDEO_HOSTS)
        elif field and not (tag == "input" and element.get("type") == "hidden"):
            counts[field] += 1
        if tag == "a":
            counts["link_chars"] += len("".join(element.itertext()).strip())
    return counts


_FIELD_OF = {tag: field for field, tags in COUNTED.items() for tag in tags}
