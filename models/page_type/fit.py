"""Fit the embedded page type models to pages whose type is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from models.embedding import load, use
from models.linear.fit import Fit, fit_weights, fold_of, matrix_of, out_of_fold
from models.page_type.baselines import baseline_scores
from models.page_type.features import PageContent, features_of, page_vectors, read_pages
from models.page_type.report import Judged, report

STRENGTH = 0.05


@dataclass(frozen=True, slots=True)
class Example:
    """A page and its type; ``site`` is held out together, ``mass`` is how much it counts.

    ``source`` says where it comes from. What was made for training (``is_page`` false) has no part
    in the report but for a row of its source; of a mass of 0 nothing is learnt.
    """

    page: PageContent
    type: str
    site: str
    language: str
    source: str = "pages"
    mass: float = 1.0
    is_page: bool = True


def fit(examples: Sequence[Example], *, with_markup: bool) -> Fit:
    """The weights of the model for pages with markup, or of that for text and address alone."""
    pages = [
        example.page if with_markup else replace(example.page, markup=None) for example in examples
    ]
    readings = read_pages(pages)
    names, matrix = matrix_of(filled(features_of(pages, readings)))
    vectors = page_vectors(pages, readings, load(use.NAME)).astype(float)
    labels = [example.type for example in examples]
    sites = [example.site for example in examples]
    mass = np.array([example.mass for example in examples])
    scores = out_of_fold(matrix, labels, sites, vectors=vectors, mass=mass, strength=STRENGTH)
    learnt = np.flatnonzero(mass)
    weights = fit_weights(
        names,
        matrix[learnt],
        [labels[number] for number in learnt],
        vectors=vectors[learnt],
        mass=mass[learnt],
        strength=STRENGTH,
    )
    types, judged = sorted(set(labels)), _judged(examples)
    about = asdict(report(judged, types, scores))
    if with_markup:  # once is enough: they read no markup
        about["baselines"] = {
            name: asdict(report(judged, types, found).summary)
            for name, found in baseline_scores(pages, labels, sites, mass).items()
        }
    return Fit(weights, about, exclusive=True)


def _judged(examples: Sequence[Example]) -> Judged:
    return Judged(
        types=np.array([example.type for example in examples]),
        languages=np.array([example.language for example in examples]),
        sources=np.array([example.source for example in examples]),
        folds=np.array([fold_of(example.site) for example in examples]),
        are_pages=np.array([example.is_page for example in examples]),
    )


def filled(rows: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
    """The rows with every feature: one that a text without markup lacks has the others' mean.

    So such a text teaches what it says, and nothing of markup.
    """
    values: dict[str, list[float]] = {}
    for row in rows:
        for name, value in row.items():
            values.setdefault(name, []).append(value)
    means = {name: float(np.mean(seen)) for name, seen in values.items()}
    return [{**means, **row} for row in rows]
