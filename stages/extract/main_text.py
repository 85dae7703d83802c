"""Which lines of a page are its main text: by trees over blocks, or by trafilatura."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

from models.main_content import load
from models.main_content.reading.page_elements import PageElements

Finder = Callable[[PageElements, str], list[str]]
"""A page and its title in, the lines of its main text out. Its tree may be changed."""

_TABLE_RULE = re.compile(r"[|:\s-]*\|[|:\s-]*")


class ExtractionMethod(StrEnum):
    """How the main text is found."""

    BLOCKS = "blocks"
    TRAFILATURA = "trafilatura"


def make_finder(method: ExtractionMethod) -> Finder:
    """Load what the method needs."""
    return find_by_trafilatura if method is ExtractionMethod.TRAFILATURA else load().find


def find_by_trafilatura(page: PageElements, title: str) -> list[str]:  # noqa: ARG001 -- a `Finder`
    """The main text by trafilatura: no comments, and no memory of other pages (``deduplicate``).

    Lines that only draw a table ("|---|---|", empty rows of tables made for layout) are left out.
    """
    import trafilatura
    from lxml import etree
    from lxml.html import XHTMLParser

    # It asks for elements of lxml.html's classes, which a parser gives.
    parser = XHTMLParser(huge_tree=True, recover=True)
    tree = etree.fromstring(etree.tostring(page.tree), parser=parser)
    text = trafilatura.extract(tree, include_comments=False, deduplicate=False)
    return [line for line in (text or "").splitlines() if not _TABLE_RULE.fullmatch(line)]
