import pytest

from models.page_type import PageContent, best_of, load, merge, score
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
SIGNED = {
    "forum": PageContent(THREAD * 4, f"{SITE}/forum/thread-1", "Chain slips on the third gear"),
    "video": PageContent(
        "高清在线观看\n播放\n更新至10集", f"{SITE}/video/play/1", "在线观看", markup(videos=1)
    ),
    "audio": PageContent(
        "Listen now\nEpisode 4\nmp3", f"{SITE}/podcast/4", "Podcast", markup(audios=1)
    ),
    "tool": PageContent(
        "汇率换算\n请输入金额", f"{SITE}/tool/converter", "汇率换算计算器", markup(inputs=9)
    ),
    "adult": PageContent("porn xxx hardcore nude\n" * 9, "https://xxx.example/porn", "XXX porn"),
    "gambling": PageContent("六合彩开奖结果\n特码心水\n下注投注\n" * 9, SITE, "六合彩马经论坛"),
}


@pytest.mark.parametrize(("kind", "page"), SIGNED.items())
def test_signs_give_a_type_away(kind, page):
    assert load().score([page])[0].type == kind


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
    assert page_features(PageContent(ENGLISH, "http://[broken")) == page_features(
        PageContent(ENGLISH)
    )


def test_of_equal_types_the_first_by_name_is_chosen():
    assert best_of({"forum": 0.5, "article": 0.5}).type == "article"


def test_chances_that_are_certain_leave_nothing_to_the_trained_types():
    assert merge({"article": 1.0}, {"video": 1.0, "tool": 0.0}) == {
        "article": 0.0,
        "video": 1.0,
        "tool": 0.0,
    }


def test_the_same_page_scores_the_same_in_any_batch():
    pages = [PageContent(ENGLISH), PageContent(CHINESE), PageContent(""), PageContent(ENGLISH_MENU)]
    assert score(pages)[::-1] == score(pages[::-1])
