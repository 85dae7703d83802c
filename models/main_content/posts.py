"""Posts of Chinese boards: trees know few of them, and take a short reply for none."""

from __future__ import annotations

import numpy as np

from models.main_content.ancestors import find_outermost
from models.main_content.layout import Vector
from models.main_content.reading.blocks import Blocks
from models.main_content.reading.nodes import Nodes
from models.main_content.wholes import Chosen

BODIES = frozenset((
    "t_f", "t_msgfont", "tpc_content", "d_post_content", "lzl_content_main", "bbs-content",
    "topic-richtext", "reply-content", "topic_content", "reply_content", "c-article__content",
    "c-articleLimit", "RichContent-inner",
))  # fmt: skip
"""The classes of what holds a post, and nothing else: of Discuz! and phpwind, on Tieba, Tianya,
Douban, V2EX, Bahamut, Mobile01 and Zhihu."""
MIN_SHARE = 0.5


def keep_posts(chosen: Chosen, words: Vector, blocks: Blocks, nodes: Nodes) -> Chosen:
    """The choice with all posts of a thread, if half of their words are chosen."""
    if not blocks.is_chinese:
        return chosen
    looks = [
        look
        for look, (_, label) in enumerate(nodes.described)
        if label and not BODIES.isdisjoint(label.split())
    ]
    if not looks:
        return chosen
    is_body = np.isin(nodes.looks, looks)
    names = np.where(is_body, "post", "").tolist()
    is_post = np.array(find_outermost("post", names, nodes))[blocks.node] >= 0
    if words @ (chosen & is_post) < MIN_SHARE * (words @ is_post):
        return chosen
    return chosen | is_post
