"""What a site's own rules say about extraction, as XPath: where body, title and date are."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


@dataclass(frozen=True)
class ExtractionRule:
    """XPath expressions by purpose; of ``body``, ``title`` and ``date`` the first that matches.

    ``drop`` removes elements before anything else is looked at. ``body`` names the elements that
    hold the main text, and all of their text is taken.
    """

    body: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for field in fields(self):
            for expression in getattr(self, field.name):
                try:
                    etree.XPath(expression)
                except etree.XPathSyntaxError as error:
                    raise ValueError(f"{field.name}: {expression!r}: {error}") from error


def elements(tree: Element, expressions: tuple[str, ...]) -> list[Element]:
    """The elements that the first matching expression names, outermost only."""
    for expression in expressions:
        found = [e for e in tree.xpath(expression) if etree.iselement(e)]
        if found:
            chosen = set(found)
            return [e for e in found if chosen.isdisjoint(e.iterancestors())]
    return []


def first_text(tree: Element, expressions: tuple[str, ...]) -> str:
    """The text of the first element, attribute or string that an expression names; "" for none.

    >>> from lxml import html
    >>> tree = html.fromstring("<p>Posted <time datetime='2020-02-03'>Monday</time></p>")
    >>> first_text(tree, ("//b", "//time/@datetime")), first_text(tree, ("//time",))
    ('2020-02-03', 'Monday')
    """
    for expression in expressions:
        found = tree.xpath(expression)
        for one in found if isinstance(found, list) else [found]:
            text = " ".join(one.itertext()) if etree.iselement(one) else str(one)
            if text.strip():
                return " ".join(text.split())
    return ""


def drop(tree: Element, expressions: tuple[str, ...]) -> bool:
    """Remove what any of the expressions names, and whether anything was.

    The text that follows an element stays.
    """
    has_dropped = False
    for expression in expressions:
        for element in tree.xpath(expression):
            if etree.iselement(element) and element.getparent() is not None:
                _remove(element)
                has_dropped = True
    return has_dropped


def _remove(element: Element) -> None:
    above, before = element.getparent(), element.getprevious()
    if above is None:
        return
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        above.text = (above.text or "") + element.tail
    above.remove(element)
