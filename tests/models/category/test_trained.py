"""How the trained form chooses among probabilities, and its exact products."""

import numpy as np

from models.category.trained import UNIT, Weights, choose

GROUPS = np.array([0, 1, 1, 0, 2])


def test_two_classes_of_a_group_beat_a_likelier_stranger():
    assert choose(np.array([[0.0, 0.25, 0.35, 0.0, 0.4]]), GROUPS).tolist() == [2]


def test_of_equal_groups_and_of_equal_classes_the_first_is_chosen():
    chances = np.array([[0.2, 0.4, 0.0, 0.2, 0.2], [0.0, 0.4, 0.4, 0.2, 0.0]])
    assert choose(chances, GROUPS).tolist() == [0, 1]


def test_what_differs_past_six_digits_is_equal():
    assert choose(np.array([[0.0, 0.3, 0.3 + 1e-9, 0.0, 0.4]]), GROUPS).tolist() == [1]


def test_products_are_those_of_whole_numbers():
    random = np.random.default_rng(3)
    vectors = random.normal(size=(9, 512)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    matrix = random.integers(-32_000, 32_000, (5, 512)).astype(np.int16)
    weights = Weights(tuple("abcde"), matrix, np.zeros(5), 1.0, 0.0)
    whole = np.rint(vectors.astype(np.float64) * UNIT).astype(np.int64)
    expected = [
        [sum(map(int.__mul__, row, own)) for own in matrix.tolist()] for row in whole.tolist()
    ]
    assert weights.logits(vectors, np.zeros((9, 5))).tolist() == expected
