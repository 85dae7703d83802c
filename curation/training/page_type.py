"""Train the embedded page type models: ``python -m curation.training.page_type DATA OUT``.

Pages come with their types; what a third of them show around their main text stands as a list, for
that is all that some sources give of a page; good texts of many kinds that were written for this
stand as articles, and rows of Chinese headlines as lists. Two models: one for pages whose markup
was counted, one for text and address alone. Tool, audio, video and adult pages have no labels:
their models are set by hand in ``page_type_signs.json``.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from curation.training.corruptions import title_list
from curation.training.document_labels import document_name
from curation.training.documents import as_captured, as_text, lines_outside, text_alone
from curation.training.examples import Example, Known, TrainingDocument
from curation.training.extraction import extract_all
from curation.training.labelled_pages import ANNOTATED, FOLDERS, has_own_url, trainable_pages
from curation.training.task import Task, command
from curation.training.texts import headlines
from curation.training.written_texts import read_written
from models.linear.fit import Fit
from models.page_type import fit as page_type
from models.page_type.features import PageContent
from stages.extract import Tools

PAGES = "pages"

TYPE_OF = {"collection": "listing", "list": "listing"}
"""WCXB's collections (of products) and listings (of anything else) are both index pages."""

SURROUNDINGS, WRITTEN, HEADLINES = "surroundings", "written", "headlines"
HEADLINE_TEXTS = 60
LISTS = ("clickbait_teasers", "keyword_heap")
"""The kinds of poor texts that are lists."""

MASS = {"zh": 3.0, "en": 1.0}
MASS_OF_MADE = {SURROUNDINGS: 0.1, WRITTEN: 0.5, HEADLINES: 0.5}
"""Surroundings at 1: the model of text alone loses 0.03 in AUC on pages, out of fold; at 0 it takes
menus for pages of services. Without the written texts it takes 22 of 24 poems for lists."""


FRAMES = 3
"""The surroundings of every third page stand as a list."""


def enter(data: Path, tools: Tools) -> Iterator[TrainingDocument]:
    """Every page whose type is known, and what some of them show around their main text."""
    pages = (trainable_pages(data / "extraction", language) for language in FOLDERS)
    for number, page in enumerate(chain.from_iterable(pages)):
        if page.page_type:
            yield as_captured(page, PAGES, TYPE_OF.get(page.page_type, page.page_type))
        if page.truth and page.truth_kind != ANNOTATED and number % FRAMES == 0:
            shown = extract_all(page.page, tools)
            rest = lines_outside(page, shown)
            yield as_text(page, rest, SURROUNDINGS, shown.title, answer="listing")
    for language in FOLDERS:
        yield from _written(language)
    titles = headlines(data)
    for number in range(HEADLINE_TEXTS):
        text = title_list(titles, random.Random(number))  # noqa: S311
        name = document_name(HEADLINES, number)
        yield text_alone(text, name, Known(HEADLINES, "zh", name, "listing"))


def _written(language: str) -> Iterator[TrainingDocument]:
    for one in read_written(language):
        if one.is_for_tuning and (one.is_good or one.kind in LISTS):
            answer = "article" if one.is_good else "listing"
            name = f"{WRITTEN} {language} {one.id}"
            document = text_alone(one.text, name, Known(WRITTEN, language, name, answer))
            yield replace(document, page=replace(document.page, title=one.title))


def learn(examples: Sequence[Example]) -> dict[str, Fit]:
    """The weights of both models."""
    pages = [page_of(example) for example in examples]
    return {
        "page_type": page_type.fit(pages, with_markup=True),
        "page_type_text": page_type.fit(pages, with_markup=False),
    }


def page_of(example: Example) -> page_type.Example:
    """What the model is given of an example; an invented address is left out."""
    known = example.known
    url = example.url if has_own_url(example.url) else ""
    markup = example.markup.as_row() if example.markup else None
    return page_type.Example(
        PageContent(example.text, url, example.title, markup),
        known.answer,
        known.site,
        known.language,
        MASS_OF_MADE.get(known.kind, MASS[known.language]),
        is_page=known.kind == PAGES,
    )


TASK = Task("page_type", enter, learn)

if __name__ == "__main__":
    command(TASK)()
