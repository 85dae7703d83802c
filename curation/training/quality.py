"""Train the embedded quality models: ``python -m curation.training.quality DATA OUT``.

English: texts with the majority of human votes. Chinese: there are no human votes whose licence
lets weights be shipped, so articles and pages stand against corruptions of them, headlines in a row
and the boilerplate of real pages. Both: pages that were judged by reading, and texts that were
written for this, good and poor.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from curation.training.corruptions import CORRUPTIONS, title_list
from curation.training.document_labels import document_name, read_document_labels
from curation.training.documents import as_captured, as_text, lines_outside, text_alone
from curation.training.examples import Example, Known, TrainingDocument
from curation.training.extraction import extract_all
from curation.training.labelled_pages import ANNOTATED, LabelledPage, trainable_pages
from curation.training.task import Task, command
from curation.training.texts import chinese_articles, headlines, votes
from curation.training.written_texts import read_written
from models.linear.fit import Fit
from models.quality import fit as quality
from models.text import languages
from stages.extract import Tools

GOOD, BAD = "good", "bad"
ANSWERS = {"good": GOOD, "poor": BAD}
"""What is learnt from a page that was judged by reading; from a middling one nothing is."""

WRITTEN = "written"
MIN_CHARS = 100
CORRUPTED_CHARS = 5000
HEADLINE_TEXTS = 200


def enter(data: Path, tools: Tools) -> Iterator[TrainingDocument]:
    """The documents of both languages."""
    judged = {code: read_document_labels("quality", code) for code in ("en", "zh")}
    for page in trainable_pages(data / "extraction", "en"):
        if answer := ANSWERS.get(judged["en"].get(page.id, "")):
            yield as_captured(page, "judged pages", answer)
    for number, vote in enumerate(votes(data)):
        name = document_name("votes", number)
        known = Known("votes", "en", name, GOOD if vote.is_good else BAD)
        yield text_alone(vote.text, name, known)
    for number, article in enumerate(chinese_articles(data)):
        name = document_name("article", number)
        if judged["zh"].get(name, GOOD) == GOOD:
            yield text_alone(article, name, Known("translated articles", "zh", name, GOOD))
            yield from corrupted(article, name, name, number)
    for number, page in enumerate(trainable_pages(data / "extraction", "zh")):
        if value := judged["zh"].get(page.id):
            if answer := ANSWERS.get(value):
                yield as_captured(page, "judged pages", answer)
        else:
            yield from of_page(page, number, tools)
    yield from _headlines(headlines(data))
    for language in ("en", "zh"):
        yield from _written(language)


def of_page(page: LabelledPage, number: int, tools: Tools) -> Iterator[TrainingDocument]:
    """A page as extraction serves it, corruptions of its main text, and what stands around that."""
    if page.page_type == "list":
        yield as_captured(page, "list pages", BAD)
    if page.truth and page.truth_kind != ANNOTATED:  # labels do not say what a text is worth
        yield as_captured(page, "page texts", GOOD)
        yield from corrupted(page.truth, page.id, page.site, number)
        shown = extract_all(page.page, tools)
        rest = lines_outside(page, shown)
        yield as_text(page, rest, "boilerplate", shown.title, answer=BAD)


def corrupted(text: str, name: str, site: str, seed: int) -> Iterator[TrainingDocument]:
    """One bad text of each kind, made of a good one and held out with it."""
    source = random.Random(seed)  # noqa: S311
    for kind, corrupt in CORRUPTIONS.items():
        made = corrupt(text[:CORRUPTED_CHARS], source)
        yield text_alone(made, f"{name} {kind}", Known(kind, "zh", site, BAD))


def _written(language: str) -> Iterator[TrainingDocument]:
    for one in read_written(language):
        if one.is_for_tuning:
            name = f"{WRITTEN} {one.id}{'' if one.is_good else ' poor'}"
            known = Known(WRITTEN, language, name, GOOD if one.is_good else BAD)
            yield text_alone(one.text, name, known)


def _headlines(titles: Sequence[str]) -> Iterator[TrainingDocument]:
    for number in range(HEADLINE_TEXTS):
        text = title_list(titles, random.Random(number))  # noqa: S311
        name = f"headlines {number}"
        yield text_alone(text, name, Known("headlines", "zh", name, BAD))


def learn(examples: Sequence[Example]) -> dict[str, Fit]:
    """The weights of both languages."""
    texts = {code: [text_of(e) for e in examples if _is_used(e, code)] for code in ("en", "zh")}
    return {
        f"quality_{code}": quality.fit(some, languages.KNOWN.records[code])
        for code, some in texts.items()
    }


def _is_used(example: Example, language: str) -> bool:
    known = example.known
    is_long = len(example.text) >= MIN_CHARS or known.language == "en" or known.kind == WRITTEN
    return known.language == language and is_long


def text_of(example: Example) -> quality.Example:
    """What the model is given of an example."""
    known = example.known
    role = quality.Role.WRITTEN if known.kind == WRITTEN else quality.Role.FOUND
    return quality.Example(example.text, known.answer == GOOD, known.kind, known.site, role)


TASK = Task("quality", enter, learn)

if __name__ == "__main__":
    command(TASK)()
