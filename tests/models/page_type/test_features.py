import pytest
from hypothesis import given

from models.page_type.features import PageContent, page_features
from tests.hostile.texts import UNITS
from tests.models.page_type import naive_features
from tests.models.text import naive
from tests.models.texts import CHINESE, CHINESE_MENU, ENGLISH, ENGLISH_MENU


def check(text, title=""):
    [found] = page_features([PageContent(text, title=title)])
    expected = naive_features.shape_features(text) | naive_features.word_features(text, title)
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize("text", [ENGLISH, CHINESE, ENGLISH_MENU, CHINESE_MENU, ""])
def test_the_features_of_a_text_are_those_of_the_naive_ones(text):
    check(text, "Watch online: casino 在线观看")


@given(naive.TEXTS, naive.TEXTS)
def test_those_of_odd_texts_are_too(text, title):
    check(text, title)


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_those_of_hostile_texts_are_too(unit):
    check(unit * (500 // len(unit)))


def test_those_of_real_texts_are_too(real_texts):
    for text in real_texts[::10]:
        check(text[:20_000])
