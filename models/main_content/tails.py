"""Links behind the text of a Chinese page: other articles, which nothing names as such."""

from __future__ import annotations

import numpy as np

from models.kernels.arrays import BoolArray
from models.main_content.ancestors import spread
from models.main_content.layout import MIN_PARAGRAPH_WORDS, Vector
from models.main_content.reading.blocks import Blocks
from models.main_content.reading.nodes import Nodes
from models.main_content.wholes import Chosen

MIN_TEXT_WORDS = 60.0
MIN_LINKED_BLOCKS = 2
MIN_LINKED_WORDS = 0.5


def leave_out_tail(
    chosen: Chosen, words: Vector, blocks: Blocks, nodes: Nodes, *, in_forum: bool = False
) -> Chosen:
    """The choice without what stands behind the last paragraph of a text, from the first link on.

    Links in the element that the paragraph stands in are the text's own, as are those that replies
    in a thread have. Of what goes two blocks at least, and half of the words, are links. Of Chinese
    pages alone: the trees know twenty English pages for each of them, and take such links for text.
    Out of fold, of the words behind all paragraphs that they chose none was main text where the
    page is an article, and no list of pages lost one. In English half is.
    """
    is_linked = blocks.is_linked & chosen
    is_text = chosen & ~is_linked & (words >= MIN_PARAGRAPH_WORDS)
    if words @ is_text < MIN_TEXT_WORDS:
        return chosen
    last = int(np.flatnonzero(is_text)[-1])
    links = last + np.flatnonzero(is_linked[last:])
    links = links[~_beside(last, blocks, nodes)[links]]
    if len(links) < MIN_LINKED_BLOCKS or not blocks.is_chinese or in_forum:
        return chosen
    first = links[0]
    if words[links].sum() < MIN_LINKED_WORDS * (words[first:] @ chosen[first:]):
        return chosen
    left = chosen.copy()
    left[first:] = False
    return left


def _beside(place: int, blocks: Blocks, nodes: Nodes) -> BoolArray:
    """The blocks in the element that a block's own stands in; none where that is the body."""
    above = nodes.parent[blocks.node[place]]
    inside = np.zeros(len(nodes.parent), np.bool_)
    inside[above] = above > 0
    spread(nodes.parent, inside)
    return inside[blocks.node]
