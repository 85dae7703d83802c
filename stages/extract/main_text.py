"""A page's main text: found by trees or by trafilatura, written plain or as Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

from models.main_content import load
from models.main_content.main_text import MainText
from models.main_content.markdown import render
from models.main_content.reading.page_elements import PageElements

Finder = Callable[[PageElements, str], MainText]
"""A page and its title in, its main text out. The page's tree may be changed."""

_TABLE_RULE = re.compile(r"[:\s-]*\|[|:\s-]*")


class ExtractionMethod(StrEnum):
    """How the main text is found."""

    BLOCKS = "blocks"
    TRAFILATURA = "trafilatura"


class TextFormat(StrEnum):
    """How the main text is written."""

    TEXT = "text"
    MARKDOWN = "markdown"


def write_text(found: MainText, text_format: TextFormat) -> str:
    """A line for each paragraph; or Markdown, with the same words."""
    if text_format is TextFormat.MARKDOWN:
        return render(found)
    return "\n".join(found.texts())


def make_finder(method: ExtractionMethod) -> Finder:
    """Load what the method needs."""
    return find_by_trafilatura if method is ExtractionMethod.TRAFILATURA else load().find


def find_by_trafilatura(page: PageElements, title: str) -> MainText:  # noqa: ARG001 -- a `Finder`
    """The main text by trafilatura: no comments, and no memory of other pages (``deduplicate``).

    Lines that only draw a table ("|---|---|", empty rows of tables made for layout) are left out.
    """
    import trafilatura
    from lxml import etree
    from lxml.html import HTMLParser

    # It asks for elements of lxml.html's classes, which a parser gives. Written as HTML: a page may
    # have names that XML has not (``@click``), at which a parser of XML ends.
    parser = HTMLParser(huge_tree=True, encoding="utf-8")
    written = etree.tostring(page.tree, encoding="utf-8", method="html")
    tree = etree.fromstring(written, parser=parser)
    text = trafilatura.extract(tree, include_comments=False, deduplicate=False)
    lines = (text or "").splitlines()
    return MainText.of_texts(line for line in lines if not _TABLE_RULE.fullmatch(line))
