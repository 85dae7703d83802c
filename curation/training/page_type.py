"""Train the embedded page type model: ``python -m curation.training.page_type PAGES``.

English pages and their types are WCXB's, Chinese ones articles and index pages of MIT and Apache
collections. Two models: one for pages whose markup was counted, one for text alone. Tool, audio,
video and adult pages have no labels: their models are set by hand in ``page_type_signs.json``.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from curation.training.line_labels import label_lines
from curation.training.pages import LabelledPage, read_prepared
from models.linear import save_linear
from models.linear.fit import Matrix, fit_weights, matrix_of, out_of_fold, roc_auc
from models.page_type import HOME
from models.page_type.features import PageContent, page_features

STRENGTH = 0.05
TYPE_OF = {"collection": "listing", "list": "listing"}
"""WCXB's collections (of products) and listings (of anything else) are both index pages."""

KEPT = ("article", "documentation", "product", "service")
CHINESE_MASS = 3.0
MENU_EVERY, MENU_LINES = 3, 60


def as_page(page: LabelledPage, *, with_markup: bool) -> PageContent:
    """The page as the stage sees it; an invented address is left out."""
    url = "" if ".invalid" in page.url else page.url
    return PageContent(page.text, url, page.title, page.markup if with_markup else None)


def report(pages: Sequence[LabelledPage], labels: Sequence[str], scores: Matrix) -> dict[str, Any]:
    """AUC of kept against not kept by language, AUC by type, confusion, cost of each threshold."""
    types = sorted(set(labels))
    truth = np.array(labels)
    keep = scores[:, [types.index(kind) for kind in KEPT]].sum(axis=1)
    detail = np.isin(truth, KEPT)
    language = np.array([page.language for page in pages])
    chosen = [types[i] for i in scores.argmax(axis=1)]
    return {
        "pages": len(pages),
        "accuracy": round(float(np.mean(np.array(chosen) == truth)), 4),
        "auc_kept": {
            code: round(roc_auc(detail[language == code], keep[language == code]), 4)
            for code in ("en", "zh")
        },
        "auc_by_type": {
            kind: round(roc_auc(truth == kind, scores[:, i]), 4) for i, kind in enumerate(types)
        },
        "confusion": {
            kind: dict(Counter(c for c, t in zip(chosen, labels, strict=True) if t == kind))
            for kind in types
        },
        "threshold: detail pages removed, others removed": {
            f"{t:.1f}": [
                round(float((keep[detail] < t).mean()), 4),
                round(float((keep[~detail] < t).mean()), 4),
            ]
            for t in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
        },
    }


def menus_of(pages: Sequence[LabelledPage]) -> list[LabelledPage]:
    """A sixth of the pages without their main text: what a failed extraction leaves is a list."""
    result = []
    for page in pages:
        if page.main and hashlib.sha256(page.id.encode()).digest()[0] % MENU_EVERY == 0:
            lines = page.full.split("\n")
            labels = label_lines(lines, page.main, page.title)
            rest = [line for line, inside in zip(lines, labels, strict=True) if inside is False]
            menu = "\n".join(rest[:MENU_LINES])
            result.append(replace(page, text=menu, page_type="listing", url="", title=""))
    return result


def train(pages: Sequence[LabelledPage], name: str, *, with_markup: bool) -> dict[str, Any]:
    """Measure out of fold by site, fit on all, write the weights; the measures come back."""
    used = [*pages, *menus_of(pages)]
    names, matrix = matrix_of(page_features(as_page(p, with_markup=with_markup)) for p in used)
    labels = [TYPE_OF.get(page.page_type, page.page_type) for page in used]
    sites = [page.site for page in used]
    mass = [CHINESE_MASS if page.language == "zh" else 1.0 for page in used]
    scores = out_of_fold(matrix, labels, sites, mass=mass, strength=STRENGTH)
    weights = fit_weights(names, matrix, labels, mass=mass, strength=STRENGTH)
    about = report(pages, labels[: len(pages)], scores[: len(pages)])
    save_linear(HOME / f"{name}.json", weights, about, exclusive=True)
    return about


def main(path: str) -> None:
    """Train both models and print what was measured."""
    pages = [page for page in read_prepared(Path(path)) if page.page_type and page.markup["tags"]]
    for name, with_markup in (("page_type", True), ("page_type_text", False)):
        about = train(pages, name, with_markup=with_markup)
        sys.stdout.write(f"{name} {json.dumps(about, indent=1)}\n")


if __name__ == "__main__":
    main(sys.argv[1])
