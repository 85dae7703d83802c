import pickle

import pytest

from schemas.verdict import Decision
from stages.url_filter import UrlFilter, UrlReason


@pytest.fixture(scope="module")
def judge():
    return UrlFilter().open()


def verdict_of(judge, url):
    (verdict,) = judge([{"url": url}])
    return verdict


@pytest.mark.parametrize(
    ("url", "reason", "detail"),
    [
        (
            "https://www.casino-lucky.example/",
            UrlReason.BLOCKED_DOMAIN,
            "casino-lucky.example in gambling/domains (gambling)",
        ),
        (
            "http://forum.test/board/NSFW/7?page=2",
            UrlReason.BLOCKED_URL,
            "forum.test/board/nsfw in adult/urls (adult)",
        ),
        ("http://a.test/free-porn-here", UrlReason.FORBIDDEN_SUBWORD, "freeporn (strict words)"),
        ("http://a.test/PORN/", UrlReason.FORBIDDEN_WORD, "porn (hard words)"),
        ("http://bet.test/casino", UrlReason.SUSPICIOUS_WORDS, "bet, casino (soft words)"),
        ("mailto:me@a.test", UrlReason.INVALID_URL, "there is no host in 'mailto:me@a.test'"),
    ],
)
def test_the_reason_and_the_detail_say_what_was_found(judge, url, reason, detail):
    verdict = verdict_of(judge, url)
    assert (verdict.decision, verdict.reason, verdict.detail) == (
        Decision.REMOVE,
        reason,
        detail,
    )


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://news.bbc.co.uk/a?b=c", "bbc.co.uk"),
        ("http://me.github.io/post", "me.github.io"),
        ("http://192.0.2.7:8080/", "192.0.2.7"),
        ("http://localhost/x", "localhost"),
    ],
)
def test_a_harmless_page_stays_and_has_its_site(judge, url, site):
    verdict = verdict_of(judge, url)
    assert verdict.decision is Decision.KEEP
    assert verdict.columns == {"site": site}


@pytest.mark.parametrize("url", ["", None])
def test_a_document_without_a_url_stays(judge, url):
    verdict = verdict_of(judge, url)
    assert verdict.decision is Decision.KEEP
    assert verdict.columns == {"site": ""}


def test_a_removed_page_has_its_site_too(judge):
    assert verdict_of(judge, "http://a.casino-lucky.example").columns == {
        "site": "casino-lucky.example"
    }


def test_what_is_allowed_stays_whatever_lists_and_words_say(tmp_path):
    allow = tmp_path / "allow"
    allow.write_text("health.test/sex\n")
    stage = UrlFilter(allow=("good.casino-lucky.example",), allow_lists=(str(allow),))
    judge = stage.open()
    assert verdict_of(judge, "http://good.casino-lucky.example/").decision is Decision.KEEP
    assert verdict_of(judge, "http://health.test/sex/naked").decision is Decision.KEEP
    assert verdict_of(judge, "http://casino-lucky.example/").decision is Decision.REMOVE
    assert verdict_of(judge, "http://health.test/naked-sex").decision is Decision.REMOVE


def test_only_the_categories_that_are_named_are_read():
    judge = UrlFilter(categories=("adult",)).open()
    assert verdict_of(judge, "http://adult-videos.example/").decision is Decision.REMOVE
    assert verdict_of(judge, "http://online-poker.test/").decision is Decision.KEEP


def test_an_unknown_category_is_refused_with_those_that_exist():
    with pytest.raises(ValueError, match="'aduld' is not among adult, fraud, gambling, warez"):
        UrlFilter(categories=("aduld",)).open()


def test_the_stage_pickles_and_its_resources_follow_the_files(tmp_path):
    first = tmp_path / "hosts"
    first.write_text("a.test\n")
    stage = pickle.loads(pickle.dumps(UrlFilter(lists=(str(first),))))
    before = stage.resources()
    first.write_text("b.test\n")
    after = stage.resources()
    assert {k for k in before if before[k] != after[k]} == {"url list hosts"}
    assert "public suffix list" in before


def test_a_missing_list_is_told_before_the_run():
    with pytest.raises(FileNotFoundError, match="blocklist nowhere does not exist"):
        UrlFilter(lists=("./nowhere",)).resources()
