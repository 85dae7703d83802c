"""Train the embedded clutter model: ``python -m curation.training.clutter DATA PAGES``.

Every line of a page is labelled by whether the page's main text, as people marked it, holds it.
Lines of several texts are used: what trafilatura extracts (what the stage will see), the same with
hard line ends, all that the page shows (where clutter abounds, sampled), and Chinese articles put
between clutter of real pages. DATA is the folder of labelled data, PAGES what
``curation.training.pages`` wrote of it.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from curation.training.articles import chinese_articles
from curation.training.line_labels import label_lines
from curation.training.pages import LabelledPage, read_prepared
from models.clutter import WEIGHTS, judged_lines
from models.clutter.features import line_features
from models.linear import save_linear
from models.linear.fit import Matrix, fit_weights, out_of_fold, roc_auc
from models.text.shape import is_chinese, is_not_prose, width

STRENGTH = 0.1
FULL_SHARE = 0.2
"""The share of a full page's lines that is used: they are six times those that are extracted."""

PAGE_LINES = 50
MASS = {
    "en extracted": 1.0,
    "en wrapped": 1.0,
    "en full": 0.3,
    "en short": 0.1,
    "zh extracted": 5.0,
    "zh wrapped": 2.0,
    "zh full": 1.0,
    "zh short": 0.5,
    "zh composed": 1.0,
}
"""What a line of a page of no more than 50 lines weighs; Chinese pages are a twentieth of all."""

SHORT_LINES, SHORT_WIDTH, SHORT_TEXTS = 3, 150, 6
"""The most lines of a short document, its least main text, and how many of each a page gives."""

WRAPPED_SHARE = {"en": 0.1, "zh": 0.5}
THRESHOLDS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
COLUMNS = "threshold: main lines cut, main text cut, clutter lines cut, clutter text cut"
MIN_TRUTH = 0.75
"""A page is left out when less than this share of its extracted text is in the truth: truths omit
code, tables and whole sections, and their lines would count as clutter."""

KEPT_TYPES = frozenset({"article", "documentation", "product", "service", ""})


@dataclass(frozen=True)
class Example:
    """One line: features, whether it is main text, the document's kind and site, its mass."""

    features: Matrix
    main: bool
    kind: str
    site: str
    mass: float
    width: int


def documents(page: LabelledPage) -> Iterator[tuple[str, list[str]]]:
    """The texts of a page that are learnt from: (kind, lines), the kind with its language."""
    extracted = judged_lines(page.text)
    if _truth_is_whole(extracted, label_lines(extracted, page.main, page.title)):
        yield f"{page.language} extracted", extracted
        if _chance(page.id) < WRAPPED_SHARE[page.language]:
            yield f"{page.language} wrapped", wrap(extracted, 20 + int(40 * _chance(page.id, "w")))
    yield f"{page.language} full", judged_lines(page.full)


def wrap(lines: Sequence[str], columns: int) -> list[str]:
    """The lines with hard line ends, as old pages have them, after so many Han characters."""
    wrapped = []
    for line in lines:
        size = columns if is_chinese(line) else 2 * columns
        wrapped += textwrap.wrap(line, size, break_long_words=is_chinese(line)) or [line]
    return wrapped


def learn_from(page: LabelledPage) -> Iterator[Example]:
    """The lines of a page that can be judged; a page weighs at most as much as ``PAGE_LINES``."""
    for kind, lines in documents(page):
        labels = label_lines(lines, page.main, page.title)
        yield from _examples(lines, labels, kind, page.site, page.id)


def short_documents(page: LabelledPage) -> Iterator[Example]:
    """A few lines of a page's main text, or of its clutter, as if they were all that it has."""
    source = random.Random(page.id)  # noqa: S311
    for lines, is_main in ((judged_lines(page.main), True), (_outside(page), False)):
        for number in range(SHORT_TEXTS if lines else 0):
            start = source.randrange(len(lines))
            drawn = lines[start : start + source.randint(1, SHORT_LINES)]
            if not is_main or sum(map(width, drawn)) >= SHORT_WIDTH:
                kind, key = f"{page.language} short", f"{page.id} {is_main} {number}"
                yield from _examples(drawn, [is_main] * len(drawn), kind, page.site, key)


