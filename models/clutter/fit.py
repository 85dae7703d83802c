"""Fit the embedded clutter model to documents whose lines are known to be main text or not."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from models.clutter.features import line_features
from models.linear.fit import Fit, Matrix, fit_weights, matrix_of, out_of_fold, roc_auc, share_below
from models.text.shape import is_not_prose, width

STRENGTH = 0.1
PAGE_LINES = 50
"""A document counts for at most so many lines."""

THRESHOLDS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)


@dataclass(frozen=True, slots=True)
class Document:
    """Its lines, whether each is main text (None: it cannot be said), and how it came about.

    ``site`` is held out together. ``mass`` is what one of its lines weighs while they are no more
    than ``PAGE_LINES``; of a ``kind`` that abounds only a ``share`` of the lines is learnt from.
    """

    id: str
    lines: Sequence[str]
    labels: Sequence[bool | None]
    kind: str
    site: str
    mass: float = 1.0
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Cost:
    """What a threshold cuts: shares of the main lines and of the clutter, by line and by width."""

    threshold: float
    main_lines: float
    main_text: float
    clutter_lines: float
    clutter_text: float


@dataclass(frozen=True, slots=True)
class Report:
    """How the model scores lines of one kind of document, of sites that it has not seen.

    In ``auc_by_page`` and the costs lines weigh as in training, in ``auc`` all the same.
    """

    lines: int
    clutter: int
    auc: float | None
    auc_by_page: float | None
    costs: tuple[Cost, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    features: Mapping[str, float]
    is_main: bool
    kind: str
    site: str
    mass: float
    width: int


def fit(documents: Sequence[Document]) -> Fit:
    """The weights, and by kind of document how lines score out of fold."""
    lines = [line for document in documents for line in _lines_of(document)]
    names, matrix = matrix_of(line.features for line in lines)
    labels = ["main" if line.is_main else "clutter" for line in lines]
    sites = [line.site for line in lines]
    mass = [line.mass for line in lines]
    scores = out_of_fold(matrix, labels, sites, mass=mass, strength=STRENGTH)[:, 1]
    weights = fit_weights(names, matrix, labels, mass=mass, strength=STRENGTH)
    return Fit(weights, {kind: asdict(found) for kind, found in report(lines, scores).items()})


def _lines_of(document: Document) -> list[_Line]:
    """The lines that are learnt from: labelled, in prose, and drawn where only some are."""
    count = len(document.lines)
    mass = document.mass * min(1.0, PAGE_LINES / count) if count else 0.0
    features = line_features(document.lines)
    return [
        _Line(features[i], label, document.kind, document.site, mass, width(line))
        for i, (line, label) in enumerate(zip(document.lines, document.labels, strict=True))
        if label is not None
        and not is_not_prose(line)
        and chance(document.id, str(i)) < document.share
    ]


def chance(*key: str) -> float:
    """A number in [0, 1) that depends on the key alone."""
    digest = hashlib.sha256(" ".join(key).encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32


def report(lines: Sequence[_Line], scores: Matrix) -> dict[str, Report]:
    """By kind of document."""
    kinds = np.array([line.kind for line in lines])
    main = np.array([line.is_main for line in lines])
    mass = np.array([line.mass for line in lines])
    widths = np.array([line.width for line in lines], float)
    return {
        kind: _report(main[here], scores[here], mass[here], widths[here])
        for kind in sorted(set(kinds.tolist()))
        for here in [kinds == kind]
    }


def _report(main: NDArray[np.bool_], scores: Matrix, mass: Matrix, widths: Matrix) -> Report:
    text = mass * widths
    parts = [(here, weight) for here in (main, ~main) for weight in (mass, text)]
    return Report(
        lines=len(main),
        clutter=int((~main).sum()),
        auc=roc_auc(main, scores),
        auc_by_page=roc_auc(main, scores, mass),
        costs=tuple(
            Cost(threshold, *(share_below(threshold, scores[h], w[h]) for h, w in parts))
            for threshold in THRESHOLDS
        ),
    )
