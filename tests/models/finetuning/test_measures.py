"""Figures against what can be worked out by hand or by brute force."""

import numpy as np
import pytest

from models.finetuning.calibration import (
    calibration_error,
    cross_fitted,
    fit_temperature,
    probabilities,
)
from models.finetuning.cross_validation import validation_sites
from models.finetuning.measures import Aim, choose_threshold, measure

random = np.random.default_rng(1)


def drawn(size, temperature):
    """Logits that are too sure by a temperature, and answers drawn by the true chances."""
    logits = random.normal(size=(size, 3)) * 2
    chances = probabilities(logits)
    answers = np.array([random.choice(3, p=row) for row in chances])
    return logits * temperature, answers


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_the_temperature_that_made_logits_too_sure_is_found(temperature):
    logits, answers = drawn(6000, temperature)
    assert fit_temperature(logits, answers) == pytest.approx(temperature, rel=0.1)


def test_scores_that_are_too_sure_are_mended_by_the_other_folds():
    logits, answers = drawn(6000, 3.0)
    folds = np.arange(6000) % 3
    before = calibration_error(probabilities(logits), answers)
    after = calibration_error(cross_fitted(logits, answers, folds), answers)
    assert before > 0.1
    assert after < 0.03


def test_no_place_is_calibrated_by_its_own_fold():
    logits, answers = drawn(300, 2.0)
    folds = np.arange(300) % 2
    one = cross_fitted(logits, answers, folds)
    answers[folds == 0] = 0  # changes what fold 1 is calibrated by, and not fold 0 itself
    other = cross_fitted(logits, answers, folds)
    assert (one[folds == 0] == other[folds == 0]).all()
    assert (one[folds == 1] != other[folds == 1]).any()


@pytest.mark.parametrize("aim", [Aim(0.8), Aim(0.95), Aim(None, 0.9), Aim(None, 1.0)])
def test_a_threshold_is_the_one_that_brute_force_finds(aim):
    wanted = random.random(400) < 0.6
    scores = np.round(np.clip(wanted * 0.3 + random.random(400) * 0.7, 0, 1), 2)
    fitting = []
    for value in sorted(set(scores.tolist())):
        kept = scores >= value
        precision, retained = wanted[kept].mean(), (wanted & kept).sum() / wanted.sum()
        if precision >= (aim.min_precision or 0) and (
            aim.min_precision is not None or retained >= aim.min_retained
        ):
            fitting.append((value, precision, retained))
    expected = fitting[0] if aim.min_precision is not None else fitting[-1]
    found = choose_threshold(wanted, scores, aim)
    assert (found.value, found.precision, found.retained) == pytest.approx(expected, abs=1e-4)


def test_a_precision_that_nothing_reaches_gives_no_threshold():
    assert choose_threshold(np.array([True, False]), np.array([0.5, 0.5]), Aim(0.9)) is None


def test_figures_of_answers_that_are_all_right():
    answers = np.array([0, 1, 2, 0, 1, 2])
    figures = measure(
        ("article", "listing", "forum"),
        ("article",),
        np.eye(3)[answers] * 5,
        answers,
        np.array([0, 0, 0, 1, 1, 1]),
        documents=np.arange(6),
        languages=["en", "en", "en", "zh", "zh", "zh"],
        sites=["a", "b", "a", "d", "e", "a"],
        aim=Aim(),
    )
    assert (figures.auc, figures.average_precision, figures.macro_f1) == (1, 1, 1)
    assert figures.confusion["en"]["article"] == {"article": 1}
    assert figures.by_label["forum"].sites == 1
    assert figures.threshold.others_removed == 1


def test_sites_that_stop_a_training_are_some_and_never_all():
    many = {f"site-{n}" for n in range(200)}
    chosen = validation_sites(many)
    assert 8 <= len(chosen) <= 35
    assert len(validation_sites({"a", "b"})) == 1
    assert validation_sites({"a"}) == set()
