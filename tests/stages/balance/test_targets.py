"""Whose documents count towards a target, and what a target may be called."""

import re

import pytest

from stages.balance.cells import Content
from stages.balance.targets import OTHERS, names_page_types, read_targets
from tests.stages.balance.mixes import TAXONOMY


def target_of(category, shares, sets=None, page_type=""):
    return read_targets(TAXONOMY, shares, sets or {}).of(Content("en", category, page_type))


@pytest.mark.parametrize(
    ("category", "page_type", "target"),
    [
        ("physics", "product", "physics"),
        ("chemistry", "product", "natural_science"),
        ("economics", "product", "knowledge"),
        ("film", "product", "page_type:product"),
        ("film", "article", OTHERS),
        ("recipes", "article", "cooking"),
    ],
)
def test_a_document_counts_towards_the_narrowest_target(category, page_type, target):
    shares = dict.fromkeys(
        ("knowledge", "natural_science", "physics", "page_type:product", "cooking"), 0.1
    )
    sets = {"cooking": ["recipes", "restaurants_dining"]}
    assert target_of(category, shares, sets, page_type) == target


@pytest.mark.parametrize(
    ("shares", "sets", "message"),
    [
        ({"physiks": 0.1}, {}, "targets: 'physiks' is no class, group or kind of the taxonomy"),
        ({"physiks": 0.1}, {}, "did you mean 'physics'?"),
        ({"page_type:": 0.1}, {}, "targets: 'page_type:' is no class"),
        ({"physics": 0.6, "film": 0.5}, {}, "targets: are 1.1 together, must be 1 at most"),
        ({"a": 0.1}, {"a": ["physics", "fil"]}, "target_sets.a: 'fil' is no class"),
        ({"a": 0.1, "physics": 0.1}, {"a": ["physics"]}, "'physics' counts towards 'a' already"),
        ({}, {"a": ["physics"]}, "target_sets.a: has no share: add targets.a"),
    ],
)
def test_a_target_that_cannot_be_is_told(shares, sets, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        read_targets(TAXONOMY, shares, sets)


def test_page_types_are_asked_for_where_a_target_names_one():
    assert names_page_types({"page_type:product": 0.1}, {})
    assert names_page_types({"shops": 0.1}, {"shops": ["page_type:product"]})
    assert not names_page_types({"physics": 0.1}, {})
