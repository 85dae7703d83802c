"""The layer of the category model: labels of one class and of several, whole numbers."""

import numpy as np

from models.category.fit import Learnt, fit, judge_out_of_fold, quantised


def learnt(answers):
    """Thirty examples of each of three directions."""
    kinds = np.repeat(np.arange(3), 30)
    vectors = np.eye(8, dtype=np.float32)[kinds]
    return Learnt(
        ("a", "b", "c"),
        np.arange(3),
        vectors,
        np.zeros((90, 3)),
        np.array([answers[kind] for kind in kinds]),
        np.ones(90),
        np.arange(90) % 2,
    )


def test_a_layer_learns_one_class_for_each_direction_out_of_fold():
    assert judge_out_of_fold(learnt(np.eye(3, dtype=bool))).hits.all()


def test_a_label_that_two_classes_answer_leaves_the_third_out():
    some = learnt(np.array([[True, True, False], [False, False, True], [False, False, True]]))
    logits = fit(some).logits(some.vectors, some.shares)
    assert (logits[:30, :2].min(axis=1) > logits[:30, 2]).all()


def test_whole_numbers_give_the_logits_of_the_layer():
    some = learnt(np.eye(3, dtype=bool))
    layer = fit(some)
    whole = quantised(layer, some.classes, 2.0).logits(some.vectors, some.shares)
    assert np.allclose(whole, layer.logits(some.vectors, some.shares) / 2, atol=1e-3)
