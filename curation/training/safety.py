"""Train the embedded safety model: ``python -m curation.training.safety DATA OUT``.

Unsafe texts of adult content, gambling and abuse were written for it (the first half of each file
is learnt from); good texts about these subjects stand against them. Chinese offence is learnt from
sentences that people judged (COLD), and what is ordinary from main texts of pages, articles and
headlines.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from curation.cli.options import words_for_errors
from curation.training.labelled_pages import FOLDERS, trainable_pages
from curation.training.options import DATA, OUT
from curation.training.texts import chinese_articles, headlines, judged_sentences, votes
from curation.training.written_safety import written_texts
from models.linear.fit import roc_auc
from models.safety import SUBJECTS, WEIGHTS, EmbeddedSafety, load_weights
from models.safety.fit import Example, fit

MAX_CHARS = 3000
UNSAFE_MASS, SUBJECT_MASS, SENTENCE_MASS = 50.0, 250.0, 0.05
"""What a window weighs of a text written as unsafe, of a good one about a subject, and of COLD:
the written ones are few, and COLD, which has 25,726 sentences, calls much offensive that tells of
offence. With COLD at 1, 5 of 30 good Chinese texts scored over 0.5 out of fold, with these 1."""

UNSAFE_TYPES = ("adult", "gambling", "forum")
"""Pages of these types are no examples of what is ordinary."""

THRESHOLDS = (0.5, 0.7, 0.8, 0.9, 0.95)
SAFE = dict.fromkeys(SUBJECTS, False)


@dataclass(frozen=True, slots=True)
class Share:
    """How many texts of a group score so high, of how many."""

    threshold: float
    above: int
    texts: int


@dataclass(frozen=True, slots=True)
class Report:
    """How the model scores what it was not fitted to.

    Written texts by language, kind and subject; COLD's dev sentences; pages of sites held out.
    """

    written: dict[str, list[Share]]
    sentences_auc: float | None
    pages_held_out: list[Share]


def examples(data: Path) -> Iterator[Example]:
    """What the weights are fitted to."""
    for written in written_texts():
        if not written.is_reported:
            own = written.subject if written.is_unsafe else ""
            mass = UNSAFE_MASS if own else SUBJECT_MASS
            yield Example(written.text, {one: one == own for one in SUBJECTS}, mass)
    for sentence in judged_sentences(data, "train"):
        yield Example(sentence.text, {"offence": not sentence.is_good}, SENTENCE_MASS)
    for text in ordinary(data, held_out=False):
        yield Example(text, SAFE)
    for article in chinese_articles(data):
        yield Example(article[:MAX_CHARS], SAFE)
    for title in headlines(data):
        yield Example(title, SAFE)
    for vote in votes(data):
        yield Example(vote.text[:MAX_CHARS], SAFE)


def ordinary(data: Path, *, held_out: bool) -> Iterator[str]:
    """The main texts of labelled pages, of sites that are held out or of those that are not."""
    for language in FOLDERS:
        for page in trainable_pages(data / "extraction", language):
            if page.is_held_out == held_out and page.page_type not in UNSAFE_TYPES and page.truth:
                yield page.truth[:MAX_CHARS]


def report(data: Path, model: EmbeddedSafety) -> Report:
    """Score what the model was not fitted to."""
    sentences = list(judged_sentences(data, "dev"))
    offence = [score.offence for score in model.score([one.text for one in sentences])]
    pages = [score.worst for score in model.score(list(ordinary(data, held_out=True)))]
    auc = roc_auc([not one.is_good for one in sentences], offence)
    return Report(report_written(model), auc, _shares(pages))


def report_written(model: EmbeddedSafety) -> dict[str, list[Share]]:
    """Of the written texts that nothing is fitted to, how many score so high, by what they are."""
    texts = [text for text in written_texts() if text.is_reported]
    groups: dict[str, list[float]] = {}
    for text, score in zip(texts, model.score([text.text for text in texts]), strict=True):
        name = f"{text.language} {'unsafe' if text.is_unsafe else 'subject'} {text.subject}"
        groups.setdefault(name, []).append(score.worst)
    return {name: _shares(scores) for name, scores in groups.items()}


def _shares(scores: Sequence[float]) -> list[Share]:
    return [
        Share(threshold, sum(score > threshold for score in scores), len(scores))
        for threshold in THRESHOLDS
    ]


@click.command("safety")
@DATA
@OUT
@words_for_errors
def main(data: Path, out: Path) -> None:
    """Write weights, and how they score, into the folder OUT, fitted to labelled DATA."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / WEIGHTS.name
    fit(list(examples(data)), path)
    figures = json.dumps(asdict(report(data, load_weights(path))), indent=1)
    (out / "safety.report.json").write_text(figures + "\n", encoding="utf-8")
    click.echo(figures)


if __name__ == "__main__":
    main()
