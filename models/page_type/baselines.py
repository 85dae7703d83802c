"""What anybody can beat by accident: the commonest type, the length of a text, its words alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from models.linear.fit import Matrix, fold_of, out_of_fold
from models.page_type.features import PageContent
from models.text import shape

MAX_CHARS, TERMS = 6_000, 30_000
TERM = r"(?u)[^\W\d_\u4e00-\u9fff]{2,}|[\u4e00-\u9fff]|\d+"


def baseline_scores(
    pages: Sequence[PageContent], types: Sequence[str], sites: Sequence[str], mass: Matrix
) -> dict[str, Matrix]:
    """By name the chances (pages, sorted types) that each gives pages of sites it has not seen."""
    widths = np.array([[shape.log1p(shape.width(page.text))] for page in pages])
    return {
        "majority": _majority(types, sites, mass),
        "length": out_of_fold(widths, types, sites, mass=mass, strength=1.0),
        "tf-idf": _words(pages, types, sites, mass),
    }


def _majority(types: Sequence[str], sites: Sequence[str], mass: Matrix) -> Matrix:
    names, folds = sorted(set(types)), np.array([fold_of(site) for site in sites])
    scores = np.zeros((len(types), len(names)))
    for fold in set(folds.tolist()):
        counts: Counter[str] = Counter()
        for number in np.flatnonzero(folds != fold).tolist():
            counts[types[number]] += mass[number]
        total = sum(counts.values())
        scores[folds == fold] = [counts[name] / total for name in names]
    return scores


def _words(
    pages: Sequence[PageContent], types: Sequence[str], sites: Sequence[str], mass: Matrix
) -> Matrix:
    """Logistic regression over the tf-idf of words and pairs of title and text."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    texts = [f"{page.title}\n{page.text[:MAX_CHARS]}" for page in pages]
    names, folds = sorted(set(types)), np.array([fold_of(site) for site in sites])
    scores = np.zeros((len(pages), len(names)))
    for fold in sorted(set(folds.tolist())):
        seen = np.flatnonzero((folds != fold) & (mass > 0))
        outside = np.flatnonzero(folds == fold)
        counter = TfidfVectorizer(
            token_pattern=TERM, ngram_range=(1, 2), max_features=TERMS, sublinear_tf=True
        )
        terms = counter.fit_transform([texts[number] for number in seen])
        model = LogisticRegression(C=10.0, max_iter=500)
        model.fit(terms, np.array(types)[seen], sample_weight=mass[seen])
        found = model.predict_proba(counter.transform([texts[number] for number in outside]))
        columns = np.array([names.index(name) for name in model.classes_])
        scores[np.ix_(outside, columns)] = found
    return scores
