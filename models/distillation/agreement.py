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


@dataclass(frozen=True, eq=False)
class Pair:
    """What two models decide of the same places: of documents as wholes, or of their lines.

    ``document`` is the number of each place's document, ``score`` of each document what is held
    against the band of a cascade.
    """

    small: Decided
    large: Decided
    document: NDArray[np.int64]
    score: Matrix

    @property
    def differing(self) -> Matrix:
        """The share of each document's places on which the two differ; 0 without a place."""
        differs = self.small.decision != self.large.decision
        found = np.bincount(self.document, differs, minlength=len(self.score))
        return found / np.maximum(1, self._places)

    def weights_of_places(self, weights: Matrix) -> Matrix:
        """What each place weighs, where those of a document weigh what it does."""
        return (weights / np.maximum(1, self._places))[self.document]

    @property
    def _places(self) -> NDArray[np.int64]:
        return np.bincount(self.document, minlength=len(self.score))


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two models over the same documents; a figure is None where it is not defined.

    Rank correlation (Spearman's) and AUC are of the documents as they were drawn, accuracy, kappa
    and shares of the run that they were drawn from. ``auc`` is how well the embedded model's score
    tells the documents that the checkpoint keeps from those that it does not; of many labels the
    mean over those that the checkpoint gave. Of lines they are what they are of documents, and
    those of a document weigh together what it does.
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


def agreement(small: Decided, large: Decided, weights: Matrix, documents: int) -> Agreement:
    """How the embedded model (``small``) agrees with the checkpoint on places of documents."""
    same = small.decision == large.decision
    shares = [
        None if small.labels else _share(one.decision == KEPT, weights) for one in (large, small)
    ]
    return Agreement(
        documents,
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


def _share(flags: Flags | Matrix, weights: Matrix) -> float:
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
    score: Matrix,
    differing: Matrix,
    weights: Matrix,
    folds: Sequence[int],
    threshold: float,
    shares: Sequence[float] = SHARES,
) -> tuple[Sent, ...]:
    """What cascades of several shares send on and cost, no document by a band chosen on it.

    A document has a ``score``, and a share of it on which the two models differ.
    """
    fold = np.array(folds)
    found = []
    for ratio in shares:
        sent = np.zeros(len(fold), bool)
        for held in np.unique(fold):
            here = fold == held
            if (~here).any():
                band = _band(score, differing, weights, ~here, threshold, ratio)
                sent[here] = sends(band, score[here])
        whole = _band(score, differing, weights, np.ones(len(fold), bool), threshold, ratio)
        same = np.where(sent, 1.0, 1 - differing)
        found.append(Sent(ratio, _share(sent, weights), _share(same, weights), *whole))
    return tuple(found)


def _band(
    score: Matrix, differing: Matrix, weights: Matrix, rows: Flags, threshold: float, ratio: float
) -> Band:
    bins = bins_of(score[rows], weights[rows], differing[rows])
    return best_band(bins, threshold, ratio)


def sends(band: Band, scores: Matrix) -> Flags:
    """Whether each score is sent on."""
    return (scores >= band.low) & (scores <= band.high)
