import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.verdict import Decision
from stages.rules import judge
from stages.rules.evidence import COUNTED, lower_limit, upper_limit
from stages.rules.families import RULES
from stages.rules.measures import NAMES
from tests.stages.rules.texts import GOOD


def chance_of_at_least(hits, whole, share):
    return sum(
        math.comb(whole, k) * share**k * (1 - share) ** (whole - k) for k in range(hits, whole + 1)
    )


@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
@pytest.mark.parametrize("whole", [1, 5, 20, 100, 400])
def test_under_the_lower_limit_the_count_would_be_just_so_unlikely(whole, confidence):
    for hits in {1, 2, 3, whole // 2, whole - 1, whole} & set(range(1, whole + 1)):
        limit = lower_limit(hits / whole, whole, confidence)
        assert chance_of_at_least(hits, whole, limit + 0.01) > 1 - confidence
        assert chance_of_at_least(hits, whole, max(0.0, limit - 0.01)) < 1 - confidence


@given(st.floats(0, 1), st.floats(0.01, 1e6))
def test_a_rate_lies_between_its_limits(share, whole):
    low, high = lower_limit(share, whole, 0.99), upper_limit(share, whole, 0.99)
    assert 0 <= low <= share + 1e-9
    assert share - 1e-9 <= high <= 1


@given(st.integers(1, 20), st.integers(2, 50))
def test_the_same_share_of_more_things_proves_more(hits, times):
    share = hits / 20
    assert lower_limit(share, 20 * times, 0.99) > lower_limit(share, 20, 0.99)


def test_every_rate_that_a_rule_bounds_has_a_count():
    rates = {rule.measure for rule in RULES if rule.measure.endswith(("_ratio", "_per_token"))}
    assert rates <= COUNTED.keys()
    assert {counted.unit for counted in COUNTED.values()} | COUNTED.keys() <= set(NAMES)


@pytest.mark.parametrize(
    ("language", "phrase"),
    [
        *(("en", x) for x in ("SEO services", "Satisfaction guaranteed!", "Out of stock.", "porn")),
        *(("en", x) for x in ("Read more", "All rights reserved.", "Page not found")),
        *(
            ("zh", x)
            for x in ("查看更多", "首页", "版权所有", "友情链接", "登录", "色情", "页面不存在")
        ),
    ],
)
def test_a_single_phrase_never_removes_a_page(language, phrase):
    verdict = judge(f"{GOOD[language]}\n{phrase}", language=language)
    assert verdict.decision is Decision.KEEP, verdict.detail


def test_a_phrase_said_again_is_no_second_witness():
    article = (
        f"{GOOD['en']} Some firms sell SEO services. SEO services are dear. SEO services help."
    )
    assert judge(article, language="en").decision is Decision.KEEP


def test_the_detail_says_on_what_a_rate_rests():
    detail = judge(
        "Home\nAbout us\nNews\nContact\n" * 15, language="en", families=["structure"]
    ).detail
    assert detail == (
        "fragment_lines_ratio 1 > max_fragment_lines_ratio 0.84, at least 0.9261 at 99%: lines 60"
    )


def test_what_a_font_of_icons_draws_hurts_no_word():
    lines = GOOD["zh"].replace("。", "。\n").splitlines()
    decorated = "\n".join(f"\ue603 \ufffd {line} \uf0b7" for line in lines)
    assert judge(decorated, language="zh").decision is Decision.KEEP
    hurt = GOOD["zh"].replace("的", "\ufffd").replace("了", "\ufffd")
    assert judge(hurt, language="zh").reason == "undecodable"


def test_the_space_of_gbk_in_private_use_is_a_space():
    indented = GOOD["zh"].replace("\n", "\n\ue5e5\ue5e5").replace("，", "，\ue5e5")
    assert judge(indented, language="zh").measures.garbled_ratio == 0
