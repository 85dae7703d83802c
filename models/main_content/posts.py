"""Posts of boards whose software says what holds one: trees take a short reply for none."""

from __future__ import annotations

import numpy as np

from models.main_content.ancestors import find_outermost
from models.main_content.layout import Vector
from models.main_content.reading.blocks import Blocks
from models.main_content.reading.nodes import Nodes
from models.main_content.wholes import Chosen

IN_ANY_LANGUAGE = frozenset(("toptext", "commtext", "js-post-body", "s-prose", "post-text"))
"""The classes of what holds a post, and nothing else: of Hacker News and of Stack Exchange. Of other
English boards truths have some posts and not others (decision 74)."""
IN_CHINESE = IN_ANY_LANGUAGE | frozenset((
    "t_f", "t_msgfont", "tpc_content", "d_post_content", "lzl_content_main", "bbs-content",
    "topic-richtext", "reply-content", "topic_content", "reply_content", "c-article__content",
    "c-articleLimit", "RichContent-inner",
))  # fmt: skip
"""The same of Discuz! and phpwind, on Tieba, Tianya, Douban, V2EX, Bahamut, Mobile01 and Zhihu."""
MIN_SHARE = 0.5


def keep_posts(chosen: Chosen, words: Vector, blocks: Blocks, nodes: Nodes) -> Chosen:
    """The choice with all posts of a thread, if half of their words or of the first's are chosen."""
    bodies = IN_CHINESE if blocks.is_chinese else IN_ANY_LANGUAGE
    looks = [
        look
        for look, (_, label) in enumerate(nodes.described)
        if label and not bodies.isdisjoint(label.split())
    ]
    if not looks:
        return chosen
    is_body = np.isin(nodes.looks, looks)
    names = np.where(is_body, "post", "").tolist()
    post = np.array(find_outermost("post", names, nodes))[blocks.node]
    is_post = post >= 0
    is_first = is_post & (post == post[is_post.argmax()])
    is_thread = any(
        words @ (chosen & some) >= MIN_SHARE * (words @ some) for some in (is_post, is_first)
    )
    return chosen | is_post if is_thread else chosen
