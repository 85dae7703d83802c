"""Pages without end: behind the page's own article they load the next ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

import numpy as np

from models.kernels.arrays import Int64Array
from models.main_content.ancestors import find_outermost
from models.main_content.layout import Vector
from models.main_content.reading.blocks import Blocks
from models.main_content.reading.nodes import Nodes
from models.main_content.wholes import Chosen
from models.text.letters import letters_of

MIN_WORDS = 60.0
"""That the first article has: less is its head, or an item of a list."""
MIN_TITLE_CHARS = 4
MAX_BEFORE_HEADING = 5
"""Blocks of an article above its heading: section, date, kicker."""
HEADINGS = ("h1", "h2", "h3")
MAX_KINDS = 4
"""Of articles in articles that are asked about, the innermost first."""

_ARTICLE = re.compile(
    r"article(?:\..{0,60})?|\w{1,20}\.(?:article|post|hentry|entry|story)[\w-]{0,40}"
)


def leave_out_next_articles(
    chosen: Chosen, words: Vector, blocks: Blocks, nodes: Nodes, title: str
) -> Chosen:
    """The choice without further articles, where the page's title is the first one's heading.

    The first and the others are elements of one kind, with headings of one level.
    """
    own = _find_heading(blocks, nodes, _letters(title))
    if own is None:
        return chosen
    for kind in islice(_kinds_above(blocks[own].node, nodes), MAX_KINDS):
        article = np.array(find_outermost(kind, nodes.kind, nodes))[blocks.node]
        if words @ (chosen & (article == article[own])) >= MIN_WORDS:
            return _without_others(chosen, own, article, blocks, nodes)
    return chosen


def _without_others(
    chosen: Chosen, own: int, article: Int64Array, blocks: Blocks, nodes: Nodes
) -> Chosen:
    """The choice without articles behind that of a heading; ``article`` is that of each block."""
    level = nodes.tag[blocks[own].node]
    result = chosen.copy()
    for other in set(article[own:].tolist()) - {-1, int(article[own])}:
        places = np.flatnonzero(article == other)
        heads = [blocks[place] for place in places[:MAX_BEFORE_HEADING]]
        if any(nodes.tag[block.node] == level for block in heads):
            result[places] = False
    return result


def _find_heading(blocks: Blocks, nodes: Nodes, title: str) -> int | None:
    """The first heading that is the page's title, with or without the site's name around."""
    is_heading = np.array([tag in HEADINGS for tag in nodes.tags])[nodes.looks]
    for place in np.flatnonzero(is_heading[blocks.node]).tolist():
        letters = _letters(blocks.texts[place])
        if len(letters) >= MIN_TITLE_CHARS and (letters in title or title in letters):
            return place if len(title) >= MIN_TITLE_CHARS else None
    return None


def _kinds_above(node: int, nodes: Nodes) -> Iterator[str]:
    """The kinds of articles that an element stands in, the innermost first."""
    while (node := nodes.parent[node]) > 0:
        if _ARTICLE.fullmatch(nodes.kind[node]):
            yield nodes.kind[node]


def _letters(text: str) -> str:
    return letters_of(text).lower()
