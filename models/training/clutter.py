"""Train the embedded clutter model: ``python -m models.training.clutter PAGES``.

Every line of a page is labelled by whether the page's main text, as people marked it, holds it.
Lines of two texts are used: what trafilatura extracts (what the stage will see) and all that the
page shows (where clutter abounds, sampled). PAGES is what ``models.training.pages`` wrote.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.clutter_features import line_features
from models.linear import WEIGHTS, save_linear
from models.text_shape import width
from models.training.fit import Matrix, fit_weights, out_of_fold, roc_auc
from models.training.line_labels import label_lines
from models.training.pages import LabelledPage, read_prepared

STRENGTH = 0.1
FULL_SHARE = 0.2
"""The share of a full page's lines that is used: they are six times those that are extracted."""

FULL_MASS = 0.3
CHINESE_MASS = 5.0
MIN_TRUTH = 0.75
"""A page is left out when less than this share of its extracted text is in the truth: truths omit
code, tables and whole sections, and their lines would count as clutter."""

CODE = re.compile(r"[{};=]\s*$|^\s*[)}\]<]|^\s*(?://|#include|def |import |return )|^\t|^ {4}|^\|")
KEPT_TYPES = frozenset({"article", "documentation", "product", "service", ""})


@dataclass(frozen=True)
class Lines:
    """Features, labels (1 main text, 0 clutter), and where each line comes from."""

    names: list[str]
    matrix: Matrix
    main: Any
    site: list[str]
    language: Any
    extracted: Any
    mass: Any
    text: list[str]


def labelled_lines(page: LabelledPage) -> Iterator[tuple[dict[str, float], bool, bool, str, float]]:
    """(features, is main text, is extracted, line, mass) for each line that can be judged."""
    for extracted, text in ((True, page.text), (False, page.full)):
        lines = [line for line in text.split("\n") if line.strip()]
        labels = label_lines(lines, page.main, page.title)
        if extracted and not _truth_is_whole(lines, labels):
            continue
        rows = list(zip(line_features(lines), labels, lines, strict=True))
        mass = (1.0 if extracted else FULL_MASS) * min(1.0, 50 / len(rows)) if rows else 0.0
        for number, (features, label, line) in enumerate(rows):
            if (
                label is not None
                and not CODE.search(line)
                and (extracted or _sampled(page, number))
            ):
                yield features, label, extracted, line, mass


def _truth_is_whole(lines: Sequence[str], labels: Sequence[bool | None]) -> bool:
    inside = sum(
        width(line) for line, label in zip(lines, labels, strict=True) if label is not False
    )
    return inside >= MIN_TRUTH * sum(map(width, lines))


def _sampled(page: LabelledPage, number: int) -> bool:
    digest = hashlib.sha256(f"{page.id} {number}".encode()).digest()
    return digest[0] < 256 * FULL_SHARE


def collect(pages: Sequence[LabelledPage]) -> Lines:
    """Every usable line of the pages that have a truth and a type that the pipeline keeps."""
    used = [p for p in pages if len(p.main) > 100 and p.page_type in KEPT_TYPES]  # noqa: PLR2004
    rows = [(page, *line) for page in used for line in labelled_lines(page)]
    names = list(rows[0][1])
    return Lines(
        names=names,
        matrix=np.array([np.fromiter(row[1].values(), float, len(names)) for row in rows]),
        main=np.array([row[2] for row in rows]),
        site=[row[0].site for row in rows],
        language=np.array([row[0].language for row in rows]),
        extracted=np.array([row[3] for row in rows]),
        mass=np.array([row[5] * (CHINESE_MASS if row[0].language == "zh" else 1) for row in rows]),
        text=[row[4] for row in rows],
    )


def report(lines: Lines, scores: Any) -> dict[str, Any]:
    """By language and text: AUC, and what share of main text and clutter each threshold cuts."""
    result: dict[str, Any] = {}
    widths = np.array([width(line) for line in lines.text], float)
    for language in ("en", "zh"):
        for name, chosen in (("extracted", lines.extracted), ("full", ~lines.extracted)):
            here = chosen & (lines.language == language)
            main, clutter = here & lines.main, here & ~lines.main
            result[f"{language} {name}"] = {
                "lines": int(here.sum()),
                "clutter": int(clutter.sum()),
                "auc": round(roc_auc(lines.main[here], scores[here]), 4),
                "threshold: main lines cut, main text cut, clutter lines cut, clutter text cut": {
                    f"{t:.2f}": [
                        round(float(np.average(scores[part] < t, weights=weights)), 4)
                        for part in (main, clutter)
                        for weights in (None, widths[part])
                    ]
                    for t in (0.05, 0.1, 0.2, 0.3, 0.4, 0.5)
                },
            }
    return result


def main(pages: str) -> None:
    """Measure out of fold by site, fit on all, write the weights, print what was measured."""
    lines = collect(read_prepared(Path(pages)))
    labels = ["main" if inside else "clutter" for inside in lines.main]
    scores = out_of_fold(lines.matrix, labels, lines.site, mass=lines.mass, strength=STRENGTH)[:, 1]
    weights = fit_weights(lines.names, lines.matrix, labels, mass=lines.mass, strength=STRENGTH)
    about = report(lines, scores)
    save_linear(WEIGHTS / "clutter.json", weights, about, exclusive=False)
    sys.stdout.write(json.dumps(about, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
