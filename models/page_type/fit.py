"""Fit the embedded page type models to pages whose type is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from models.embedding import load, use
from models.linear.fit import Fit, fit_weights, fold_of, matrix_of, out_of_fold
from models.page_type.baselines import baseline_scores
from models.page_type.features import (
    DECLARED,
    MAIN,
    PageContent,
    features_of,
    has_markup,
    page_vectors,
    read_pages,
)
from models.page_type.report import Judged, report

STRENGTH = 0.05
SHOWN = 0.5
HIDDEN: tuple[tuple[tuple[str, ...], float], ...] = (
    (DECLARED, 0.25),
    (MAIN, 0.125),
    (DECLARED + MAIN, 0.125),
)
"""Counts that a page's copy lacks in training, and the part of the page's mass that it has; as it
is a page has ``SHOWN``. Pages that declare nothing, and texts that no trees found, are then judged
by what they have: Chinese pages declare little."""


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


@dataclass(frozen=True, slots=True)
class _Row:
    """What is learnt from an example, by its number: its page as it is, or a copy that lacks much.

    Rows that hide nothing come first.
    """

    number: int
    page: PageContent
    mass: float


def fit(examples: Sequence[Example], *, with_markup: bool) -> Fit:
    """The weights of the model for pages with markup, or of that for text and address alone."""
    pages = [example.page for example in examples]
    types, sites = [example.type for example in examples], [example.site for example in examples]
    readings = read_pages(pages)
    vectors = page_vectors(pages, readings, load(use.NAME)).astype(float)
    rows = _rows_with_markup(examples) if with_markup else _rows_without(examples)
    numbers = np.array([row.number for row in rows])
    features = features_of([row.page for row in rows], [readings[row.number] for row in rows])
    names, matrix = matrix_of(filled(features))
    mass = np.array([row.mass for row in rows])
    known, held = np.array(types)[numbers].tolist(), np.array(sites)[numbers].tolist()
    near = vectors[numbers]
    scores = out_of_fold(matrix, known, held, vectors=near, mass=mass, strength=STRENGTH)
    learnt = np.flatnonzero(mass)
    weights = fit_weights(
        names,
        matrix[learnt],
        [known[row] for row in learnt],
        vectors=near[learnt],
        mass=mass[learnt],
        strength=STRENGTH,
    )
    kinds, judged = sorted(set(types)), _judged(examples)
    about = asdict(report(judged, kinds, scores[: len(examples)]))
    if with_markup:  # once is enough: they read no markup
        whole = np.array([example.mass for example in examples])
        about["baselines"] = {
            name: asdict(report(judged, kinds, found).summary)
            for name, found in baseline_scores(pages, types, sites, whole).items()
        }
    return Fit(weights, about, exclusive=True)


def _rows_without(examples: Sequence[Example]) -> list[_Row]:
    """Every page without its markup."""
    return [
        _Row(number, replace(example.page, markup=None), example.mass)
        for number, example in enumerate(examples)
    ]


def _rows_with_markup(examples: Sequence[Example]) -> list[_Row]:
    """Every page, and copies of those with markup that lack counts which other pages may lack."""
    rows, copies = [], []
    for number, example in enumerate(examples):
        page, mass = example.page, example.mass
        if not (page.markup and has_markup(page)):
            rows.append(_Row(number, page, mass))
            continue
        rows.append(_Row(number, page, mass * SHOWN))
        for hidden, part in HIDDEN:
            lacking = {**page.markup, **dict.fromkeys(hidden, 0)}
            copies.append(_Row(number, replace(page, markup=lacking), mass * part))
    return rows + copies


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
