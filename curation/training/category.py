"""Train the embedded category model: ``python -m curation.training.category DATA OUT``.

It learns from texts that were written for it, from the labels of ``labels/category_*.jsonl`` and
from half of the titles of THUCNews, whose ten labels are each answered by several classes.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click
import numpy as np

from conf import locate
from curation.cli.options import words_for_errors
from curation.config import load_config
from curation.errors import UsageError
from curation.training.coarse_categories import THUCNEWS, answers
from curation.training.document_labels import read_document_labels
from curation.training.extraction import extraction_tools
from curation.training.labelled_pages import FOLDERS, trainable_pages
from curation.training.licences import may_train_on
from curation.training.options import DATA, OUT
from curation.training.texts import named_texts
from models import embedding
from models.category.fit import Learnt, fit, judge_out_of_fold, quantised
from models.category.lexicon import LexiconClassifier
from models.category.trained import WEIGHTS, groups_of, save_weights, shares_of, vectors_of
from models.embedding import use
from models.linear.fit import fold_of
from models.taxonomy import Taxonomy, read_taxonomy
from stages.extract import extract

WRITTEN = Path(__file__).with_name("written") / "categories"
NEWS_TITLES = "thucnews_titles_dev_zh"
FOLDS = 2
TITLE_MASS = 0.75
"""Of a news title beside a written text. Out of fold at 1 news titles gain 0.005 and written titles
lose 0.005, at 0.5 it is the other way round."""


@dataclass(frozen=True, slots=True)
class CategoryExample:
    """A text as the model is given it, and the classes that answer it.

    ``group`` is held out together: a file of written texts is one source of ideas but no site, so
    each of its texts is a group. ``page_type`` is that of a labelled page.
    """

    text: str
    answers: frozenset[str]
    source: str
    language: str
    group: str
    mass: float = 1.0
    page_type: str = ""


def written(folder: Path = WRITTEN) -> Iterator[CategoryExample]:
    """The texts that were written for training, by language and group of classes."""
    for path in sorted(folder.glob("*/*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            text = row["text"] if row["form"] == "title" else f"\n{row['text']}"
            yield CategoryExample(
                text,
                frozenset({row["category"]}),
                f"written {row['form']}s",
                path.parent.name,
                text,
            )


def written_titles(language: str) -> list[str]:
    """Those of the texts that are titles."""
    return [
        one.text for one in written() if one.language == language and one.source == "written titles"
    ]


def is_held_out(title: str) -> bool:
    """Whether a news title is for the report: by its hash, one in two."""
    return fold_of(title, 2) == 1


def news_titles(data: Path) -> Iterator[tuple[str, str]]:
    """Titles of THUCNews with their label."""
    names = (data / "labels" / "thucnews_class.txt").read_text(encoding="utf-8").split()
    path = data / "labels" / f"{NEWS_TITLES}.tsv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            title, number = line.rstrip("\n").rsplit("\t", 1)
            yield title, names[int(number)]


READ_MASS = 25.0
"""Of the pages and texts of a class that were read: shops and software abound among them. Out of
fold 25 gains 0.02 of pages over 15 and loses 0.005 of written texts."""

WRITTEN_MASS = 50.0
"""Of the written texts of a class, of which most have 30 to 50, and newsrooms fill some to 190.
Out of fold 50, 65, 80 and no bound are alike, but for news titles (0.813, 0.809, 0.811, 0.808)."""


def limited(found: Iterable[CategoryExample], most: float) -> list[CategoryExample]:
    """Examples of one class each, of so much mass that a class has ``most`` of it at most."""
    kept = list(found)
    counts = Counter(one.answers for one in kept)
    return [replace(one, mass=min(1.0, most / counts[one.answers])) for one in kept]


def read_documents(data: Path) -> Iterator[CategoryExample]:
    """Pages and texts whose class was said by reading them; pages as the stage is given them."""
    tools = extraction_tools(load_config(locate("local.toml")))
    for language in FOLDERS:
        labels = read_document_labels("category", language)
        for page in trainable_pages(data / "extraction", language):
            if page.id in labels and not page.is_held_out:
                own = page.page
                shown = extract(own.body, url=own.url, http_charset=own.http_charset, tools=tools)
                text = f"{shown.title}\n{shown.text}"
                answer = frozenset({labels[page.id]})
                yield CategoryExample(
                    text, answer, "pages", language, page.site, page_type=page.page_type
                )
        for name, text in named_texts(data, language):
            if name in labels:
                answer = frozenset({labels[name]})
                yield CategoryExample(f"\n{text}", answer, "texts", language, name)


def examples(data: Path) -> list[CategoryExample]:
    """All that is learnt from. Raises UsageError where there is nothing."""
    right = answers(THUCNEWS)
    found = [*limited(written(), WRITTEN_MASS), *limited(read_documents(data), READ_MASS)]
    if may_train_on(NEWS_TITLES):
        found += [
            CategoryExample(title, right[label], "news titles", "zh", f"title {title}", TITLE_MASS)
            for title, label in news_titles(data)
            if not is_held_out(title)
        ]
    if not found:
        raise UsageError(f"{WRITTEN}: has no texts to learn from")
    return found


def learnt_from(found: Sequence[CategoryExample], taxonomy: Taxonomy) -> Learnt:
    """Examples in numbers: embeddings, lexicon shares, the classes that answer."""
    classes = [one.id for one in taxonomy.classes]
    texts = [one.text for one in found]
    return Learnt(
        classes=tuple(classes),
        groups=groups_of(taxonomy.classes),
        vectors=vectors_of(texts, embedding.load(use.NAME)),
        shares=shares_of(texts, LexiconClassifier(taxonomy)),
        answers=np.array([[name in one.answers for name in classes] for one in found]),
        mass=np.array([one.mass for one in found]),
        folds=np.array([fold_of(one.group, FOLDS) for one in found]),
    )


def accuracy_by(
    found: Iterable[CategoryExample], hits: Iterable[bool]
) -> Mapping[str, tuple[int, float]]:
    """How many examples each source and language has, and the share of hits."""
    counts: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for one, hit in zip(found, hits, strict=True):
        counts[f"{one.language} {one.source}"] += 1
        right[f"{one.language} {one.source}"] += hit
    return {name: (count, round(right[name] / count, 3)) for name, count in sorted(counts.items())}


@click.command()
@DATA
@OUT
@words_for_errors
def run(data: Path, out: Path) -> None:
    """Write weights into the folder OUT, fitted to written texts and to labels in DATA."""
    found = examples(data)
    learnt = learnt_from(found, read_taxonomy(locate("taxonomy.toml")))
    judged = judge_out_of_fold(learnt)
    for name, (count, share) in accuracy_by(found, judged.hits).items():
        click.echo(f"{name:24} {count:6} out of fold {share:.3f}")
    click.echo(f"temperature {judged.temperature:.3f}")
    for low, count, share in judged.reliability:
        click.echo(f"score from {low:.1f} {count:6} right {share:.3f}")
    out.mkdir(parents=True, exist_ok=True)
    save_weights(out / WEIGHTS.name, quantised(fit(learnt), learnt.classes, judged.temperature))


if __name__ == "__main__":
    run()
