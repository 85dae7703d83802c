"""Temperatures: one number by which logits are divided so that probabilities are frequencies.

Source: Guo et al., On Calibration of Modern Neural Networks (arXiv:1706.04599), sections 3 and 4.2.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Numbers = NDArray[np.int64]

BANDS = 15
LIMITS = (-3.0, 3.0)
"""Of the logarithm of a temperature: 0.05 to 20."""


def probabilities(logits: Matrix, temperature: float = 1.0) -> Matrix:
    """The softmax of each row, (rows, labels).

    >>> probabilities(np.array([[0.0, 0.0]])).tolist()
    [[0.5, 0.5]]
    """
    scaled = logits / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def fit_temperature(logits: Matrix, answers: Numbers) -> float:
    """The temperature under which the answers are the likeliest; 1 without any."""
    from scipy.optimize import minimize_scalar

    if not len(answers):
        return 1.0
    rows = np.arange(len(answers))

    def loss(logarithm: float) -> float:
        right = probabilities(logits, float(np.exp(logarithm)))[rows, answers]
        return -float(np.log(np.maximum(right, 1e-12)).mean())

    return float(np.exp(minimize_scalar(loss, bounds=LIMITS, method="bounded").x))


def calibration_error(chances: Matrix, answers: Numbers) -> float:
    """How far the likeliest label's probability is from the share in which it is right.

    The mean over bands of equal width, by the places in each (ECE, 15 bands); 0 of no places.

    >>> calibration_error(np.array([[0.75, 0.25]] * 4), np.array([0, 0, 0, 1]))
    0.0
    """
    if not len(answers):
        return 0.0
    best = chances.max(axis=1)
    hits = chances.argmax(axis=1) == answers
    bands = np.minimum((best * BANDS).astype(int), BANDS - 1)
    gaps = [abs(float((best[bands == b] - hits[bands == b]).sum())) for b in np.unique(bands)]
    return sum(gaps) / len(answers)


def cross_fitted(logits: Matrix, answers: Numbers, folds: Numbers) -> Matrix:
    """Probabilities of each fold at the temperature of the others: what a new site would get."""
    result = np.zeros_like(logits)
    for fold in np.unique(folds):
        here = folds == fold
        others = ~here if (~here).any() else here
        temperature = fit_temperature(logits[others], answers[others])
        result[here] = probabilities(logits[here], temperature)
    return result
