"""Forums, and posts of boards whose software says what holds one: a short reply is text, too."""

from __future__ import annotations

import re
from functools import cache

import numpy as np

from models.main_content.ancestors import find_outermost
from models.main_content.layout import Vector
from models.main_content.reading.blocks import Blocks
from models.main_content.reading.nodes import Nodes
from models.main_content.wholes import Chosen

IN_ANY_LANGUAGE = frozenset((
    "toptext", "commtext", "js-post-body", "s-prose", "post-text", "searchable",
    "lia-message-body-content",
))  # fmt: skip
"""Classes of what holds a post and nothing else: of Hacker News, Stack Exchange, Trac and Khoros.
Truths of other English boards have some posts and not others (decision 74)."""
CELL_OF_HACKER_NEWS, ROW_OF_HACKER_NEWS = "default", "athing"
"""What held a comment there before ``commtext`` did, in a row of this class."""
ON_BOARDS = frozenset((
    "t_f", "t_msgfont", "tpc_content", "d_post_content", "lzl_content_main", "bbs-content",
    "lzl_cnt", "topic-richtext", "single-post-content", "topic_content", "c-article__content",
    "c-articleLimit", "RichContent-inner", "markitup-box",
))  # fmt: skip
"""The same of Discuz!, phpwind and WeCenter, on Tieba, Tianya, Douban, V2EX, Bahamut, Mobile01 and
Zhihu."""
REPLIES = frozenset(("reply-content", "reply_content"))
"""What holds replies there, and comments elsewhere."""
IN_CHINESE = IN_ANY_LANGUAGE | ON_BOARDS | REPLIES
MIN_SHARE = 0.5

_FORUM_WORDS = ("forum", "thread", "topic", "discussion", "bbs", "postbit", "windowbg")
_FORUM = re.compile(r"forum|thread(?!-(?:even|odd|alt))|topic|discussion|\bbbs|postbit|windowbg")
"""WordPress calls the comments on a post "thread-even" and "thread-odd"."""


def is_forum(nodes: Nodes) -> bool:
    """Whether a page's classes say so: replies are its text, then."""
    if nodes.may_have_class(_FORUM_WORDS) and _FORUM.search(nodes.all_classes):
        return True
    return bool(_bodies(nodes, ON_BOARDS))


def keep_posts(chosen: Chosen, words: Vector, blocks: Blocks, nodes: Nodes) -> Chosen:
    """The choice with all posts of a thread if half of their words, or of the first's, are."""
    looks = _bodies(nodes, IN_CHINESE if blocks.is_chinese else IN_ANY_LANGUAGE)
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


def _bodies(nodes: Nodes, names: frozenset[str]) -> list[int]:
    """The looks of the elements that hold a post."""
    if nodes.may_have_class((ROW_OF_HACKER_NEWS,)):
        names |= {CELL_OF_HACKER_NEWS}
    if not nodes.may_have_class(_in_lower_case(names)):
        return []
    return [
        look
        for look, (_, classes) in enumerate(nodes.described)
        if classes and not names.isdisjoint(classes.split())
    ]


@cache
def _in_lower_case(names: frozenset[str]) -> list[str]:
    return [name.lower() for name in names]
