import pytest
from hypothesis import given

from models.clutter import judged_lines
from models.clutter.features import line_features
from tests.hostile.texts import UNITS
from tests.models.clutter import naive_features
from tests.models.text import naive
from tests.models.texts import CHINESE, CHINESE_MENU, ENGLISH, ENGLISH_MENU


def check(lines):
    assert line_features(lines) == naive_features.line_features(lines)


@pytest.mark.parametrize("text", [ENGLISH, CHINESE, ENGLISH_MENU, CHINESE_MENU])
def test_the_features_of_lines_are_those_of_the_naive_ones(text):
    check(text.split("\n"))
    check(f"{ENGLISH_MENU}\n\n{text}\n{CHINESE}\n{text}".split("\n"))


@given(naive.TEXTS)
def test_those_of_odd_lines_are_too(text):
    check(text.split("\n"))


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_those_of_hostile_lines_are_too(unit):
    check((unit * (500 // len(unit))).split("\n"))


def test_those_of_real_texts_are_too(real_texts):
    for text in real_texts[::10]:
        check(judged_lines(text))


def test_no_lines_have_no_features():
    assert line_features([]) == []
