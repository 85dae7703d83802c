import numpy as np
import pytest

from models.main_content.characters import WORDS, measure
from models.main_content.posts import is_forum
from models.main_content.reading.blocks import read_blocks
from models.main_content.tails import leave_out_tail
from stages.extract.html import parse

STORY = "".join(
    f"<p>{when}，港口的居民在码头上修好了一座木桥，孩子们沿着河岸跑来跑去，老人坐在门口看船。</p>"
    for when in ("去年春天", "今年夏天", "秋天到来的时候")
)
ENGLISH = "".join(
    f"<p>In {when} the people of the harbour repaired a bridge of wood that stands upon the quay, "
    "while children ran along the river and old men sat at their doors to look at ships.</p>"
    for when in ("spring", "summer", "autumn")
)
LINKS = "".join(
    f"<li><a href=/{n}>另一个港口的渔民今天带着满船的鱼回来了</a> 201{n}/07/03</li>"
    for n in range(4)
)


def left_out(html, chosen=lambda _: True):
    blocks, nodes = read_blocks(parse(f"<html><body>{html}</body></html>"))
    texts = [block.text for block in blocks]
    words = measure(texts, "")[:, WORDS]
    before = np.array(list(map(chosen, texts)))
    after = leave_out_tail(before, words, blocks, nodes, in_forum=is_forum(nodes))
    assert not (after & ~before).any()
    return [text for text, was, stays in zip(texts, before, after, strict=True) if was > stays]


def test_links_behind_a_chinese_text_go_with_what_stands_between_them():
    cut = left_out(f"<div>{STORY}<p>港口日报</p></div><ul>{LINKS}</ul><p>更多</p>")
    assert len(cut) == 5
    assert cut[0].startswith("另一个港口")
    assert cut[-1] == "更多"


@pytest.mark.parametrize(
    "html",
    [
        f"<ul>{LINKS}</ul>{STORY}",
        f"{STORY}<ul>{LINKS}</ul>{STORY[: STORY.index('</p>')].replace('木', '石')}</p>",
    ],
    ids=["links before", "text behind"],
)
def test_links_that_text_follows_stay(html):
    assert left_out(html) == []


def test_links_beside_the_paragraphs_are_the_texts_own():
    assert left_out(f"<div>{STORY}<ul>{LINKS}</ul></div>") == []
    assert len(left_out(f"{STORY}<ul>{LINKS}</ul>")) == 4  # the body holds all


def test_a_single_link_and_links_among_much_else_stay():
    assert left_out(f"{STORY}<p><a href=/>河岸的春天在这里开始了</a></p>") == []
    replies = "<p><a href=/u>老渔民</a></p><p>我也去看过这座新桥，很好。</p>" * 4
    assert left_out(STORY + replies) == []


def test_a_list_of_links_under_a_short_note_stays():
    assert left_out(f"<p>港口的居民在码头上修好了一座木桥。</p><ul>{LINKS}</ul>") == []


def test_posts_of_a_thread_stay():
    assert left_out(f"<div class=forum-thread>{STORY}<ul>{LINKS}</ul></div>") == []


def test_an_english_page_is_left_to_the_trees():
    links = "<li><a href=/>Another harbour welcomes its fishermen</a></li>" * 4
    assert left_out(f"{ENGLISH}<ul>{links}</ul>") == []


def test_what_was_not_chosen_counts_for_nothing():
    html = f"{STORY}<ul>{LINKS}</ul>"
    assert left_out(html, lambda text: not text.startswith("另一个")) == []
    assert left_out(html, lambda text: text.startswith("另一个")) == []
