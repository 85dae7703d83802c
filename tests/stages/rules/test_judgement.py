from concurrent.futures import ThreadPoolExecutor

import pytest

from schemas.verdict import Decision
from stages.rules import FAMILIES, RuleReason, judge
from tests.stages.rules.texts import FAULTY, GOOD


def test_the_first_failing_rule_decides_and_tells_measure_and_threshold():
    verdict = judge("Too short.", language="en")
    assert (verdict.decision, verdict.reason) == (Decision.REMOVE, RuleReason.TEXT_TOO_SHORT)
    assert verdict.detail == "characters 9 < min_characters 100"


def test_measures_are_there_whatever_the_decision():
    assert judge("Too short.", language="en").measures.words == 2
    assert judge(GOOD["zh"], language="zh").measures.words > 50


def test_the_detail_names_the_phrase_that_was_found():
    page = (
        GOOD["en"]
        + "\nOnline casino! Free spins! Poker online! Betting sites! Payday loans online!"
    )
    verdict = judge(page, language="en")
    assert verdict.reason is RuleReason.SPAM
    assert "'payday loans online'" in verdict.detail


def test_the_detail_names_the_part_of_the_title_that_matched():
    verdict = judge(GOOD["zh"], language="zh", title="对不起，页面不存在 - 某网")
    assert verdict.reason is RuleReason.LISTED_TITLE
    assert "'页面不存在'" in verdict.detail


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Page not found: a short history of the 404"),
        ("en", "404 ways to cook an egg"),
        ("en", "Access denied: how a town lost its river path"),
        ("en", "Log in the river: a rescue"),
        ("zh", "注册会计师考试练习题"),
        ("zh", "忘记密码之后我学会了什么"),
        ("zh", "网站建设中的十个误区"),
    ],
)
def test_a_title_that_says_more_than_an_error_page_does_is_an_articles(language, title):
    assert judge(GOOD[language], language=language, title=title).decision is Decision.KEEP


@pytest.mark.parametrize(
    ("language", "title"),
    [
        *[("en", title) for title in ("404 Not Found", "Oops! Page not found.", "Login – Acme")],
        *[
            ("en", title)
            for title in ("Sign in to your account", "Search results for mills", "Cart")
        ],
        *[("zh", title) for title in ("用户登录", "注册账号", "忘记密码 - 某网", "404 页面不存在")],
    ],
)
def test_a_title_as_such_pages_have_it_goes(language, title):
    verdict = judge(GOOD[language], language=language, title=title)
    assert verdict.reason is RuleReason.LISTED_TITLE


def test_a_family_that_is_off_does_not_decide():
    repeated = "\n".join([GOOD["en"]] * 4)
    assert judge(repeated, language="en").decision is Decision.REMOVE
    families = [family for family in FAMILIES if family != "duplicates"]
    assert judge(repeated, language="en", families=families).decision is Decision.KEEP


def test_an_unknown_family_is_refused():
    with pytest.raises(ValueError, match="'gopher' is no family of rules; there are empty, meta"):
        judge("text", language="en", families=["gopher"])


def test_script_and_region_do_not_change_the_language():
    assert judge(GOOD["zh-Hant"], language="zh-TW") == judge(GOOD["zh-Hant"], language="zh")


def test_a_language_without_rules_is_refused_in_words():
    with pytest.raises(FileNotFoundError, match=r"no rules file .*fr\.toml"):
        judge("Bonjour", language="fr")


def test_judging_is_a_function_of_the_document_alone():
    texts = [GOOD["en"], FAULTY["en"]["max_spam_phrases"], "", "a\n" * 100] * 5
    once = [judge(text, language="en") for text in texts]
    with ThreadPoolExecutor(2) as pool:
        again = list(pool.map(lambda text: judge(text, language="en"), reversed(texts)))
    assert again == once[::-1]


def test_a_url_that_cannot_be_parsed_is_no_fault():
    assert judge(GOOD["en"], language="en", url="http://[::1").decision is Decision.KEEP
