import pytest
from hypothesis import given

from models.quality.features import features_of
from models.text.languages import KNOWN
from tests.hostile.texts import UNITS
from tests.models.quality import naive_features
from tests.models.text import naive
from tests.models.texts import CHINESE, CHINESE_MENU, ENGLISH, ENGLISH_MENU


def check(text):
    for language in KNOWN.records.values():
        assert features_of(text, language) == naive_features.features_of(text, language)


@pytest.mark.parametrize("text", [ENGLISH, CHINESE, ENGLISH_MENU, CHINESE_MENU, ENGLISH * 9, ""])
def test_the_features_of_a_text_are_those_of_the_naive_ones(text):
    check(text)


@given(naive.TEXTS)
def test_those_of_odd_texts_are_too(text):
    check(text)


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_those_of_hostile_texts_are_too(unit):
    check(unit * (500 // len(unit)))


def test_those_of_real_texts_are_too(real_texts):
    for text in real_texts[::10]:
        check(text)
