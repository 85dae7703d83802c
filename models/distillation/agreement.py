"""How far an embedded model agrees with the checkpoint that taught it, and what a cascade costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.cascade import Band, best_band, bins_of
from models.linear.fit import Matrix, roc_auc

DECIMALS = 4
SHARES = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5)
"""Of documents that may be sent on: what a card shows."""

Labels = NDArray[np.str_]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Decided:
    """What a model says of each document: a score, and the decision that its stage makes of it.

    The score is what is held against a threshold, and against the band of a cascade. Where the
    decision is one of many ``labels``, ``by_label`` has the probability of each, in their order.
    """

    score: Matrix
    decision: Labels
    by_label: Matrix
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two models over the same documents; a figure is None where it is not defined.

    Rank correlation (Spearman's) and AUC are of the documents as they were drawn, accuracy, kappa
    and shares of the run that they were drawn from. ``auc`` is how well the embedded model's score
    tells the documents that the checkpoint keeps from those that it does not; of many labels the
    mean over those that the checkpoint gave.
    """

    documents: int
    rank_correlation: float | None
    auc: float | None
    accuracy: float
    kappa: float | None
    kept_by_checkpoint: float | None
    kept_by_embedded: float | None


@dataclass(frozen=True, slots=True)
class Sent:
    """A cascade that may send so much on: what it sends, and how it agrees with the checkpoint.

    Each document is judged by a band that was chosen on the other folds; ``low`` and ``high`` are
    those of the band over all. Shares are of the run.
    """

    max_sent_ratio: float
    sent: float
    accuracy: float
    low: float
    high: float


KEPT, REMOVED = "kept", "removed"


def agreement(small: Decided, large: Decided, weights: Matrix) -> Agreement:
    """How the embedded model (``small``) agrees with the checkpoint."""
    same = small.decision == large.decision
    shares = [
        None if small.labels else _share(one.decision == KEPT, weights) for one in (large, small)
    ]
    return Agreement(
        len(same),
        rank_correlation(*_ranked(small, large)),
        _auc(small, large),
        _share(same, weights),
        weighted_kappa(small.decision, large.decision, weights),
        *shares,
    )


def _ranked(small: Decided, large: Decided) -> tuple[Matrix, Matrix]:
    """The scores; where the decision is one of many, what both give the checkpoint's."""
    if not small.labels:
        return small.score, large.score
    column = {label: number for number, label in enumerate(small.labels)}
    columns = np.array([column[label] for label in large.decision.tolist()])
    rows = np.arange(len(columns))
    return small.by_label[rows, columns], large.by_label[rows, columns]


def _share(flags: Flags, weights: Matrix) -> float:
    return round(float(np.average(flags, weights=weights)), DECIMALS)


def rank_correlation(one: Matrix, other: Matrix) -> float | None:
    """Spearman's; None where one side is always the same."""
    from scipy.stats import spearmanr

    if len(one) < 2 or np.ptp(one) == 0 or np.ptp(other) == 0:  # noqa: PLR2004
        return None
    return round(float(spearmanr(one, other).statistic), DECIMALS)


def weighted_kappa(one: Labels, other: Labels, weights: Matrix) -> float | None:
    """Cohen's kappa of weighted documents; None where chance alone would make them agree.

    >>> weighted_kappa(np.array(["a", "b", "b"]), np.array(["a", "a", "b"]), np.array([1, 1, 2]))
    0.5
    """
    total = weights.sum()
    names = sorted({*one.tolist(), *other.tolist()})
    by_chance = sum(weights[one == n].sum() * weights[other == n].sum() for n in names) / total**2
    if by_chance >= 1:
        return None
    observed = weights[one == other].sum() / total
    return round(float((observed - by_chance) / (1 - by_chance)), DECIMALS)


def _auc(small: Decided, large: Decided) -> float | None:
    if not small.labels:
        return roc_auc(large.decision == KEPT, small.score)
    found = [
        auc
        for column, label in enumerate(small.labels)
        if (auc := roc_auc(large.decision == label, small.by_label[:, column])) is not None
    ]
    return round(float(np.mean(found)), DECIMALS) if found else None


def curve(
    small: Decided,
    large: Decided,
    weights: Matrix,
    folds: Sequence[int],
    threshold: float,
    shares: Sequence[float] = SHARES,
) -> tuple[Sent, ...]:
    """What cascades of several shares send on and cost, no document by a band chosen on it."""
    differs, fold = small.decision != large.decision, np.array(folds)
    found = []
    for ratio in shares:
        sent = np.zeros(len(fold), bool)
        for held in np.unique(fold):
            here = fold == held
            if (~here).any():
                band = _band(small, differs, weights, ~here, threshold, ratio)
                sent[here] = sends(band, small.score[here])
        whole = _band(small, differs, weights, np.ones(len(fold), bool), threshold, ratio)
        found.append(Sent(ratio, _share(sent, weights), _share(sent | ~differs, weights), *whole))
    return tuple(found)


def _band(
    small: Decided, differs: Flags, weights: Matrix, rows: Flags, threshold: float, ratio: float
) -> Band:
    bins = bins_of(small.score[rows], weights[rows], differs[rows])
    return best_band(bins, threshold, ratio)


def sends(band: Band, scores: Matrix) -> Flags:
    """Whether each score is sent on."""
    return (scores >= band.low) & (scores <= band.high)
