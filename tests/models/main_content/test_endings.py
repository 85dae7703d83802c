import numpy as np
import pytest

from models.main_content.endings import leave_out_endings, names_ending
from models.main_content.reading.blocks import read_blocks
from stages.extract.html import parse

STORY = "<p>The story of the mill is long, and it is told here in full.</p>" * 3
REPLIES = "<div><p>I liked this one.</p></div>" * 3


@pytest.mark.parametrize(
    "heading",
    ["相关阅读", "推荐阅读：", "网友评论(12)", "猜你喜欢", "最新评论", "Related Articles", "12 Comments",
     "You may also like", "Leave a Reply", "More from the harbour"],
)  # fmt: skip
def test_headings_of_what_follows_a_text_are_known(heading):
    assert names_ending(heading)


@pytest.mark.parametrize(
    "heading",
    [
        "相关工作",
        "最新新闻",
        "Latest news",
        "评论家的一生",
        "Comments on Kant",
        "Related work",
        "12",
        "更好的生活",
    ],
)
def test_headings_of_a_text_are_none(heading):
    assert not names_ending(heading)


def kept(html):
    blocks, nodes = read_blocks(parse(f"<html><body>{html}</body></html>"))
    words = np.array([float(len(block.text.split())) for block in blocks])
    chosen = leave_out_endings(np.ones(len(blocks), np.bool_), words, blocks, nodes)
    return [block.text for block, stays in zip(blocks, chosen, strict=True) if stays]


def test_a_section_that_begins_with_such_a_heading_goes_and_what_follows_it_stays():
    section = f"<div><div><h3>Comments</h3></div>{REPLIES}</div>"
    assert len(kept(f"<div>{STORY}{section}<p>The end.</p></div>")) == 4


def test_a_heading_that_opens_no_element_ends_nothing():
    assert len(kept(f"<div>{STORY}<h3>Comments</h3>{REPLIES}</div>")) == 7


def test_replies_in_a_forum_are_its_text():
    section = f"<div><h3>Comments</h3>{REPLIES}</div>"
    assert len(kept(f"<div class=DiscussionPage>{STORY}{section}<p>The end.</p></div>")) == 8


def test_a_thread_that_is_longer_than_what_stands_above_it_is_the_text():
    assert len(kept(f"<p>A link.</p><div><h3>Comments</h3>{REPLIES * 20}</div>")) == 62
