"""Fit the embedded safety model: one logistic a subject, and which words it learns from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.safety import SUBJECTS
from models.safety.features import BUCKETS, features_of, telling_words
from models.safety.ngrams import ngrams_of

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

STRENGTH = 3.0
"""Inverse regularisation: of 1, 3, 10 and 30 what spares most good texts, out of fold."""

UNSAFE_MASS = {"adult": 1.0, "gambling": 1.0, "offence": 0.1}
"""What all that is unsafe weighs in a fit, where all that is safe weighs 1. Words of offence are
quoted more often than advertisements are: with more, good texts are lost."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text, and for each subject whether it is unsafe; a subject that is not named is unknown.

    ``mass`` is what its windows weigh beside those of others.
    """

    text: str
    answers: dict[str, bool]
    mass: float = 1.0


def fit(examples: Sequence[Example], path: Path) -> None:
    """Write the weights that are fitted to some examples."""
    from sklearn.linear_model import LogisticRegression

    matrix, rows = _matrix_of(examples)
    mass = np.array([example.mass for example in examples])[rows]
    weights, biases = [], []
    for subject in SUBJECTS:
        answers = [example.answers.get(subject) for example in examples]
        known = np.array([answer is not None for answer in answers])[rows]
        unsafe = np.array([bool(answer) for answer in answers])[rows][known]
        weight = mass[known]
        share = np.where(
            unsafe, UNSAFE_MASS[subject] / weight[unsafe].sum(), 1 / weight[~unsafe].sum()
        )
        logistic = LogisticRegression(C=STRENGTH, max_iter=2000, solver="liblinear")
        logistic.fit(matrix[known], unsafe, sample_weight=weight * share * len(weight))
        weights.append(logistic.coef_[0])
        biases.append(logistic.intercept_[0])
    np.savez_compressed(
        path, weights=np.array(weights, np.float16), biases=np.array(biases, np.float64)
    )


def _matrix_of(examples: Sequence[Example]) -> tuple[csr_matrix, NDArray[np.int64]]:
    """The features of all windows, and the example that each is of."""
    from scipy.sparse import csr_matrix

    columns, values, windows, owners = [], [], [], []
    total = 0
    for number, example in enumerate(examples):
        ngrams = ngrams_of(example.text)
        places, amounts, of = features_of(ngrams)
        columns.append(places)
        values.append(amounts)
        windows.append(of + total)
        owners.append(np.full(len(ngrams.sizes), number))
        total += len(ngrams.sizes)
    shape = (total, BUCKETS + len(telling_words().names))
    cells = (np.concatenate(windows), np.concatenate(columns))
    return csr_matrix((np.concatenate(values), cells), shape=shape), np.concatenate(owners)
