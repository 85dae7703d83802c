import numpy as np
import pytest

from models.main_content.choice import PRODUCT_ODDS, choose, leave_one_copy, sharpen


@pytest.mark.parametrize("odds", [1.0, PRODUCT_ODDS])
def test_the_chosen_blocks_have_the_best_expected_f1_of_all_subsets(odds):
    rng = np.random.default_rng(3)
    for _ in range(50):
        probability, words = rng.random(8), rng.integers(1, 60, 8).astype(float)
        sharp = sharpen(probability, odds)
        subsets = np.array([[n >> bit & 1 for bit in range(8)] for n in range(1, 256)], bool)

        def expected(subset, p=sharp, w=words):
            return 2 * (p * w)[subset].sum() / (w[subset].sum() + (p * w).sum())

        best = max(map(expected, subsets))
        assert expected(choose(probability, words, odds)) == pytest.approx(best)


def test_blocks_that_cannot_be_main_text_are_never_chosen():
    assert not choose(np.zeros(3), np.ones(3)).any()


def test_odds_are_multiplied_before_they_are_sharpened():
    found = sharpen(np.array([0.8]), 0.5)  # odds of 4, then 2, then 2 ** 1.5
    assert found[0] / (1 - found[0]) == pytest.approx(2**1.5)


def test_much_text_that_is_hardly_likely_is_left_out_where_a_page_sells_one_product():
    probability, words = np.array([0.9, *[0.4] * 20]), np.array([100.0, *[20.0] * 20])
    assert choose(probability, words).all()
    assert choose(probability, words, PRODUCT_ODDS).tolist() == [True] + [False] * 20


def test_of_copies_the_likeliest_stays_and_of_equals_the_first():
    text = "a line of five words"
    texts = [text, "another line of words", text, text]
    words = np.array([5.0, 4.0, 5.0, 5.0])
    found = leave_one_copy(np.array([0.4, 0.5, 0.8, 0.8]), words, texts)
    assert found.tolist() == [0.0, 0.5, 0.8, 0.0]


def test_copies_of_a_short_text_all_stay():
    probability = np.array([0.4, 0.6])
    assert leave_one_copy(probability, np.ones(2), ["Yes", "Yes"]).tolist() == [0.4, 0.6]
