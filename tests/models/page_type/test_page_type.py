import pytest

from curation.training.written_pages import read_written_pages
from models.page_type import PageContent, best_of, load, score
from models.page_type.features import page_features
from stages.extract.markup import FIELDS
from tests.models.texts import CHINESE, CHINESE_MENU, ENGLISH, ENGLISH_MENU

KEPT = ("article", "documentation", "product", "service")


def markup(**counts):
    return {**dict.fromkeys(FIELDS, 0), "html_chars": 30_000, "tags": 400, "scripts": 10, **counts}


def kept(page):
    (result,) = load().score([page])
    return sum(result.probabilities[name] for name in KEPT)


ARTICLE = markup(paragraphs=12, links=40, link_chars=500, headings=4, images=3)
INDEX = markup(links=400, link_chars=6000, list_items=300, images=60, inputs=30)


@pytest.mark.parametrize("text", [ENGLISH * 3, CHINESE * 3])
@pytest.mark.parametrize("counts", [ARTICLE, None])
def test_prose_is_a_detail_page_with_markup_and_without(text, counts):
    assert (
        kept(PageContent(text, "https://news.example/2020/05/bridge-to-come", "The bridge", counts))
        > 0.5
    )


@pytest.mark.parametrize("text", [ENGLISH_MENU, CHINESE_MENU])
def test_a_menu_on_an_index_page_is_a_list(text):
    page = PageContent(text, "https://shop.example/category/", "All products", INDEX)
    assert kept(page) < 0.3


SITE = "https://x.example"
THREAD = """Joined: 2009
Posts: 12
Mine did the same until I changed the cassette. Did you try that?
Quote
Reply
"""


def test_a_thread_is_a_forum_and_goes():
    page = PageContent(THREAD * 4, f"{SITE}/forum/thread-1", "Chain slips on the third gear")
    assert load().score([page])[0].type == "forum"
    assert kept(page) < 0.3


BOARD = "http://bbs.town.example/thread-20113-1-1.html"


@pytest.mark.parametrize("url", ["", BOARD, "https://www.portal.example/a/20230412/19.shtml"])
@pytest.mark.parametrize("text", [ENGLISH * 3, CHINESE * 3])
def test_an_article_is_one_on_a_board_and_on_a_portal_too(text, url):
    assert kept(PageContent(text, url, "The bridge", ARTICLE)) > 0.5


UNSEEN = [
    page for code in ("en", "zh") for page in read_written_pages(code) if not page.is_for_tuning
]


@pytest.mark.parametrize("kind", ["tool", "audio", "video", "forum", "listing"])
def test_most_written_pages_of_a_type_that_it_has_not_seen_go(kind):
    pages = [PageContent(one.text, one.url, one.title) for one in UNSEEN if one.type == kind]
    assert sum(kept(page) < 0.5 for page in pages) >= 0.8 * len(pages)


def test_articles_about_tools_games_and_films_stay():
    pages = [PageContent(one.text, one.url, one.title) for one in UNSEEN if one.type == "article"]
    assert min(map(kept, pages)) > 0.5


def test_probabilities_are_one_distribution_over_all_types():
    (result,) = score([PageContent(ENGLISH)])
    assert sum(result.probabilities.values()) == pytest.approx(1, abs=1e-4)
    assert {"article", "forum", "listing", "tool", "audio", "video", "adult", "gambling"} <= set(
        result.probabilities
    )


def test_a_string_is_a_page_of_which_only_the_text_is_known():
    assert score([ENGLISH]) == score([PageContent(ENGLISH)])


def test_absent_counts_are_judged_as_text_alone():
    empty = dict.fromkeys(FIELDS)
    assert score([PageContent(ENGLISH, markup=empty)]) == score([PageContent(ENGLISH)])


def test_an_empty_page_has_a_type_too():
    assert score([""])[0].type


def test_a_malformed_address_says_nothing():
    broken, none = page_features([PageContent(ENGLISH, "http://[broken"), PageContent(ENGLISH)])
    assert broken == none


def test_of_equal_types_the_first_by_name_is_chosen():
    assert best_of({"forum": 0.5, "article": 0.5}).type == "article"


def test_the_same_page_scores_the_same_in_any_batch():
    pages = [PageContent(ENGLISH), PageContent(CHINESE), PageContent(""), PageContent(ENGLISH_MENU)]
    assert score(pages)[::-1] == score(pages[::-1])


TEASERS = "\n".join(
    f"{name} opens its doors\nThe {name.lower()} can be visited from Monday, says its keeper."
    for name in (
        "Old mill",
        "Town hall",
        "Railway depot",
        "Lighthouse",
        "North gate",
        "Glass works",
    )
)
KNOWN = {"main_chars": len(TEASERS), "main_blocks": 12, "main_units": 6, "main_headings": 6}
PLAIN = markup(paragraphs=12, links=60, link_chars=900, headings=8, images=6)
LINKED = {
    **KNOWN, "main_linked_blocks": 6, "main_link_chars": 150, "main_links": 6,
    "main_linked_headings": 6, "main_linked_units": 6,
}  # fmt: skip


def test_a_text_whose_entries_are_links_is_rather_a_list_than_the_same_text_without():
    url = "https://www.town.example/doors"
    linked, plain, unknown = (
        kept(PageContent(TEASERS, url, "Open doors", {**PLAIN, **counts}))
        for counts in (LINKED, KNOWN, {})
    )
    assert linked < unknown < plain
    assert plain - linked > 0.2


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("declared_articles", "article"),
        ("declared_lists", "listing"),
        ("declared_threads", "forum"),
        ("declared_products", "product"),
    ],
)
def test_a_type_is_likelier_where_the_page_declares_it(name, kind):
    silent, declared = (
        load().score([PageContent(ENGLISH_MENU + ENGLISH, "", "", {**PLAIN, **counts})])[0]
        for counts in ({}, {name: 1})
    )
    assert declared.probabilities[kind] > silent.probabilities[kind]


def test_a_page_with_markup_that_declares_nothing_is_an_article_if_its_text_is():
    for text in (ENGLISH * 3, CHINESE * 3):
        assert kept(PageContent(text, "", "The bridge", PLAIN)) > 0.5
