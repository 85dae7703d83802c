from collections import Counter

import pytest

from conf import locate
from curation.config import load_config
from curation.training import page_type
from curation.training.examples import Example
from curation.training.extraction import extraction_tools
from curation.training.labelled_pages import LabelledPage
from curation.training.written_pages import read_written_pages
from schemas.page import Page


@pytest.fixture(scope="module")
def tools():
    return extraction_tools(load_config(locate("local.toml")))


def labelled(kind):
    page = Page(
        doc_id="wcxb-1",
        url="https://a.example/shop",
        date="",
        source="wcxb",
        offset=0,
        status=200,
        content_type="text/html",
        http_charset="",
        body=b"<p>Oil",
    )
    return LabelledPage(page, "en", "wcxb", kind, "", "")


@pytest.mark.parametrize(
    ("collection", "judged", "answer"),
    [("collection", "product", "product"), ("collection", "", "listing"), ("", "tool", "tool")],
)
def test_what_a_reader_said_goes_before_what_the_collection_says(collection, judged, answer, tools):
    [document] = page_type._of_page(labelled(collection), judged, 0, tools)
    assert (document.known.answer, document.known.kind) == (answer, "wcxb")


def test_a_page_whose_type_nobody_knows_is_no_example(tools):
    assert not list(page_type._of_page(labelled(""), "", 0, tools))


def page_of(document):
    page = document.page
    example = Example(page.doc_id, document.known, "", page.url, page.title, page.text, None)
    return page_type.page_of(example)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_good_written_text_stands_on_a_board_too_and_is_an_article_there(language):
    pages = [page_of(document) for document in page_type._written(language)]
    good = [page for page in pages if page.type == "article"]
    addresses = Counter(page.page.text for page in good if page.page.url)
    assert set(addresses) == {page.page.text for page in good if not page.page.url}
    assert not any(page.page.url for page in pages if page.type == "listing")


def test_nothing_is_learnt_from_written_pages_that_are_there_to_report_on():
    pages = [page_of(document) for document in page_type._written_pages("en")]
    unseen = {one.text for one in read_written_pages("en") if not one.is_for_tuning}
    assert unseen == {page.page.text for page in pages if not page.mass}
    assert not any(page.is_page for page in pages)