def _examples(
    lines: Sequence[str], labels: Sequence[bool | None], kind: str, site: str, key: str
) -> Iterator[Example]:
    mass = MASS[kind] * min(1.0, PAGE_LINES / len(lines)) if lines else 0.0
    sampled = FULL_SHARE if kind.endswith("full") else 1.0
    for number, (features, label) in enumerate(zip(line_features(lines), labels, strict=True)):
        line = lines[number]
        if label is None or is_not_prose(line) or _chance(key, str(number)) >= sampled:
            continue
        values = np.fromiter(features.values(), float, len(features))
        yield Example(values, label, kind, site, mass, width(line))


def _truth_is_whole(lines: Sequence[str], labels: Sequence[bool | None]) -> bool:
    pairs = zip(lines, labels, strict=True)
    inside = sum(width(line) for line, label in pairs if label is not False)
    return inside >= MIN_TRUTH * sum(map(width, lines))


def _chance(*key: str) -> float:
    """A number in [0, 1) that depends on the key alone."""
    digest = hashlib.sha256(" ".join(key).encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32


def composed(data: Path, pages: Sequence[LabelledPage]) -> Iterator[Example]:
    """Chinese articles between clutter of real pages: Chinese pages with a truth are few.

    The clutter is a stretch of lines that a page shows outside its main text; the page's site is
    the document's, so that it is held out with the site.
    """
    clutter = [(page.site, _outside(page)) for page in pages if page.language == "zh" and page.main]
    for number, text in enumerate(chinese_articles(data)):
        site, outside = clutter[number % len(clutter)]
        source = random.Random(number)  # noqa: S311
        parts = [_stretch(outside, source), judged_lines(text)[:200], _stretch(outside, source)]
        lines = [line for part in parts for line in part]
        labels = [False] * len(parts[0]) + [True] * len(parts[1]) + [False] * len(parts[2])
        yield from _examples(lines, labels, "zh composed", site, f"composed {number}")


def _outside(page: LabelledPage) -> list[str]:
    lines = judged_lines(page.full)
    labels = label_lines(lines, page.main, page.title)
    return [line for line, inside in zip(lines, labels, strict=True) if inside is False]


def _stretch(lines: Sequence[str], source: random.Random) -> list[str]:
    if not lines:
        return []
    start = source.randrange(len(lines))
    return list(lines[start : start + source.randint(0, 4)])


def report(examples: Sequence[Example], scores: Matrix) -> dict[str, Any]:
    """By kind of document: AUC, and what each threshold cuts of main text and of clutter.

    Lines weigh as in training: a page counts for at most ``PAGE_LINES`` lines.
    """
    kinds = np.array([example.kind for example in examples])
    main = np.array([example.main for example in examples])
    mass = np.array([example.mass for example in examples])
    widths = np.array([example.width for example in examples], float)
    result: dict[str, Any] = {}
    for kind in sorted(set(kinds.tolist())):
        here = kinds == kind
        result[kind] = {
            "lines": int(here.sum()),
            "clutter": int((here & ~main).sum()),
            "auc": round(roc_auc(main[here], scores[here]), 4),
            "auc_by_page": round(roc_auc(main[here], scores[here], mass[here]), 4),
            COLUMNS: {
                f"{t:.2f}": [
                    round(float(np.average(scores[part] < t, weights=weights[part])), 4)
                    for part in (here & main, here & ~main)
                    for weights in (mass, mass * widths)
                ]
                for t in THRESHOLDS
            },
        }
    return result


def main(data: str, pages: str) -> None:
    """Measure out of fold by site, fit on all, write the weights, print what was measured."""
    prepared = [p for p in read_prepared(Path(pages)) if p.main and p.page_type in KEPT_TYPES]
    examples = [example for page in prepared for example in learn_from(page)]
    examples += [example for page in prepared for example in short_documents(page)]
    examples += composed(Path(data), prepared)
    matrix = np.array([example.features for example in examples])
    labels = ["main" if example.main else "clutter" for example in examples]
    sites, mass = [e.site for e in examples], [e.mass for e in examples]
    scores = out_of_fold(matrix, labels, sites, mass=mass, strength=STRENGTH)[:, 1]
    names = list(line_features(["x"])[0])
    weights = fit_weights(names, matrix, labels, mass=mass, strength=STRENGTH)
    about = report(examples, scores)
    save_linear(WEIGHTS, weights, about, exclusive=False)
    sys.stdout.write(json.dumps(about, indent=1) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
