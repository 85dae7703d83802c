"""The labels that the shipped weights were learnt from, and the folds they were judged in."""

import random

import pytest

from curation.training.clutter import wrap
from curation.training.corruptions import CORRUPTIONS
from curation.training.line_labels import label_lines
from tests.models.texts import CHINESE, ENGLISH


def test_a_line_of_the_truth_is_main_text_and_a_menu_line_is_not():
    lines = [
        ENGLISH.split("\n")[1],
        "Skip to content",
        CHINESE.split("\n")[0],
        "更多精彩内容请关注",
    ]
    assert label_lines(lines, f"{ENGLISH}\n{CHINESE}") == [True, False, True, False]


def test_a_piece_of_a_line_of_the_truth_is_main_text():
    assert label_lines(wrap([CHINESE.split("\n")[1]], 20)[:3], CHINESE) == [True] * 3


def test_a_short_line_that_only_occurs_inside_another_is_not_labelled():
    assert label_lines(["bridge", "The town"], ENGLISH) == [None, None]


def test_the_title_and_blank_lines_are_not_labelled():
    assert label_lines(["The bridge of Aldon", " "], ENGLISH, "The Bridge of Aldon") == [None, None]


@pytest.mark.parametrize("kind", CORRUPTIONS)
def test_a_corruption_is_the_same_for_the_same_seed_and_never_the_text(kind):
    made = [CORRUPTIONS[kind](CHINESE, random.Random(3)) for _ in range(2)]
    assert made[0] == made[1] != CHINESE
