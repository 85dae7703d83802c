"""How page type models score on sites that they have not seen, by type, language and source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.linear.fit import Matrix, roc_auc, share_below

KEPT = ("article", "documentation", "product", "service")
ARTICLE, LISTING = "article", "listing"
SIX = ("article", "documentation", "forum", "listing", "product", "service")
"""The types of which there are labels enough for a macro F1."""

THRESHOLDS = (0.2, 0.3, 0.4, 0.5, 0.6)
GRID = np.arange(0.05, 0.96, 0.05)
MAX_ARTICLES_REMOVED, MAX_KEPT_REMOVED = 0.012, 0.025
"""What a threshold that is chosen on some folds may remove of their articles, and of all pages of
kept types."""

Booleans = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Judged:
    """What is known of the examples, (examples,) each."""

    types: NDArray[np.str_]
    languages: NDArray[np.str_]
    sources: NDArray[np.str_]
    folds: NDArray[np.int64]
    are_pages: Booleans


@dataclass(frozen=True, slots=True)
class Group:
    """Pages of a language or source: how many are right, and what goes at the chosen threshold."""

    pages: int
    accuracy: float
    macro_f1: float
    auc_kept: float | None
    articles: int
    articles_removed: float | None
    others: int
    others_removed: float | None


@dataclass(frozen=True, slots=True)
class TypeScore:
    """Pages of a type: F1 and ROC AUC of it against all others, and the share that goes."""

    pages: int
    f1: float
    auc: float | None
    removed: float


@dataclass(frozen=True, slots=True)
class Cost:
    """What a threshold on the kept types' chance removes."""

    threshold: float
    kept_types_removed: float
    articles_removed: float
    listings_removed: float
    others_removed: float


@dataclass(frozen=True, slots=True)
class Summary:
    """``listings_caught`` is at the threshold that removes 1.2% of the English articles."""

    pages: int
    accuracy: float
    macro_f1: float
    auc_kept: float | None
    listings_caught: float


@dataclass(frozen=True, slots=True)
class Report:
    """``confusion`` counts, by language and right type, the types that were found.

    ``thresholds`` has for each fold the highest that spares the other folds' pages; each page is
    removed or not by its fold's.
    """

    summary: Summary
    thresholds: Mapping[str, float]
    by_type: Mapping[str, TypeScore]
    by_language: Mapping[str, Group]
    by_source: Mapping[str, Group]
    confusion: Mapping[str, Mapping[str, Mapping[str, int]]]
    costs: Sequence[Cost]


def report(judged: Judged, types: Sequence[str], scores: Matrix) -> Report:
    """Of scores (examples, types) that no example's own site had a part in."""
    chosen = np.array(types)[scores.argmax(axis=1)]
    keep = scores[:, [types.index(kind) for kind in KEPT if kind in types]].sum(axis=1)
    real = judged.are_pages
    thresholds = _thresholds(judged, keep)
    removed = keep < np.array([thresholds[str(fold)] for fold in judged.folds])
    true, language = judged.types[real], judged.languages[real]

    def group(where: Booleans) -> Group:
        return _group(judged.types[where], chosen[where], keep[where], removed[where])

    return Report(
        summary=_summary(true, language, chosen[real], keep[real]),
        thresholds=thresholds,
        by_type={
            kind: TypeScore(
                pages=int((true == kind).sum()),
                f1=_f1(true == kind, chosen[real] == kind),
                auc=roc_auc(true == kind, scores[real, types.index(kind)]),
                removed=_share(removed[real][true == kind]) or 0.0,
            )
            for kind in np.unique(true).tolist()
        },
        by_language={
            code: group(real & (judged.languages == code)) for code in np.unique(language).tolist()
        },
        by_source={
            f"{code} {source}": group((judged.languages == code) & (judged.sources == source))
            for code, source in sorted(set(zip(judged.languages, judged.sources, strict=True)))
        },
        confusion={
            code: _confusion(true[language == code], chosen[real][language == code])
            for code in np.unique(language).tolist()
        },
        costs=tuple(_cost(threshold, true, keep[real]) for threshold in THRESHOLDS),
    )


def _thresholds(judged: Judged, keep: Matrix) -> dict[str, float]:
    """For each fold, the highest that removes few enough of the others; 0.05 at least."""
    found = {}
    for fold in np.unique(judged.folds).tolist():
        seen = judged.are_pages & (judged.folds != fold)
        articles = keep[seen & (judged.types == ARTICLE)]
        kept = keep[seen & np.isin(judged.types, KEPT)]
        spares = [
            level
            for level in GRID
            if share_below(level, articles) <= MAX_ARTICLES_REMOVED
            and share_below(level, kept) <= MAX_KEPT_REMOVED
        ]
        found[str(fold)] = round(float(max(spares, default=GRID[0])), 2)
    return found


def _summary(
    true: NDArray[np.str_], language: NDArray[np.str_], chosen: NDArray[np.str_], keep: Matrix
) -> Summary:
    english = keep[(language == "en") & (true == ARTICLE)]
    listings = keep[(language == "en") & (true == LISTING)]
    level = float(np.quantile(english, MAX_ARTICLES_REMOVED)) if len(english) else 0.0
    return Summary(
        pages=len(true),
        accuracy=_share(chosen == true) or 0.0,
        macro_f1=_macro_f1(true, chosen),
        auc_kept=roc_auc(np.isin(true, KEPT), keep),
        listings_caught=_share(listings < level) or 0.0,
    )


def _group(
    true: NDArray[np.str_], chosen: NDArray[np.str_], keep: Matrix, removed: Booleans
) -> Group:
    kept, article = np.isin(true, KEPT), true == ARTICLE
    return Group(
        pages=len(true),
        accuracy=_share(chosen == true) or 0.0,
        macro_f1=_macro_f1(true, chosen),
        auc_kept=roc_auc(kept, keep),
        articles=int(article.sum()),
        articles_removed=_share(removed[article]),
        others=int((~kept).sum()),
        others_removed=_share(removed[~kept]),
    )


def _cost(threshold: float, true: NDArray[np.str_], keep: Matrix) -> Cost:
    kept = np.isin(true, KEPT)
    return Cost(
        threshold,
        share_below(threshold, keep[kept]),
        share_below(threshold, keep[true == ARTICLE]),
        share_below(threshold, keep[true == LISTING]),
        share_below(threshold, keep[~kept]),
    )


def _confusion(true: NDArray[np.str_], chosen: NDArray[np.str_]) -> dict[str, dict[str, int]]:
    return {
        kind: dict(Counter(chosen[true == kind].tolist()).most_common())
        for kind in np.unique(true).tolist()
    }


def _macro_f1(true: NDArray[np.str_], chosen: NDArray[np.str_]) -> float:
    """The mean F1 of those of the six types that there are, over pages of the six."""
    known = np.isin(true, SIX)
    scores = [_f1(true[known] == kind, chosen[known] == kind) for kind in SIX if kind in true]
    return round(float(np.mean(scores)), 4) if scores else 0.0


def _f1(true: Booleans, found: Booleans) -> float:
    """Twice what is both over the sum of both; 0 of none."""
    total = int(true.sum() + found.sum())
    return round(2.0 * int((true & found).sum()) / total, 4) if total else 0.0


def _share(those: Booleans) -> float | None:
    return round(float(those.mean()), 4) if len(those) else None
