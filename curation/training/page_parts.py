"""Parts of labelled pages that other pages are rebuilt from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from lxml import etree

from curation.training.labelled_pages import LabelledPage
from models.text.letters import letters_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

KINDS = frozenset(("article", "documentation", ""))
"""The types of pages whose main text stands in one place; "" for pages of which nobody has said."""
MIN_LINE_CHARS = 20
MIN_SHARE = 0.9
"""The share of the lines of a text that the element which holds it has."""


def find_main(tree: Element, truth: str) -> Element | None:
    """The innermost element that holds a text; None if only the body does, or nothing.

    >>> tree = etree.HTML("<p>menu</p><div><p>One line of text that is long.</p></div>")
    >>> find_main(tree, "One line of text that is long.").tag
    'p'
    """
    lines = [line for line in map(letters_of, truth.splitlines()) if len(line) >= MIN_LINE_CHARS]
    place = tree
    while lines:
        inner = [child for child in place if isinstance(child.tag, str) and _holds(child, lines)]
        if not inner:
            break
        place = inner[0]
    return None if place is tree or place.tag == "body" else place


def rebuild(labelled: LabelledPage, tree: Element, truth: str, mark: str) -> LabelledPage:
    """A page of another tree and truth, named after the one that it was made from."""
    body = etree.tostring(tree.getroottree(), encoding="utf-8", method="html")
    page = labelled.page
    page = replace(page, doc_id=f"{page.doc_id}+{mark}", body=body, http_charset="utf-8")
    return replace(labelled, page=page, truth=truth)


def _holds(element: Element, lines: Sequence[str]) -> bool:
    text = letters_of("".join(element.itertext()))
    return sum(line in text for line in lines) >= MIN_SHARE * len(lines)
