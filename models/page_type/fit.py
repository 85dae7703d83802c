"""Fit the embedded page type models to pages whose type is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from models.embedding import load, use
from models.linear.fit import Fit, Matrix, fit_weights, matrix_of, out_of_fold, roc_auc, share_below
from models.page_type.features import PageContent, page_features, page_vectors

STRENGTH = 0.05
KEPT = ("article", "documentation", "product", "service")
THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)


@dataclass(frozen=True, slots=True)
class Example:
    """A page and its type; ``site`` is held out together, ``mass`` is how much it counts.

    What was made of a page (``is_page`` false) is learnt from and has no part in the report.
    """

    page: PageContent
    type: str
    site: str
    language: str
    mass: float = 1.0
    is_page: bool = True


@dataclass(frozen=True, slots=True)
class Cost:
    """What a threshold on the kept types' chance removes: shares of detail and of other pages."""

    threshold: float
    detail_removed: float
    others_removed: float


@dataclass(frozen=True, slots=True)
class Report:
    """How the models score on sites that they have not seen.

    ``auc_kept`` is that of the kept types together against the others, by language; ``confusion``
    counts the types that were found by the type that is right.
    """

    pages: int
    accuracy: float
    auc_kept: Mapping[str, float | None]
    auc_by_type: Mapping[str, float | None]
    confusion: Mapping[str, Mapping[str, int]]
    costs: tuple[Cost, ...]


def fit(examples: Sequence[Example], *, with_markup: bool) -> Fit:
    """The weights of the model for pages with markup, or of that for text and address alone."""
    pages = [
        example.page if with_markup else replace(example.page, markup=None) for example in examples
    ]
    names, matrix = matrix_of(_filled([page_features(page) for page in pages]))
    vectors = page_vectors(pages, load(use.NAME)).astype(float)
    labels = [example.type for example in examples]
    mass = [example.mass for example in examples]
    sites = [example.site for example in examples]
    scores = out_of_fold(matrix, labels, sites, vectors=vectors, mass=mass, strength=STRENGTH)
    weights = fit_weights(names, matrix, labels, vectors=vectors, mass=mass, strength=STRENGTH)
    real = [number for number, example in enumerate(examples) if example.is_page]
    about = report([examples[number] for number in real], sorted(set(labels)), scores[real])
    return Fit(weights, asdict(about), exclusive=True)


def _filled(rows: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
    """The rows with every feature: one that a text without markup lacks has the others' mean.

    So such a text teaches what it says, and nothing of markup.
    """
    values: dict[str, list[float]] = {}
    for row in rows:
        for name, value in row.items():
            values.setdefault(name, []).append(value)
    means = {name: float(np.mean(seen)) for name, seen in values.items()}
    return [{**means, **row} for row in rows]


def report(examples: Sequence[Example], types: Sequence[str], scores: Matrix) -> Report:
    """Of scores (examples, types) that no page's own site had a part in."""
    truth = np.array([example.type for example in examples])
    language = np.array([example.language for example in examples])
    keep = scores[:, [types.index(kind) for kind in KEPT if kind in types]].sum(axis=1)
    detail = np.isin(truth, KEPT)
    chosen = np.array(types)[scores.argmax(axis=1)]
    return Report(
        pages=len(truth),
        accuracy=round(float((chosen == truth).mean()), 4),
        auc_kept={
            str(code): roc_auc(detail[language == code], keep[language == code])
            for code in np.unique(language)
        },
        auc_by_type={kind: roc_auc(truth == kind, scores[:, i]) for i, kind in enumerate(types)},
        confusion={
            kind: dict(Counter(chosen[truth == kind].tolist()))
            for kind in np.unique(truth).tolist()
        },
        costs=tuple(
            Cost(
                threshold,
                share_below(threshold, keep[detail]),
                share_below(threshold, keep[~detail]),
            )
            for threshold in THRESHOLDS
        ),
    )
