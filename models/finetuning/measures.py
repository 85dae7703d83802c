"""How well a task is answered on sites that were not seen: what a card shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.finetuning.calibration import (
    Matrix,
    Numbers,
    calibration_error,
    cross_fitted,
    fit_temperature,
    probabilities,
)
from models.finetuning.settings import Aim
from models.linear.fit import roc_auc

DECIMALS = 4
Rows = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Threshold:
    """A threshold on the wanted labels' probability together, and what it does out of fold."""

    value: float
    precision: float
    retained: float
    others_removed: float


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """One label against all others; None where either side is missing."""

    places: int
    sites: int
    auc: float | None
    average_precision: float | None
    f1: float


@dataclass(frozen=True, slots=True)
class Figures:
    """How a task fares out of fold.

    ``auc`` and ``average_precision`` are of the wanted labels together, or, where nothing is
    thresholded, the mean over labels; ``confusion`` is by language, right label, found label.
    """

    places: int
    documents: int
    auc: float | None
    average_precision: float | None
    accuracy: float
    macro_f1: float
    temperature: float
    calibration_error_before: float
    calibration_error_after: float
    by_label: Mapping[str, LabelFigures]
    confusion: Mapping[str, Mapping[str, Mapping[str, int]]]
    threshold: Threshold | None


def measure(
    labels: Sequence[str],
    wanted: Sequence[str],
    logits: Matrix,
    answers: Numbers,
    folds: Numbers,
    *,
    documents: Numbers,
    languages: Sequence[str],
    sites: Sequence[str],
    aim: Aim,
) -> Figures:
    """All figures; arrays and sequences have an element for each place."""
    chances = cross_fitted(logits, answers, folds)
    found = chances.argmax(axis=1)
    by_label = {
        label: _of_label(answers == n, found == n, chances[:, n], sites)
        for n, label in enumerate(labels)
    }
    is_wanted = np.isin(np.array(labels)[answers], wanted)
    keep = chances[:, [label in wanted for label in labels]].sum(axis=1)
    present = [one for one in by_label.values() if one.places]
    temperature = fit_temperature(logits, answers)
    return Figures(
        places=len(answers),
        documents=len(np.unique(documents)),
        auc=roc_auc(is_wanted, keep) if wanted else _mean([one.auc for one in present]),
        average_precision=average_precision(is_wanted, keep)
        if wanted
        else _mean([one.average_precision for one in present]),
        accuracy=round(float((found == answers).mean()), DECIMALS),
        macro_f1=round(float(np.mean([one.f1 for one in present])), DECIMALS),
        temperature=round(temperature, DECIMALS),
        calibration_error_before=round(calibration_error(probabilities(logits), answers), DECIMALS),
        calibration_error_after=round(calibration_error(chances, answers), DECIMALS),
        by_label=by_label,
        confusion=_confusion(labels, answers, found, languages),
        threshold=choose_threshold(is_wanted, keep, aim) if wanted else None,
    )


def _of_label(right: Rows, found: Rows, chances: Matrix, sites: Sequence[str]) -> LabelFigures:
    both = int((right & found).sum())
    return LabelFigures(
        places=int(right.sum()),
        sites=len({site for site, is_right in zip(sites, right, strict=True) if is_right}),
        auc=roc_auc(right, chances),
        average_precision=average_precision(right, chances),
        f1=round(2 * both / max(1, int(right.sum()) + int(found.sum())), DECIMALS),
    )


def average_precision(positive: Rows, scores: Matrix) -> float | None:
    """The mean of the precision at each positive, from the top; None without both kinds."""
    from sklearn.metrics import average_precision_score

    if positive.all() or not positive.any():
        return None
    return round(float(average_precision_score(positive, scores)), DECIMALS)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(float(np.mean(known)), DECIMALS) if known else None


def _confusion(
    labels: Sequence[str], answers: Numbers, found: Numbers, languages: Sequence[str]
) -> dict[str, dict[str, dict[str, int]]]:
    names = np.array(labels)
    counts = Counter(zip(languages, names[answers].tolist(), names[found].tolist(), strict=True))
    result: dict[str, dict[str, dict[str, int]]] = {}
    for (language, right, said), count in sorted(counts.items()):
        result.setdefault(language, {}).setdefault(right, {})[said] = count
    return result


def choose_threshold(wanted: Rows, scores: Matrix, aim: Aim) -> Threshold | None:
    """The lowest threshold of the wanted precision, else the highest that retains enough.

    Scores are compared as stages see them, to four digits. None where one of wanted and unwanted is
    missing, or no threshold reaches the precision.

    >>> wanted, scores = np.array([True, True, False]), np.array([0.9, 0.4, 0.5])
    >>> choose_threshold(wanted, scores, Aim(min_precision=0.9)).value
    0.9
    >>> choose_threshold(wanted, scores, Aim(min_retained=0.9)).value
    0.4
    """
    if wanted.all() or not wanted.any():
        return None
    rounded = np.round(scores, DECIMALS)
    order = np.argsort(-rounded, kind="stable")
    values, kept_wanted = rounded[order], np.cumsum(wanted[order])
    ends = np.append(np.flatnonzero(np.diff(values)), len(values) - 1)
    precision = kept_wanted[ends] / (ends + 1)
    retained = kept_wanted[ends] / wanted.sum()
    if aim.min_precision is not None:
        reaching = np.flatnonzero(precision >= aim.min_precision)
        if not len(reaching):
            return None
        chosen = int(reaching[-1])
    else:
        chosen = int(np.flatnonzero(retained >= aim.min_retained)[0])
    kept = ends[chosen] + 1
    others = kept - kept_wanted[ends[chosen]]
    return Threshold(
        round(float(values[ends[chosen]]), DECIMALS),
        round(float(precision[chosen]), DECIMALS),
        round(float(retained[chosen]), DECIMALS),
        round(1 - float(others / (~wanted).sum()), DECIMALS),
    )
