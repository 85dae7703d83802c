"""Fit the embedded quality model of a language to texts that are known to be good or bad."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from models.linear.fit import Fit, Matrix, fit_weights, matrix_of, out_of_fold, roc_auc, share_below
from models.quality.features import features_of
from models.text.languages import Language

STRENGTH = 0.1
"""Inverse regularisation: the best of 0.003 to 1 out of fold in English, kept for Chinese."""

THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)


@dataclass(frozen=True, slots=True)
class Example:
    """A text, whether it is good, how it came about, and what is held out together with it."""

    text: str
    is_good: bool
    kind: str
    group: str


@dataclass(frozen=True, slots=True)
class Cost:
    """What a threshold removes: shares of the good texts and of the bad."""

    threshold: float
    good_removed: float
    bad_removed: float


@dataclass(frozen=True, slots=True)
class Report:
    """How the model scores on groups that it has not seen; each kind of bad text against all good.

    Good and bad weigh the same in all when the weights are fitted.
    """

    texts: int
    good: int
    auc: float | None
    auc_by_kind: Mapping[str, float | None]
    costs: tuple[Cost, ...]


def fit(examples: Sequence[Example], language: Language) -> Fit:
    """The weights of the model for a language."""
    names, matrix = matrix_of(features_of(example.text, language) for example in examples)
    good = np.array([example.is_good for example in examples])
    labels = ["good" if is_good else "bad" for is_good in good]
    groups = [example.group for example in examples]
    mass = np.where(good, 0.5 / good.sum(), 0.5 / (~good).sum()) * len(good)
    scores = out_of_fold(matrix, labels, groups, mass=mass, strength=STRENGTH)[:, 1]
    weights = fit_weights(names, matrix, labels, mass=mass, strength=STRENGTH)
    kinds = np.array([example.kind for example in examples])
    return Fit(weights, asdict(report(good, kinds, scores)))


def report(good: NDArray[np.bool_], kinds: NDArray[np.str_], scores: Matrix) -> Report:
    """Of scores that no text's own group had a part in."""
    by_kind = {kind: good | (kinds == kind) for kind in sorted(set(kinds[~good].tolist()))}
    return Report(
        texts=len(good),
        good=int(good.sum()),
        auc=roc_auc(good, scores),
        auc_by_kind={kind: roc_auc(good[here], scores[here]) for kind, here in by_kind.items()},
        costs=tuple(
            Cost(
                threshold,
                share_below(threshold, scores[good]),
                share_below(threshold, scores[~good]),
            )
            for threshold in THRESHOLDS
        ),
    )
