import numpy as np
import pytest

from models.main_content.choice import choose, leave_one_copy, sharpen


def test_the_chosen_blocks_have_the_best_expected_f1_of_all_subsets():
    rng = np.random.default_rng(3)
    for _ in range(50):
        probability, words = rng.random(8), rng.integers(1, 60, 8).astype(float)
        sharp = sharpen(probability)
        subsets = np.array([[n >> bit & 1 for bit in range(8)] for n in range(1, 256)], bool)

        def expected(subset, p=sharp, w=words):
            return 2 * (p * w)[subset].sum() / (w[subset].sum() + (p * w).sum())

        best = max(map(expected, subsets))
        assert expected(choose(probability, words)) == pytest.approx(best)


def test_blocks_that_cannot_be_main_text_are_never_chosen():
    assert not choose(np.zeros(3), np.ones(3)).any()


def test_of_copies_the_likeliest_stays_and_of_equals_the_first():
    text = "a line of five words"
    texts = [text, "another line of words", text, text]
    words = np.array([5.0, 4.0, 5.0, 5.0])
    found = leave_one_copy(np.array([0.4, 0.5, 0.8, 0.8]), words, texts)
    assert found.tolist() == [0.0, 0.5, 0.8, 0.0]


def test_copies_of_a_short_text_all_stay():
    probability = np.array([0.4, 0.6])
    assert leave_one_copy(probability, np.ones(2), ["Yes", "Yes"]).tolist() == [0.4, 0.6]
