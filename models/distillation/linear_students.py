"""The embedded models of quality and page type, taught by probabilities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from models.distillation.soft import Chance, Chances, spread
from models.distillation.taught import Taught, Writer
from models.embedding import load, use
from models.linear import DECIMALS, LabelWeights
from models.linear.fit import VECTOR_SCALE, Fit, Matrix, fit_weights, matrix_of, out_of_fold
from models.page_type import TEXT_ALONE, WHOLE
from models.page_type import fit as page_type
from models.page_type.features import (
    PageContent,
    features_of,
    has_markup,
    page_vectors,
    read_pages,
)
from models.quality import fit as quality
from models.quality import weights_of
from models.quality.features import features_of as quality_features
from models.text import languages

MIN_TEXTS = 30
"""Of a language, for weights of its own."""
NO_WORDS = {"good": 0.0, "bad": 1.0}
"""What quality says of a text without letters and digits, whatever its weights."""


class _How(NamedTuple):
    """How a model is fitted: as it is to labels."""

    strength: float
    vector_scale: float
    exclusive: bool


QUALITY = _How(quality.STRENGTH, quality.VECTOR_SCALE, exclusive=False)
PAGE_TYPE = _How(page_type.STRENGTH, VECTOR_SCALE, exclusive=True)


def teach_quality(texts: Sequence[str], chances: Chances, sites: Sequence[str]) -> Taught[Chance]:
    """A model for each language that has ``MIN_TEXTS``. Raises ValueError where none has."""
    codes = [languages.KNOWN.guess(text, languages.KNOWN.codes).code for text in texts]
    counts = Counter(codes)
    taught = [code for code, count in sorted(counts.items()) if count >= MIN_TEXTS]
    if not taught:
        raise ValueError(f"{len(texts)} texts are too few: {MIN_TEXTS} of a language are needed")
    vectors = load(use.NAME).score(texts).astype(float)
    found: list[Mapping[str, float] | None] = [None] * len(texts)
    fits: dict[str, Fit] = {}
    for code in taught:
        here = [number for number, own in enumerate(codes) if own == code]
        rows = [quality_features(texts[n], languages.KNOWN.records[code]) for n in here]
        names, matrix = matrix_of(rows)
        own, judged = _learn(
            *(names, matrix, vectors[here]),
            [chances[n] for n in here],
            [sites[n] for n in here],
            QUALITY,
        )
        fits[weights_of(code).removesuffix(".json")] = own
        for n, said in zip(here, judged, strict=True):
            found[n] = said if any(map(str.isalnum, texts[n])) else NO_WORDS
    left = {f"language {code}": n for code, n in counts.items() if code not in taught}
    return Taught(found, _writer(fits), left)


def teach_page_type(
    pages: Sequence[PageContent], chances: Chances, sites: Sequence[str]
) -> Taught[Chance]:
    """A model of pages with markup, unless there are none, and one of text and address alone."""
    marked = [has_markup(page) for page in pages]
    found: list[Mapping[str, float] | None] = [None] * len(pages)
    fits: dict[str, Fit] = {}
    readings = read_pages(pages)
    vectors = page_vectors(pages, readings, load(use.NAME)).astype(float)
    for file, with_markup in ((TEXT_ALONE, False), (WHOLE, True)):
        if with_markup and not any(marked):
            continue
        read = pages if with_markup else [replace(page, markup=None) for page in pages]
        names, matrix = matrix_of(page_type.filled(features_of(read, readings)))
        own, judged = _learn(names, matrix, vectors, chances, sites, PAGE_TYPE)
        fits[file.removesuffix(".json")] = own
        for number, said in enumerate(judged):
            if marked[number] or not with_markup:
                found[number] = said
    return Taught(found, _writer(fits), {})


def _learn(
    names: Sequence[str],
    matrix: Matrix,
    vectors: Matrix,
    chances: Chances,
    sites: Sequence[str],
    how: _How,
) -> tuple[Fit, list[dict[str, float]]]:
    """Weights fitted to all documents, and what is said of each without its site."""
    made = spread(chances)
    rows, near = matrix[made.documents], vectors[made.documents]
    groups = [sites[number] for number in made.documents]
    judged = out_of_fold(
        *(rows, made.labels, groups),
        vectors=near,
        mass=made.mass,
        strength=how.strength,
        vector_scale=how.vector_scale,
    )[made.first]
    weights = fit_weights(
        *(names, rows, made.labels),
        vectors=near,
        mass=made.mass,
        strength=how.strength,
        vector_scale=how.vector_scale,
    )
    labels = sorted(set(made.labels))
    if how.exclusive and len(weights) < len(labels):
        weights = {labels[0]: _nothing_for(weights[labels[1]]), **weights}
    said = [dict(zip(labels, row, strict=True)) for row in np.round(judged, DECIMALS).tolist()]
    return Fit(weights, {}, exclusive=how.exclusive), said


def _nothing_for(other: LabelWeights) -> LabelWeights:
    """Of the first of two labels: one logistic was fitted, for the second."""
    zeros = dict.fromkeys(other.by_feature, 0.0)
    return LabelWeights(0.0, zeros, (0.0,) * len(other.by_dimension))


def _writer(fits: Mapping[str, Fit]) -> Writer:
    def write(folder: Path, about: Mapping[str, object]) -> None:
        for name, fit in fits.items():
            fit.save(folder, name, about)

    return write
