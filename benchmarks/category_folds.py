"""Top-1 of the category model beside dull baselines: out of fold, and on sets of coarse labels.

    python -m benchmarks.category_folds ../shared/data [--fasttext PYTHON]

Out of fold everything is judged by what was fitted to the other half of the texts, pages by site.
Whole English articles have a class of one of five subjects; right is any class of that subject:
pages of the type article, and the longest of the written texts. Baselines learn from the same texts
as the model. A coarse label is to them the likeliest of the classes that answer it, by a regression
on the texts of one class. PYTHON is an interpreter that has ``fasttext`` with its training.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from benchmarks.category import SETS
from conf import locate
from curation.training.category import CategoryExample, examples, learnt_from
from curation.training.coarse_categories import answers
from models.category import load
from models.category.fit import judge_out_of_fold
from models.category.trained import MAX_CHARS
from models.taxonomy import read_taxonomy
from models.text.words import folded_words

SUBJECTS: Mapping[str, str] = {
    "business": "@economy financial_disclosure labour_welfare",
    "entertainment": "@entertainment",
    "politics": "domestic_politics world_news international_relations political_science "
    "government_notice military_news",
    "sport": "@sports",
    "technology": "technology_news consumer_electronics @computing",
}
WHOLE = 1_500
"""Characters of the shortest written article; openings have at most 900."""
FASTTEXT = """
import sys, fasttext
model = fasttext.train_supervised(
    sys.argv[1], dim=100, epoch=25, lr=0.5, wordNgrams=2, thread=1, seed=1, verbose=0
)
for line in open(sys.argv[2], encoding="utf-8"):
    found = model.f.predict(line, 1, 0.0, "strict")
    print(found[0][1].removeprefix("__label__") if found else "")
