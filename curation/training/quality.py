"""Train the embedded quality models: ``python -m curation.training.quality DATA PAGES``.

English: 253 texts with the majority of human votes (DCLM, MIT). Chinese: there are no human votes
whose licence lets weights be shipped, so real texts stand against corruptions of them, headlines
in a row and the boilerplate of real pages. PAGES is what ``curation.training.pages`` wrote.
"""

from __future__ import annotations

import gzip
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from curation.training.articles import chinese_articles
from curation.training.corruptions import CORRUPTIONS, title_list
from curation.training.line_labels import label_lines
from curation.training.pages import LabelledPage, read_prepared
from models.linear import save_linear
from models.linear.fit import fit_weights, matrix_of, out_of_fold, roc_auc
from models.quality import HOME
from models.quality.features import features_of
from models.text import languages

STRENGTH = {"en": 0.1, "zh": 0.1}
"""Inverse regularisation: the best of 0.003 to 1 out of fold in English, kept for Chinese."""

MIN_CHARS = 100
TITLE_LISTS = 200


@dataclass(frozen=True)
class Example:
    """A text, whether it is good, the site or document it comes from, and how it was made."""

    text: str
    good: bool
    group: str
    kind: str


def english_examples(data: Path) -> list[Example]:
    """DCLM's texts; each is its own group."""
    path = data / "labels" / "dclm_quality_majority_en.jsonl.gz"
    rows = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    return [
        Example(row["text"], bool(int(row["label"])), f"dclm-{i}", "votes")
        for i, row in enumerate(rows)
    ]


def chinese_examples(data: Path, pages: Sequence[LabelledPage]) -> list[Example]:
    """Good texts, and for each one corruption of each kind; boilerplate; rows of headlines."""
    good = [*_articles(data), *_main_texts(pages)]
    examples = list(good)
    for number, example in enumerate(good):
        source = random.Random(number)  # noqa: S311
        for kind, corrupt in CORRUPTIONS.items():
            examples.append(
                Example(corrupt(example.text[:5000], source), False, example.group, kind)
            )
    examples += _boilerplate(pages)
    path = data / "labels" / "thucnews_titles_dev_zh.tsv.gz"
    titles = [
        line.split("\t")[0] for line in gzip.decompress(path.read_bytes()).decode().splitlines()
    ]
    for number in range(TITLE_LISTS):
        text = title_list(titles, random.Random(number))  # noqa: S311
        examples.append(Example(text, False, f"titles-{number}", "headlines"))
    return [example for example in examples if len(example.text) >= MIN_CHARS]


def _articles(data: Path) -> list[Example]:
    return [
        Example(text, True, f"article-{number}", "translated articles")
        for number, text in enumerate(chinese_articles(data))
    ]


def _main_texts(pages: Sequence[LabelledPage]) -> list[Example]:
    """Main texts of real pages, as labelled and as extracted."""
    return [
        Example(text, True, page.site, "page texts")
        for page in pages
        if page.language == "zh" and len(page.main) >= MIN_CHARS
        for text in (page.main, page.text)
    ]


def _boilerplate(pages: Sequence[LabelledPage]) -> list[Example]:
    """What real pages hold besides their main text, and what extraction leaves of index pages."""
    examples = []
    for page in pages:
        if page.language != "zh":
            continue
        if page.page_type == "list":
            examples.append(Example(page.text, False, page.site, "list pages"))
        if page.main:
            lines = page.full.split("\n")
            labels = label_lines(lines, page.main, page.title)
            rest = [line for line, inside in zip(lines, labels, strict=True) if inside is False]
            examples.append(Example("\n".join(rest), False, page.site, "boilerplate"))
    return examples


def train(language: str, examples: Sequence[Example], out: Path) -> dict[str, Any]:
    """Measure out of fold, fit on all, write the weights; the measures come back."""
    spoken = languages.KNOWN.records[language]
    names, matrix = matrix_of(features_of(example.text, spoken) for example in examples)
    labels = ["good" if example.good else "bad" for example in examples]
    groups = [example.group for example in examples]
    good = np.array([example.good for example in examples])
    mass = np.where(good, 0.5 / good.sum(), 0.5 / (~good).sum()) * len(good)
    strength = STRENGTH[language]
    scores = out_of_fold(matrix, labels, groups, mass=mass, strength=strength)[:, 1]
    weights = fit_weights(names, matrix, labels, mass=mass, strength=strength)
    about = report(examples, good, scores)
    save_linear(out / f"quality_{language}.json", weights, about, exclusive=False)
    return about


def report(examples: Sequence[Example], good: Any, scores: Any) -> dict[str, Any]:
    """AUC over all and by kind of bad text; what a threshold keeps of good and drops of bad."""
    kinds = np.array([example.kind for example in examples])
    by_kind = {
        str(kind): round(roc_auc(good[good | (kinds == kind)], scores[good | (kinds == kind)]), 4)
        for kind in sorted(set(kinds[~good]))
    }
    table = {
        f"{t:.1f}": [
            round(float((scores[good] < t).mean()), 4),
            round(float((scores[~good] < t).mean()), 4),
        ]
        for t in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
    }
    return {
        "texts": len(examples),
        "good": int(good.sum()),
        "auc_out_of_fold": round(roc_auc(good, scores), 4),
        "auc_by_kind": by_kind,
        "threshold: good cut, bad cut": table,
    }


def main(data: str, pages: str) -> None:
    """Train both languages and print what was measured."""
    folder = Path(data)
    examples = {
        "en": english_examples(folder),
        "zh": chinese_examples(folder, read_prepared(Path(pages))),
    }
    for language, chosen in examples.items():
        sys.stdout.write(f"{language} {json.dumps(train(language, chosen, HOME), indent=1)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
