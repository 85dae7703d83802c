from dataclasses import replace

import pytest

from curation.training.extraction import parse_page
from curation.training.labelled_pages import read_pages
from curation.training.next_articles import add_next_articles
from curation.training.page_parts import find_main
from models.text.letters import letters_of
from tests.curation.training.labelled import rows, write_folder

PARAGRAPH = "<p>This is paragraph {} of {}, and it is long enough to be known.</p>"


def article(labelled, name):
    """A page of a site of its own, whose text stands in one element of a frame."""
    paragraphs = [PARAGRAPH.format(number, name) for number in range(5)]
    body = (
        f"<title>About {name}</title><nav>menu of {name}</nav><div id=frame>"
        f"<div id=text>{''.join(paragraphs)}</div></div><footer>foot of {name}</footer>"
    )
    truth = "\n".join(line[3:-4] for line in paragraphs)
    url = f"https://{name}.org/1"
    page = replace(labelled.page, doc_id=name, url=url, body=body.encode(), http_charset="")
    return replace(labelled, page=page, truth=truth, page_type="article")


@pytest.fixture(scope="module")
def labelled(tmp_path_factory):
    folder = write_folder(tmp_path_factory.mktemp("pages"), {"en": rows("en")})
    return next(read_pages(folder, "en"))


@pytest.fixture(scope="module")
def articles(labelled):
    return [article(labelled, f"site{number}") for number in range(12)]


def text_of(page):
    return letters_of("".join(parse_page(page.page).itertext()))


def test_what_stands_behind_an_article_is_another_sites(articles):
    by_id = {page.id: page for page in articles}
    rebuilt = list(add_next_articles(articles, 12))
    assert len(rebuilt) == 12
    for page in rebuilt:
        first = by_id[page.id.removesuffix("+next")]
        text = text_of(page)
        assert (page.truth, page.site, page.page_type) == (first.truth, first.site, "article")
        own, others = letters_of(first.truth), [other for other in articles if other is not first]
        more = [text.find(letters_of(other.truth.splitlines()[0])) for other in others]
        assert 0 <= text.find(own) < max(more)
        assert text.index(letters_of(f"foot of {first.id}")) > max(more)


def test_some_have_a_whole_article_and_some_have_teasers(articles):
    rebuilt = list(add_next_articles(articles, 12))
    whole = [
        sum(letters_of(other.truth) in text_of(page) for other in articles) == 2 for page in rebuilt
    ]
    assert any(whole)
    assert not all(whole)


def test_the_same_pages_give_the_same(articles):
    one, other = (list(add_next_articles(pages, 5)) for pages in (articles, articles))
    assert len(one) == 5
    assert one == other


def test_no_page_is_made_of_one_sites(articles):
    alike = [
        replace(page, page=replace(page.page, url=f"https://a.org/{page.id}")) for page in articles
    ]
    assert not list(add_next_articles(alike, 12))


def test_lists_are_left_out(articles):
    assert not list(add_next_articles((replace(one, page_type="listing") for one in articles), 12))


def test_the_element_of_a_text_is_the_innermost_that_holds_it(articles):
    page = articles[0]
    assert find_main(parse_page(page.page), page.truth).get("id") == "text"
    assert find_main(parse_page(page.page), "A text that this page does not have at all.") is None
