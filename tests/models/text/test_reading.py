import pytest
from hypothesis import given

from models import clutter, page_type, quality
from models.text import languages
from models.text.languages import Languages
from models.text.reading import Reading, RecentReadings
from models.text.shape import is_not_prose
from tests.models.text import naive


@pytest.mark.parametrize("model", [clutter, page_type, quality])
def test_a_model_that_is_loaded_has_what_its_forks_share(model, monkeypatch):
    fresh = Languages(languages.KNOWN.records)
    monkeypatch.setattr(languages, "KNOWN", fresh)
    model.load()
    assert {"kinds", "search"} <= vars(fresh).keys()


@given(naive.TEXTS)
def test_prose_is_what_the_rule_for_a_line_says(text):
    expected = [not is_not_prose(line) for line in text.split("\n")]
    assert Reading(text).is_prose.tolist() == expected


def test_a_text_that_was_read_is_not_read_again():
    readings = RecentReadings()
    assert readings.of("a mill") is readings.of("a " + "mill")


def test_readings_are_forgotten_where_their_texts_grow_too_long_together():
    readings = RecentReadings(max_characters=80)
    first = readings.of("0" * 10)
    for digit in "12345678":
        readings.of(digit * 10)
    assert readings.of("8" * 10) is readings.of("8" * 10)
    assert readings.of("0" * 10) is not first


def test_all_readings_are_forgotten_when_that_is_asked_for():
    readings = RecentReadings()
    first = readings.of("a mill")
    readings.forget()
    again = readings.of("a mill")
    assert again is not first
    assert readings.of("a mill") is again


def test_a_long_text_is_not_remembered_and_forgets_nothing():
    readings = RecentReadings(max_characters=80)
    first = readings.of("a mill")
    assert readings.of("x" * 11) is not readings.of("x" * 11)
    assert readings.of("a mill") is first


def test_other_languages_read_anew(monkeypatch):
    readings = RecentReadings()
    first = readings.of("a mill")
    monkeypatch.setattr(languages, "KNOWN", Languages(languages.KNOWN.records))
    assert readings.of("a mill") is not first
