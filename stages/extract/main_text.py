"""Which lines of a page are its main text: by trafilatura, by trees over blocks, or by script."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from models.main_content import load

Finder = Callable[[Any, str], list[str]]
"""A page's tree and title in, the lines of its main text out. The tree may be changed."""

MIN_HAN_RATIO = 0.2
"""From this share of Han characters among letters a page counts as Chinese: a Han character says
what three or four Latin letters do, so that in half-translated pages both scripts weigh alike."""

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_TABLE_RULE = re.compile(r"[|:\s-]*\|[|:\s-]*")
_NOT_SHOWN = frozenset({"script", "style", "noscript", "template"})


class Method(StrEnum):
    """How the main text is found."""

    BY_SCRIPT = "by_script"
    BLOCKS = "blocks"
    TRAFILATURA = "trafilatura"


def make_finder(method: Method) -> Finder:
    """Load what the method needs."""
    if method is Method.TRAFILATURA:
        return find_by_trafilatura
    blocks: Finder = load().find
    if method is Method.BLOCKS:
        return blocks

    def find(tree: Any, title: str) -> list[str]:
        return blocks(tree, title) if is_chinese(tree) else find_by_trafilatura(tree, title)

    return find


def find_by_trafilatura(tree: Any, title: str) -> list[str]:  # noqa: ARG001 -- a finder's signature
    """The main text by trafilatura: no comments, and no memory of other pages (``deduplicate``).

    Lines that only draw a table ("|---|---|", empty rows of tables made for layout) are left out.
    """
    import trafilatura

    text = trafilatura.extract(tree, include_comments=False, deduplicate=False)
    return [line for line in (text or "").splitlines() if not _TABLE_RULE.fullmatch(line)]


def is_chinese(tree: Any) -> bool:
    """Whether what a page shows is written in Han characters, Japanese among them.

    >>> from lxml import html
    >>> is_chinese(html.fromstring("<p>从网页到语料<script>var a</script></p>"))
    True
    >>> is_chinese(html.fromstring("<p>From pages to corpora 语料</p>"))
    False
    """
    letters = han = 0
    for element in tree.iter("*"):
        shown = (element.text if element.tag not in _NOT_SHOWN else "") or ""
        text = shown + (element.tail or "")
        letters += sum(map(str.isalpha, text))
        han += len(_HAN.findall(text))
    return han > 0 and han >= MIN_HAN_RATIO * letters
