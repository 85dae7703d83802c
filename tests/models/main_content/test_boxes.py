import numpy as np
import pytest

from models.main_content.boxes import box_of, leave_out_boxes
from models.main_content.posts import is_forum
from models.main_content.reading.blocks import read_blocks
from stages.extract.html import parse

STORY = "<p>The story of the mill is long, and it is told here in full.</p>" * 3
LINKS = "<p><a href=/2>The harbour in winter</a></p>" * 3


def kept(html, **page):
    blocks, nodes = read_blocks(parse(f"<html><body>{html}</body></html>"))
    words = np.array([float(len(block.text.split())) for block in blocks])
    every = np.ones(len(blocks), np.bool_)
    chosen = leave_out_boxes(every, words, blocks, nodes, in_forum=is_forum(nodes), **page)
    return [block.text for block, stays in zip(blocks, chosen, strict=True) if stays]


@pytest.mark.parametrize(
    "element",
    ["div.related-posts", "ul.recommend", "div.Recommend-Box", "section.widget newsletter-signup",
     "div.ot-sdk-row", "div.cookie-banner", "div.post-author-box", "table.infobox vcard",
     "div.navbox-inner", "div.catlinks", "div.jp-relatedposts", "table.vertical-navbox nowraplinks",
     "article.next-article", "div.infinite-post-2"],
)  # fmt: skip
def test_elements_that_say_what_they_are_are_known(element):
    assert box_of(element)


@pytest.mark.parametrize(
    "element",
    ["div.entry-content", "div.", "div.infobox", "div.content-related-to-mills", "div.author",
     "article.post tag-newsletter", "div.read-more-content", "p.recommendation-letter",
     "div.faq", "div.unrelated", "div.next", "body.has-related-posts", f"div.related-{'x' * 100}"],
)  # fmt: skip
def test_elements_of_a_text_are_none(element):
    assert box_of(element) is None


@pytest.mark.parametrize("name", ["related-posts", "ot-pc-content", "author-bio", "navbox"])
def test_what_stands_in_such_an_element_goes_and_what_stands_around_it_stays(name):
    box = f"<div class={name}><div>{LINKS}</div></div>"
    assert len(kept(f"<div>{STORY}{box}<p>The end.</p></div>")) == 4


def test_a_box_that_holds_nearly_all_of_a_text_is_the_page():
    assert len(kept(f"<p>A line.</p><div class=latest-news>{STORY}</div>")) == 4


def test_columns_of_a_front_page_stay_where_links_are_all_there_is():
    columns = f"<div class=world>{LINKS * 4}</div><div class=latest-news>{LINKS}</div>"
    assert len(kept(columns)) == 15


@pytest.mark.parametrize(
    "name", ["signature", "message-signature", "post_sig", "signaturecontainer"]
)
def test_a_signature_is_a_box_on_a_forum_and_none_elsewhere(name):
    signed = f"{STORY}<div class={name}><p>My boat: a sloop of 1962</p></div>"
    assert len(kept(f"<div class=thread-page>{signed}</div>")) == 3
    assert len(kept(f"<div class=manual>{signed}</div>")) == 4


def test_what_is_said_of_cookies_goes_however_long_it_is():
    assert len(kept(f"{STORY}<div class=ot-sdk-container>{STORY * 9}</div>")) == 3


def test_a_page_that_is_nothing_else_stays():
    assert len(kept(f"<div class=ot-sdk-container>{STORY}</div>")) == 3


@pytest.mark.parametrize(
    "name", ["breadcrumbs", "p-breadcrumb", "site-disclaimer", "entry-footer", "side-bar"]
)
def test_paths_disclaimers_and_what_stands_beside_and_below_go(name):
    assert len(kept(f"<div>{STORY}<div class={name}><p>Home and harbour</p></div></div>")) == 3


@pytest.mark.parametrize(
    "name", ["has-breadcrumbs", "footer-note", "has-sidebar", "sidebar-enabled"]
)
def test_elements_around_them_stay(name):
    assert len(kept(f"<div>{STORY}<div class={name}><p>Home and harbour</p></div></div>")) == 4


def test_what_buyers_say_is_no_text_of_a_product():
    html = f"<div>{STORY}<div class=customer-reviews><p>A fine boat, says Ann.</p></div></div>"
    assert len(kept(html)) == 4
    assert len(kept(html, is_product=True)) == 3
