import numpy as np
import pytest

from models.main_content.next_articles import leave_out_next_articles
from models.main_content.reading.blocks import read_blocks
from stages.extract.html import parse

TITLE = "The mill at the harbour"
STORY = "<p>The story of the mill is long, and it is told here in full.</p>" * 5


def article(heading, level=1, kind="article", story=STORY):
    return f"<{kind}><h{level}>{heading}</h{level}>{story}</{kind.split()[0]}>"


def kept(html, title=TITLE):
    blocks, nodes = read_blocks(parse(f"<html><body>{html}</body></html>"))
    words = np.array([float(len(block.text.split())) for block in blocks])
    chosen = np.ones(len(blocks), np.bool_)
    left = leave_out_next_articles(chosen, words, blocks, nodes, title)
    return [block.text for block, stays in zip(blocks, left, strict=True) if stays]


@pytest.mark.parametrize("kind", ["article", "div class=article", "section class=post"])
def test_of_several_articles_the_first_is_the_page(kind):
    following = article("A storm in May", 1, kind) + article("Who owns the quay", 1, kind)
    assert kept(article(TITLE, 1, kind) + following) == kept(article(TITLE, 1, kind))


def test_the_head_of_an_article_is_no_article():
    def post(heading):
        head = f"<header class=entry-header><h1 class=entry-title>{heading}</h1></header>"
        return f"<article class=post-7 hentry>{head}{STORY}</article>"

    assert kept(post(TITLE) + post("A storm in May")) == kept(post(TITLE))


def test_what_stands_between_and_behind_articles_stays():
    html = f"{article(TITLE)}<p>Between.</p>{article('A storm in May')}<p>Behind.</p>"
    assert kept(html)[-2:] == ["Between.", "Behind."]


def test_a_site_name_in_the_title_is_no_matter():
    html = article(TITLE) + article("A storm in May")
    assert len(kept(html, f"{TITLE} - The Harbour Times")) == 6


def test_a_list_of_articles_under_a_title_of_its_own_stays():
    html = f"<h1>{TITLE}</h1>" + article("A storm in May", 2) + article("Who owns the quay", 2)
    assert len(kept(html)) == 13


def test_a_front_page_that_is_called_otherwise_stays():
    html = article("A storm in May") + article("Who owns the quay")
    assert len(kept(html, "The Harbour Times")) == 12


def test_sections_of_an_article_are_its_own():
    sections = article("The wheel", 2, "section") + article("The stones", 2, "section")
    assert len(kept(article(TITLE, 1, "article", STORY + sections))) == 18
    assert len(kept(article(TITLE) + article("The wheel", 2))) == 12


def test_items_of_a_list_that_are_short_stay():
    teaser = "<p>The mill is old.</p>"
    html = article(TITLE, 1, "article", teaser) + article("A storm in May")
    assert len(kept(html)) == 8


def test_posts_of_a_thread_stay():
    posts = "".join(f"<article class=post><p>{name}</p>{STORY}</article>" for name in "ABC")
    assert len(kept(f"<h1>{TITLE}</h1>{posts}")) == 19
