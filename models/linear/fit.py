"""Logistic regression over named features: out-of-fold scores, then the weights to ship."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

FOLDS = 5
Matrix = NDArray[np.float64]
Weights = dict[str, tuple[float, dict[str, float]]]


def fold_of(group: str, folds: int = FOLDS) -> int:
    """The fold that holds out a group (a site): by hash, so that adding a site moves no other."""
    return int.from_bytes(hashlib.sha256(group.encode()).digest()[:8], "big") % folds


def matrix_of(rows: Iterable[Mapping[str, float]]) -> tuple[list[str], Matrix]:
    """The names of the features and a matrix (rows, features) in the order of the names."""
    names: list[str] = []
    values = []
    for row in rows:
        names = names or list(row)
        values.append(np.array([row[name] for name in names]))
    return names, np.array(values)


def _fitted(matrix: Matrix, labels: Matrix, mass: Matrix, strength: float) -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    logistic = LogisticRegression(C=strength, max_iter=3000)
    estimator = make_pipeline(StandardScaler(), logistic)
    return estimator.fit(matrix, labels, logisticregression__sample_weight=mass)


def _mass(matrix: Matrix, mass: Sequence[float] | None) -> Matrix:
    return np.ones(len(matrix)) if mass is None else np.array(mass, float)


def out_of_fold(
    matrix: Matrix,
    labels: Sequence[str],
    groups: Sequence[str],
    *,
    mass: Sequence[float] | None = None,
    strength: float,
) -> Matrix:
    """Probabilities (rows, sorted labels): no row is judged by a model that saw its group."""
    known, weight = np.array(labels), _mass(matrix, mass)
    folds = np.array([fold_of(group) for group in groups])
    result = np.zeros((len(matrix), len(set(labels))))
    for fold in range(FOLDS):
        inside = folds != fold
        estimator = _fitted(matrix[inside], known[inside], weight[inside], strength)
        if not inside.all():
            result[~inside] = estimator.predict_proba(matrix[~inside])
    return result


def fit_weights(
    names: Sequence[str],
    matrix: Matrix,
    labels: Sequence[str],
    *,
    mass: Sequence[float] | None = None,
    strength: float,
) -> Weights:
    """Bias and weight by feature for each label, in the features' own units.

    Two labels give one logistic, for the later of the two in sorted order.
    """
    estimator = _fitted(matrix, np.array(labels), _mass(matrix, mass), strength)
    scaler, logistic = estimator[0], estimator[1]
    coefficients = logistic.coef_ / scaler.scale_
    biases = logistic.intercept_ - coefficients @ scaler.mean_
    known = list(logistic.classes_)
    labelled = known[-1:] if len(coefficients) == 1 else known
    return {
        str(label): (float(bias), dict(zip(names, map(float, row), strict=True)))
        for label, bias, row in zip(labelled, biases, coefficients, strict=True)
    }


def roc_auc(
    positive: Sequence[bool] | Matrix,
    scores: Sequence[float] | Matrix,
    mass: Sequence[float] | Matrix | None = None,
) -> float:
    """The chance that a random positive scores above a random negative; ties count half."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(positive, scores, sample_weight=mass))
