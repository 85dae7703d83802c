import pickle

import pytest

from models.page_type import PageTypeScore
from schemas.verdict import Decision
from stages.page_type import REASONS, PageType, PageTypeReason, judge
from tests.models.texts import CHINESE, ENGLISH, ENGLISH_MENU

KEPT = ("article", "product")


def scored(**probabilities):
    best = max(probabilities, key=probabilities.get)
    return PageTypeScore(best, probabilities[best], probabilities)


def test_kept_types_are_taken_together():
    verdict = judge(scored(article=0.2, product=0.2, listing=0.6), KEPT, 0.4)
    assert verdict.decision is Decision.KEEP
    assert verdict.columns == {
        "page_type": "listing",
        "page_type_score": 0.6,
        "kept_types_probability": 0.4,
    }


def test_the_likeliest_unwanted_type_is_the_reason():
    verdict = judge(scored(article=0.3, listing=0.2, forum=0.5), KEPT, 0.4)
    assert (verdict.decision, verdict.reason) == (Decision.REMOVE, PageTypeReason.FORUM_PAGE)
    assert verdict.detail == ("forum 0.500, kept types together 0.300 < min_kept_probability 0.4")


def test_a_type_of_a_users_own_model_has_a_reason_too():
    verdict = judge(scored(article=0.1, recipe=0.9), KEPT, 0.4)
    assert verdict.reason == PageTypeReason.UNWANTED_PAGE_TYPE


def test_every_type_of_the_embedded_model_is_kept_or_has_a_reason():
    row = {"url": "", "title": "", "text": ENGLISH, "markup": None}
    assert PageType().open()([row])
    from models.page_type import load

    types = set(load().score([ENGLISH])[0].probabilities)
    assert types == set(PageType().kept) | set(REASONS)


@pytest.mark.parametrize("text", [ENGLISH * 3, CHINESE * 3])
def test_prose_stays_and_a_menu_goes(text):
    rows = [
        {"url": "https://a.example/news/2020/bridge.html", "title": "t", "text": t, "markup": None}
        for t in (text, ENGLISH_MENU)
    ]
    decisions = [verdict.decision for verdict in PageType().open()(rows)]
    assert decisions == [Decision.KEEP, Decision.REMOVE]


def test_absent_values_are_judged_as_empty_ones():
    absent = dict.fromkeys(PageType.reads)
    empty = {"url": "", "title": "", "text": "", "markup": None}
    stage_judge = PageType().open()
    assert stage_judge([absent]) == stage_judge([empty])
    assert stage_judge([]) == []


def test_the_stage_survives_pickling_and_names_its_weights():
    stage = PageType(min_kept_probability=0.5)
    assert pickle.loads(pickle.dumps(stage)) == stage
    assert len(stage.resources()["model embedded"]) == 64
