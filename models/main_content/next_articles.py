"""Pages without end: behind the page's own article they load the next ones."""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.main_content.layout import Vector
from models.main_content.reading.blocks import Block
from models.main_content.reading.nodes import Nodes
from models.main_content.wholes import Chosen, stands_in

MIN_WORDS = 60.0
"""That the first article has: less is an item of a list."""
MIN_TITLE_CHARS = 4
MAX_BEFORE_HEADING = 5
"""Blocks of an article above its heading: section, date, kicker."""
HEADINGS = ("h1", "h2", "h3")

_ARTICLE = re.compile(
    r"article(?:\..{0,60})?|\w{1,20}\.(?:article|post|hentry|entry|story)[\w-]{0,40}"
)
_NO_LETTERS = re.compile(r"[\W_]+")


def leave_out_next_articles(
    chosen: Chosen, words: Vector, blocks: Sequence[Block], nodes: Nodes, title: str
) -> Chosen:
    """The choice without further articles, where the page's title is the first one's heading.

    The first and the others are elements of one kind, with headings of one level.
    """
    own = _find_heading(blocks, nodes, _letters(title))
    first = _article_above(own, blocks, nodes) if own is not None else 0
    if own is None or not first or _words_in(first, chosen, words, blocks, nodes) < MIN_WORDS:
        return chosen
    level = nodes.tag[blocks[own].node]
    result = chosen.copy()
    place = own + 1
    while place < len(blocks):
        other = _article_above(place, blocks, nodes, nodes.kind[first])
        end = place + 1
        if other > first and not stands_in(other, first, nodes):
            while end < len(blocks) and stands_in(blocks[end].node, other, nodes):
                end += 1
            head = blocks[place : min(end, place + MAX_BEFORE_HEADING)]
            if any(nodes.tag[block.node] == level for block in head):
                result[place:end] = False
        place = end
    return result


def _find_heading(blocks: Sequence[Block], nodes: Nodes, title: str) -> int | None:
    """The first heading that is the page's title, with or without the site's name around."""
    for place, block in enumerate(blocks):
        if nodes.tag[block.node] in HEADINGS:
            letters = _letters(block.text)
            if len(letters) >= MIN_TITLE_CHARS and (letters in title or title in letters):
                return place if len(title) >= MIN_TITLE_CHARS else None
    return None


def _article_above(
    place: int, blocks: Sequence[Block], nodes: Nodes, kind: str | None = None
) -> int:
    """The innermost article that a block stands in, the outermost of a kind; 0 for none."""
    found = 0
    node = blocks[place].node
    while node > 0:
        if kind is None and _ARTICLE.fullmatch(nodes.kind[node]):
            return node
        found = node if nodes.kind[node] == kind else found
        node = nodes.parent[node]
    return found


def _words_in(
    node: int, chosen: Chosen, words: Vector, blocks: Sequence[Block], nodes: Nodes
) -> float:
    return float(
        sum(
            words[place]
            for place, block in enumerate(blocks)
            if chosen[place] and stands_in(block.node, node, nodes)
        )
    )


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", text).lower()
