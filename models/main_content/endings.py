"""Sections behind a text that are no part of it, and say so: comments, related articles."""

from __future__ import annotations

import re

import numpy as np

from models.main_content.layout import Vector
from models.main_content.reading.blocks import Blocks
from models.main_content.reading.nodes import Nodes
from models.main_content.wholes import Chosen, stands_in

MAX_HEADING_CHARS = 40
MIN_BEFORE = 0.25
"""The text before, as a share of what stands in the section: a note above a thread is less. On
held-out sites 0.1 to 1 give the same F1: two pages gain 0.04 and 0.06, none loses."""
MAX_LEVELS = 3
"""How far above its heading a section may begin."""

_RELATED = re.compile(
    r"(?:相关|推荐|热门|精彩|延伸|更多)的?"
    r"(?:阅读|文章|推荐|新闻|资讯|内容|报道|话题|专题|帖子|博文|视频|链接)"
    r"|猜你喜欢|猜你想看|为你推荐|大家都在看|下一篇|上一篇"
    r"|(?:related|recommended|similar|more|further)"
    r" (?:articles?|posts?|stories|news|reading|content|topics|reads|from .{1,20})"
    r"|you (?:may|might) (?:also )?(?:like|enjoy|be interested in)|read (?:next|also)|up next"
    r"|more (?:like this|for you|to explore)|recommended for you",
    re.IGNORECASE,
)
_COMMENTS = re.compile(
    r"(?:网友|用户|读者|最新|全部|热门|精彩|文章|发表)?(?:评论|留言|跟帖)(?:列表|区|内容)?"
    r"|(?:user |reader )?(?:comments|replies|responses)"
    r"|(?:leave|post|add|write) a (?:comment|reply)|join the (?:discussion|conversation)",
    re.IGNORECASE,
)
_BEGINNINGS = frozenset((
    "re", "si", "mo", "fu", "yo", "up", "us", "co", "le", "po", "ad", "wr", "jo", "相关", "推荐",
    "热门", "精彩", "延伸", "更多", "猜你", "为你", "大家", "下一", "上一", "网友", "用户", "读者",
    "最新", "全部", "文章", "发表", "评论", "留言", "跟帖",
))  # fmt: skip
"""The first two characters of those; one in twenty other short texts has them."""

_FORUM = re.compile(r"forum|thread|topic|discussion|\bbbs", re.IGNORECASE)
_COUNT = re.compile(r"^\d{1,6} |[\s:：]*[（(\[]?\d{0,6}\s?条?[)）\]]?[\s:：]*$")


def names_ending(text: str, *, in_forum: bool = False) -> bool:
    """Whether a heading says that what follows it is not the article's; in a forum, replies are.

    >>> names_ending("相关阅读："), names_ending("12 Comments"), names_ending("Related work")
    (True, True, False)
    """
    start = text[:2].casefold()
    if len(text) > MAX_HEADING_CHARS or not (start in _BEGINNINGS or start[:1].isdigit()):
        return False
    bare = _COUNT.sub("", text)
    return bool(_RELATED.fullmatch(bare) or (not in_forum and _COMMENTS.fullmatch(bare)))


def leave_out_endings(chosen: Chosen, words: Vector, blocks: Blocks, nodes: Nodes) -> Chosen:
    """The choice, without what stands in an element that begins with such a heading.

    There must be text before it: a thread under "Comments" may be all that a page has.
    """
    result = chosen.copy()
    taken = np.flatnonzero(chosen)
    if not len(taken):
        return result
    before = np.concatenate([[0.0], np.cumsum(words * chosen)])
    place, last = int(taken[0]) + 1, int(taken[-1])
    in_forum: bool | None = None
    while place < last:
        end = place + 1
        text = blocks.texts[place]
        if names_ending(text) and in_forum is None:
            in_forum = any(map(_FORUM.search, nodes.signatures))
        if in_forum is not None and names_ending(text, in_forum=in_forum):
            end = _end_of_section(place, blocks, nodes)
            inside = before[end] - before[place]
            if end > place + 1 and before[place] > MIN_BEFORE * inside:
                result[place:end] = False
            else:
                end = place + 1
        place = end
    return result


def _end_of_section(place: int, blocks: Blocks, nodes: Nodes) -> int:
    """Behind the last block of the element that a heading opens; of none, behind the heading."""
    top = _top_of(place, blocks, nodes)
    end = place + 1
    while top and end < len(blocks) and stands_in(int(blocks.node[end]), top, nodes):
        end += 1
    return end


def _top_of(place: int, blocks: Blocks, nodes: Nodes) -> int:
    """The outermost element near a block that begins with it; 0 if there is none."""
    top = 0
    above = int(blocks.node[place])
    for _ in range(MAX_LEVELS):
        above = max(nodes.parent[above], 0)
        if stands_in(int(blocks.node[place - 1]), above, nodes):
            break
        top = above
    return top
