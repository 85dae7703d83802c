import numpy as np

from models.main_content.truth import shares_inside

FOX = "the quick brown fox jumps over"


def test_labels_are_the_share_of_a_text_that_the_truth_has():
    shares = shares_inside([FOX, "Home", "fox", "!"], f"{FOX}\nHome")
    assert shares[:3].tolist() == [1.0, 1.0, 0.6]
    assert np.isnan(shares[3])


def test_a_text_that_is_not_in_the_truth_has_no_share_in_it():
    assert shares_inside(["sign up for our newsletter today", "menu"], FOX).tolist() == [0, 0]


def test_a_text_that_goes_on_after_the_truth_has_a_part_in_it():
    [share] = shares_inside([f"{FOX} and read on here"], FOX)
    assert share == 3 / 7


def test_chinese_is_compared_character_by_character():
    assert shares_inside(["桥梁的建设问题", "首页"], "会议讨论新桥梁的建设问题").tolist() == [1, 0]
