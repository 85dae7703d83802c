"""What is left in a choice of blocks that is no part of the text: by word, by class, by place."""

from __future__ import annotations

from models.main_content.boxes import leave_out_boxes
from models.main_content.endings import leave_out_endings
from models.main_content.layout import Vector
from models.main_content.next_articles import leave_out_next_articles
from models.main_content.notices import leave_out_notices
from models.main_content.reading.blocks import Blocks
from models.main_content.reading.nodes import Nodes
from models.main_content.tails import leave_out_tail
from models.main_content.wholes import Chosen


def leave_out_surroundings(
    chosen: Chosen,
    words: Vector,
    blocks: Blocks,
    nodes: Nodes,
    title: str,
    *,
    is_product: bool = False,
    in_forum: bool = False,
) -> Chosen:
    """The choice without next articles, boxes, sections, notices and tails; never all of it.

    ``is_product`` says that the page sells one product, ``in_forum`` that replies are its text.
    """
    left = leave_out_next_articles(chosen, words, blocks, nodes, title)
    left = leave_out_boxes(left, words, blocks, nodes, is_product=is_product, in_forum=in_forum)
    left = leave_out_endings(left, words, blocks, nodes, in_forum=in_forum)
    left = leave_out_notices(left, words, blocks, title, in_forum=in_forum)
    return leave_out_tail(left, words, blocks, nodes, in_forum=in_forum)
