"""Figures of agreement, against other libraries and examples that can be counted by hand."""

import numpy as np
import pytest

from models.distillation.agreement import (
    KEPT,
    REMOVED,
    Decided,
    Pair,
    agreement,
    curve,
    rank_correlation,
    weighted_kappa,
)
from models.distillation.soft import MIN_CHANCE, spread


def decided(scores, threshold=0.5):
    scores = np.array(scores, float)
    return Decided(scores, np.where(scores >= threshold, KEPT, REMOVED), np.zeros((len(scores), 0)))


def test_kappa_is_that_of_scikit_learn():
    from sklearn.metrics import cohen_kappa_score

    source = np.random.default_rng(1)
    one, other = (source.choice(["a", "b", "c"], 200) for _ in range(2))
    other = np.where(source.random(200) < 0.5, one, other)
    weights = source.random(200)
    expected = cohen_kappa_score(one, other, sample_weight=weights)
    assert weighted_kappa(one, other, weights) == pytest.approx(expected, abs=1e-4)


def test_what_is_always_the_same_has_no_rank_and_no_kappa():
    same = np.array(["a"] * 4)
    assert weighted_kappa(same, same, np.ones(4)) is None
    assert rank_correlation(np.ones(4), np.arange(4.0)) is None


def test_ranks_and_not_distances_are_correlated():
    one = np.array([0.1, 0.2, 0.3, 0.9])
    assert rank_correlation(one, one**5) == 1.0
    assert rank_correlation(one, -one) == -1.0


def test_shares_are_of_the_run_and_not_of_the_sample():
    small, large = decided([0.6, 0.6, 0.1]), decided([0.6, 0.1, 0.1])
    found = agreement(small, large, np.array([1.0, 8.0, 1.0]), 3)
    assert found.documents == 3
    assert found.accuracy == 0.2
    assert found.kept_by_checkpoint == 0.1
    assert found.kept_by_embedded == 0.9
    assert found.auc == 0.75  # of the two that the checkpoint removes one has an equal score


def test_of_many_classes_the_ranks_are_of_the_checkpoints_class():
    labels = ("a", "b")
    large = np.array([[0.9, 0.1], [0.2, 0.8], [0.4, 0.6]])
    small = np.array([[0.7, 0.3], [0.4, 0.6], [0.6, 0.4]])
    sides = [Decided(m.max(axis=1), np.array(labels)[m.argmax(axis=1)], m, labels)
             for m in (small, large)]  # fmt: skip
    found = agreement(*sides, np.ones(3), 3)
    assert found.rank_correlation == 1.0  # 0.7, 0.6, 0.4 as 0.9, 0.8, 0.6
    assert found.accuracy == pytest.approx(2 / 3, abs=1e-4)
    assert found.kept_by_checkpoint is None


def test_a_cascade_mends_what_differs_near_the_threshold():
    """The small model errs between 0.4 and 0.6 alone; one in five lies there."""
    source = np.random.default_rng(2)
    scores = source.random(2_000)
    errs = (scores > 0.4) & (scores < 0.6) & (source.random(2_000) < 0.5)
    small = decided(scores)
    large = Decided(scores, np.where(errs, REMOVED, small.decision), np.zeros((2_000, 0)))
    folds = source.integers(0, 5, 2_000).tolist()
    differing = Pair(small, large, np.arange(2_000), scores).differing
    found = curve(scores, differing, np.ones(2_000), folds, 0.5, shares=(0.05, 0.1, 0.3))
    sent, right = [one.sent for one in found], [one.accuracy for one in found]
    assert sent[0] == pytest.approx(0.05, abs=0.01)
    assert sent[1] == pytest.approx(0.1, abs=0.01)
    assert sent[2] < 0.12  # above a threshold nothing but what is kept can differ
    assert right[0] < right[1] <= right[2]
    assert right[2] > 0.995


def test_of_lines_a_document_differs_by_a_share_and_they_weigh_together_what_it_does():
    small, large = decided([0.9, 0.1, 0.9, 0.4]), decided([0.9, 0.9, 0.9, 0.9])
    pair = Pair(small, large, np.array([0, 0, 0, 2]), np.array([0.1, 1.0, 0.4]))
    assert pair.differing.tolist() == pytest.approx([1 / 3, 0, 1])
    weights = pair.weights_of_places(np.array([6.0, 5.0, 1.0]))
    assert weights.tolist() == [2, 2, 2, 1]
    assert agreement(small, large, weights, 3).accuracy == pytest.approx(4 / 7, abs=1e-4)


def test_probabilities_that_are_small_leave_their_mass_to_the_others():
    made = spread([{"a": 0.5, "b": 0.49, "c": MIN_CHANCE / 2}])
    assert made.labels == ("a", "b")
    assert made.mass.sum() == pytest.approx(1)
    assert made.mass[0] > made.mass[1]