"""

Counted = tuple[str, frozenset[str]]
"""What a text is counted with, "" for nothing, and the classes that are right there."""


def cut(text: str) -> str:
    """The folded words of what lexicons are asked about, a space between."""
    return " ".join(folded_words(text[:MAX_CHARS]))


class Regression:
    """tf-idf of words and pairs of them, and logistic regression, of texts that are cut."""

    def __init__(self, texts: Sequence[str], labels: Sequence[str]) -> None:
        self.features = TfidfVectorizer(
            token_pattern=r"\S+", ngram_range=(1, 2), min_df=2, max_features=30_000
        )
        found = self.features.fit_transform(texts).astype(np.float32)
        self.layer = LogisticRegression(C=10, max_iter=50).fit(found, labels)

    def chances(self, texts: Sequence[str]) -> tuple[list[str], NDArray[np.float64]]:
        """The names of the classes, and the probability of each, (texts, classes)."""
        found = self.layer.predict_proba(self.features.transform(texts).astype(np.float32))
        return self.layer.classes_.tolist(), found

    def classes_of(self, texts: Sequence[str]) -> list[str]:
        """The likeliest class of each text."""
        names, chances = self.chances(texts)
        return [names[best] for best in chances.argmax(axis=1)]


def resolved(texts: Sequence[str], found: Sequence[CategoryExample]) -> list[str]:
    """One class for each example: of several the likeliest, by a regression on the others."""
    exact = [number for number, one in enumerate(found) if len(one.answers) == 1]
    labels = {number: next(iter(found[number].answers)) for number in exact}
    coarse = sorted(set(range(len(found))) - set(exact))
    first = Regression([texts[number] for number in exact], list(labels.values()))
    names, chances = first.chances([texts[number] for number in coarse])
    for number, row in zip(coarse, chances, strict=True):
        allowed = [name in found[number].answers for name in names]
        labels[number] = names[int(np.where(allowed, row, -1).argmax())]
    return [labels[number] for number in range(len(found))]


def by_fasttext(
    python: str, texts: Sequence[str], labels: Sequence[str], asked: Sequence[str]
) -> list[str]:
    """The class of each text that is asked about, by a model trained on texts with labels."""
    with tempfile.TemporaryDirectory() as scratch:
        known, unknown = Path(scratch) / "known", Path(scratch) / "unknown"
        rows = [f"__label__{label} {text}" for label, text in zip(labels, texts, strict=True)]
        known.write_text("\n".join(rows) + "\n", encoding="utf-8")
        unknown.write_text("\n".join(asked) + "\n", encoding="utf-8")
        command = [python, "-c", FASTTEXT, str(known), str(unknown)]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return said.split("\n")[: len(asked)]


def baselines(
    found: Sequence[CategoryExample], asked: Sequence[str], fasttext: str
) -> Mapping[str, list[str]]:
    """The class of each text that is asked about, by each baseline."""
    texts, others = [cut(one.text) for one in found], [cut(text) for text in asked]
    labels = resolved(texts, found)
    said = {"tf-idf": Regression(texts, labels).classes_of(others)}
    if fasttext:
        said["fasttext"] = by_fasttext(fasttext, texts, labels, others)
    said["lexicon"] = [one.category for one in load("lexicon").score(asked)]
    return said


def majority(right: Sequence[frozenset[str]]) -> float:
    """The share of texts that are answered by the one class that answers most of them."""
    counts = Counter(name for one in right for name in one)
    return max(counts.values()) / len(right)


def articles_of(found: Sequence[CategoryExample]) -> list[Counted]:
    """Whole English articles on one of the five subjects."""
    subjects = answers(SUBJECTS).values()
    rows = []
    for one in found:
        right: frozenset[str] = next(
            (some for some in subjects if one.answers <= some), frozenset()
        )
        is_page = one.page_type == "article"
        is_written = one.source == "written texts" and len(one.text) >= WHOLE
        is_counted = bool(right) and one.language == "en" and (is_page or is_written)
        rows.append((f"articles: {one.source}" if is_counted else "", right))
    return rows


def show(rows: Sequence[Counted], said: Mapping[str, Sequence[str]]) -> None:
    """Print, for all that is counted together, the share of each form that is right."""
    for name in sorted({kind for kind, _ in rows} - {""}):
        mine = [number for number, (kind, _) in enumerate(rows) if kind == name]
        shares = [f"majority {majority([rows[number][1] for number in mine]):.3f}"]
        for form, classes in said.items():
            hits = sum(classes[number] in rows[number][1] for number in mine)
            shares.append(f"{form} {hits / len(mine):.3f}")
        print(f"{name:26} {len(mine):6} texts  {'  '.join(shares)}", flush=True)


def measure_folds(found: Sequence[CategoryExample], fasttext: str) -> None:
    """Print what each form says of the fold that it has not seen."""
    learnt = learnt_from(found, read_taxonomy(locate("taxonomy.toml")))
    said: dict[str, list[str]] = {}
    for fold in sorted(set(learnt.folds.tolist())):
        outside = np.flatnonzero(learnt.folds == fold).tolist()
        inside = [one for one, own in zip(found, learnt.folds, strict=True) if own != fold]
        judged = baselines(inside, [found[number].text for number in outside], fasttext)
        for form, classes in judged.items():
            filled = said.setdefault(form, [""] * len(found))
            for number, name in zip(outside, classes, strict=True):
                filled[number] = name
    said["embedded"] = [learnt.classes[one] for one in judge_out_of_fold(learnt).chosen]
    show([(f"{one.language} {one.source}", one.answers) for one in found], said)
    show(articles_of(found), said)


def measure_sets(found: Sequence[CategoryExample], folder: Path, fasttext: str) -> None:
    """Print what baselines that have seen all examples say of the sets of coarse labels."""
    asked, rows = [], []
    for name, (read, mapping) in SETS.items():
        right = answers(mapping)
        own = [(text, right[label]) for text, label in read(folder) if label in right]
        asked += [text for text, _ in own]
        rows += [(name, classes) for _, classes in own]
    show(rows, baselines(found, asked, fasttext))


@click.command()
@click.argument("data", type=click.Path(exists=True, path_type=Path))
@click.option("--fasttext", default="", help="An interpreter that can train fastText.")
def run(data: Path, fasttext: str) -> None:
    """Measure both on DATA."""
    found = examples(data)
    measure_folds(found, fasttext)
    measure_sets(found, data / "labels", fasttext)


if __name__ == "__main__":
    run()
