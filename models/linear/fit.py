"""Logistic regression over features and embeddings: out-of-fold scores, then weights to ship."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.linear import LabelWeights, save_linear

FOLDS = 5
VECTOR_SCALE = 10.0
"""Features have deviation 1, a dimension of a unit vector of 512 a 22nd: at 10 times that it is
shrunk five times as much as a feature. Page types out of fold: 5 to 12 are alike, 1 is worse."""
Matrix = NDArray[np.float64]
Weights = dict[str, LabelWeights]


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
    """Weights (labels, columns) and biases in the columns' own units, labels in sorted order.

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


def _fitted(
    matrix: Matrix,
    vectors: Matrix,
    labels: NDArray[np.str_],
    mass: Matrix,
    strength: float,
    vector_scale: float,
) -> _Logistic:
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    if len(set(labels.tolist())) < 2:  # noqa: PLR2004
        raise ValueError(
            f"{len(labels)} examples outside a fold have one label or none: add others"
        )
    scaler = StandardScaler().fit(matrix)
    logistic = LogisticRegression(C=strength, max_iter=3000)
    scaled = np.hstack([scaler.transform(matrix), vectors * vector_scale])
    few = vectors.size and np.count_nonzero(vectors) < vectors.size / 2
    logistic.fit(csr_matrix(scaled) if few else scaled, labels, sample_weight=mass)
    dimensions = np.full(vectors.shape[1], 1 / vector_scale)
    weights = logistic.coef_ / np.concatenate([scaler.scale_, dimensions])
    biases = logistic.intercept_ - weights[:, : matrix.shape[1]] @ scaler.mean_
    return _Logistic(list(map(str, logistic.classes_)), weights, biases)


def _vectors(matrix: Matrix, vectors: Matrix | None) -> Matrix:
    return np.zeros((len(matrix), 0)) if vectors is None else vectors


def _mass(matrix: Matrix, mass: Sequence[float] | Matrix | None) -> Matrix:
    return np.ones(len(matrix)) if mass is None else np.array(mass, float)


def out_of_fold(
    matrix: Matrix,
    labels: Sequence[str],
    groups: Sequence[str],
    *,
    vectors: Matrix | None = None,
    mass: Sequence[float] | Matrix | None = None,
    strength: float,
    vector_scale: float = VECTOR_SCALE,
) -> Matrix:
    """Probabilities (rows, sorted labels): no row is judged by a model that saw its group.

    ``vectors`` (rows, dimensions) are of length 1, or some of them put side by side; the larger
    their scale, the less their weights are shrunk.
    """
    known, weight, near = np.array(labels), _mass(matrix, mass), _vectors(matrix, vectors)
    folds = np.array([fold_of(group) for group in groups])
    columns = {label: column for column, label in enumerate(sorted(set(labels)))}
    result = np.zeros((len(matrix), len(columns)))
    for fold in sorted(set(folds.tolist())):
        outside = folds == fold
        seen = ~outside
        model = _fitted(matrix[seen], near[seen], known[seen], weight[seen], strength, vector_scale)
        known_to_it = [columns[label] for label in model.labels]
        judged = np.hstack([matrix[outside], near[outside]])
        result[np.ix_(outside, known_to_it)] = model.chances(judged)
    return result


def fit_weights(
    names: Sequence[str],
    matrix: Matrix,
    labels: Sequence[str],
    *,
    vectors: Matrix | None = None,
    mass: Sequence[float] | Matrix | None = None,
    strength: float,
    vector_scale: float = VECTOR_SCALE,
) -> Weights:
    """Bias, weight by feature and by dimension for each label, in their own units.

    Two labels give one logistic, for the later of the two in sorted order.
    """
    near = _vectors(matrix, vectors)
    model = _fitted(matrix, near, np.array(labels), _mass(matrix, mass), strength, vector_scale)
    weighed = model.labels[-len(model.weights) :]
    return {
        label: LabelWeights(
            float(bias),
            dict(zip(names, row[: len(names)].tolist(), strict=True)),
            tuple(row[len(names) :].tolist()),
        )
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
