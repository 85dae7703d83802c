"""Logistic regression over named features: out-of-fold scores, then the weights to ship."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.linear import save_linear

FOLDS = 5
Matrix = NDArray[np.float64]
Weights = dict[str, tuple[float, dict[str, float]]]


@dataclass(frozen=True)
class Fit:
    """Weights by label, and what is to be known of them: how they scored out of fold.

    ``exclusive`` labels share a probability of 1.
    """

    weights: Weights
    about: Mapping[str, object]
    exclusive: bool = False

    def save(self, folder: Path, name: str, about: Mapping[str, object]) -> None:
        """Write them as ``load_linear`` reads them."""
        save_linear(folder / f"{name}.json", self.weights, about, exclusive=self.exclusive)


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


@dataclass(frozen=True, eq=False)
class _Logistic:
    """Weights (labels, features) and biases in the features' own units, labels in sorted order.

    Two labels have one row, for the later of them.
    """

    labels: list[str]
    weights: Matrix
    biases: NDArray[np.float64]

    def chances(self, matrix: Matrix) -> Matrix:
        """The probability (rows, labels) of each label."""
        logits = matrix @ self.weights.T + self.biases
        if len(self.labels) == 2:  # noqa: PLR2004
            logits = np.hstack([np.zeros_like(logits), logits])
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)


def _fitted(matrix: Matrix, labels: NDArray[np.str_], mass: Matrix, strength: float) -> _Logistic:
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    if len(set(labels.tolist())) < 2:  # noqa: PLR2004
        raise ValueError(
            f"{len(labels)} examples outside a fold have one label or none: add others"
        )
    scaler = StandardScaler().fit(matrix)
    logistic = LogisticRegression(C=strength, max_iter=3000)
    logistic.fit(scaler.transform(matrix), labels, sample_weight=mass)
    weights = logistic.coef_ / scaler.scale_
    biases = logistic.intercept_ - weights @ scaler.mean_
    return _Logistic(list(map(str, logistic.classes_)), weights, biases)


def _mass(matrix: Matrix, mass: Sequence[float] | Matrix | None) -> Matrix:
    return np.ones(len(matrix)) if mass is None else np.array(mass, float)


def out_of_fold(
    matrix: Matrix,
    labels: Sequence[str],
    groups: Sequence[str],
    *,
    mass: Sequence[float] | Matrix | None = None,
    strength: float,
) -> Matrix:
    """Probabilities (rows, sorted labels): no row is judged by a model that saw its group."""
    known, weight = np.array(labels), _mass(matrix, mass)
    folds = np.array([fold_of(group) for group in groups])
    columns = {label: column for column, label in enumerate(sorted(set(labels)))}
    result = np.zeros((len(matrix), len(columns)))
    for fold in sorted(set(folds.tolist())):
        outside = folds == fold
        model = _fitted(matrix[~outside], known[~outside], weight[~outside], strength)
        seen = [columns[label] for label in model.labels]
        result[np.ix_(outside, seen)] = model.chances(matrix[outside])
    return result


def fit_weights(
    names: Sequence[str],
    matrix: Matrix,
    labels: Sequence[str],
    *,
    mass: Sequence[float] | Matrix | None = None,
    strength: float,
) -> Weights:
    """Bias and weight by feature for each label, in the features' own units.

    Two labels give one logistic, for the later of the two in sorted order.
    """
    model = _fitted(matrix, np.array(labels), _mass(matrix, mass), strength)
    weighed = model.labels[-len(model.weights) :]
    return {
        label: (float(bias), dict(zip(names, map(float, row), strict=True)))
        for label, bias, row in zip(weighed, model.biases, model.weights, strict=True)
    }


def roc_auc(
    positive: Sequence[bool] | NDArray[np.bool_],
    scores: Sequence[float] | Matrix,
    mass: Sequence[float] | Matrix | None = None,
) -> float | None:
    """The chance that a random positive scores above a random negative; ties count half.

    To four digits; None where either is missing.
    """
    from sklearn.metrics import roc_auc_score

    if len(set(map(bool, positive))) < 2:  # noqa: PLR2004
        return None
    return round(float(roc_auc_score(positive, scores, sample_weight=mass)), 4)


def share_below(threshold: float, scores: Matrix, mass: Matrix | None = None) -> float:
    """The share of scores under a threshold, to four digits; 0 of none.

    >>> share_below(0.5, np.array([0.1, 0.5, 0.7]), np.array([2.0, 1.0, 1.0]))
    0.5
    """
    if not len(scores):
        return 0.0
    return round(float(np.average(scores < threshold, weights=mass)), 4)
