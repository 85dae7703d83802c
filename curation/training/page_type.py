"""Train the embedded page type models: ``python -m curation.training.page_type DATA OUT``.

Pages and texts come with their types: as they were judged by reading them
(``docs/annotation/page_type.md``), else as their collection has it. What a third of the pages show
around their main text stands as a list, for that is all that some sources give of a page; good
texts of many kinds that were written for this stand as articles, rows of Chinese headlines as
lists, and written pages and unsafe texts as what they were written to be. Two models: one for pages
whose markup was counted, one for text and address alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from curation.training.corruptions import title_list
from curation.training.document_labels import document_name, read_document_labels
from curation.training.documents import as_captured, as_text, lines_outside, text_alone
from curation.training.examples import Example, Known, TrainingDocument
from curation.training.extraction import extract_all
from curation.training.labelled_pages import (
    ANNOTATED,
    FOLDERS,
    LabelledPage,
    has_own_url,
    read_source,
    trainable_pages,
)
from curation.training.licences import may_train_on
from curation.training.task import Task, command
from curation.training.texts import headlines, named_texts
from curation.training.written_pages import read_written_pages
from curation.training.written_safety import written_texts
from curation.training.written_texts import read_written
from models.linear.fit import Fit
from models.page_type import fit as page_type
from models.page_type.features import PageContent
from stages.extract import Tools

TYPE_OF = {"collection": "listing", "list": "listing"}
"""WCXB's collections (of products) and listings (of anything else) are both index pages."""

ARCHIVES = {
    "en": {
        "warc/real/aut-example.warc.gz": "aut_example",
        "warc/real/dolma-sample-0000.warc.gz": "dolma_sample",
    }
}
"""By language the archives, and the collection of each, of which pages were judged by reading."""

TEXTS = {"en": "dclm", "zh": "lctt"}
"""The collection of texts that were judged by reading."""

BOARDS = (
    "http://bbs.town.example/thread-20113-1-1.html",
    "https://forum.makers.example/viewtopic.php?t=3391",
    "https://tieba.river.example/p/77120993",
    "https://community.harbour.example/t/first-spring/1290",
    "https://www.homes.example/forums/threads/how-we-did-it.88210/",
    "http://bbs.school.example/archiver/?tid-1920.html",
    "https://discuss.trails.example/topic/55231",
)
"""Invented addresses of boards: an article is one there too. Without them 25 of 99 English written
texts go at 0.4 for such an address alone, and 3 of 96 Chinese ones."""

UNSAFE = ("adult", "gambling")
LISTS = ("clickbait_teasers", "keyword_heap")
"""The kinds of poor texts that are lists."""

HEADLINE_TEXTS = 60
FRAMES = 3
"""The surroundings of every third page stand as a list."""

SURROUNDINGS, HEADLINES = "surroundings", "headlines"
WRITTEN, ON_BOARDS = "written", "written_on_boards"
WRITTEN_PAGES, REPORTED = "written_pages", "written_unseen"
MASS = {"zh": 3.0, "en": 1.0}
MASS_OF_MADE = {
    SURROUNDINGS: 0.05,
    HEADLINES: 0.5,
    WRITTEN: 0.5,
    ON_BOARDS: 0.2,
    WRITTEN_PAGES: 5.0,
    REPORTED: 0.0,
}
"""Surroundings at 0.2: the ROC AUC of pages that stay falls by 0.003, out of fold; at 0 the model
takes menus for pages of services. Without the written texts it takes 22 of 24 poems for lists."""
SERVED_BY: Mapping[str, Mapping[str, int | None]] = {
    "video": {"videos": 1},
    "audio": {"audios": 1},
    "tool": {"inputs": 8},
}
"""The elements that written pages of these types are there for."""


def enter(data: Path, tools: Tools) -> Iterator[TrainingDocument]:
    """Every page and text whose type is known, and what was made or written beside them."""
    for language in FOLDERS:
        judged = read_document_labels("page_type", language)
        for number, page in enumerate(_pages(data, language, judged)):
            yield from _of_page(page, judged.get(page.id, ""), number, tools)
        for name, text in named_texts(data, language):
            if name in judged:
                yield text_alone(text, name, Known(TEXTS[language], language, name, judged[name]))
        yield from _written(language)
        yield from _written_pages(language)
        yield from _unsafe(language)
    titles = headlines(data)
    for number in range(HEADLINE_TEXTS):
        text = title_list(titles, random.Random(number))  # noqa: S311
        name = document_name(HEADLINES, number)
        yield text_alone(text, name, Known(HEADLINES, "zh", name, "listing"))


def _pages(data: Path, language: str, judged: Mapping[str, str]) -> Iterator[LabelledPage]:
    """The labelled pages, then those of archives whose type was judged by reading."""
    yield from trainable_pages(data / "extraction", language)
    for source, collection in ARCHIVES.get(language, {}).items():
        if may_train_on(collection):
            for page in read_source(data / source):
                if page.doc_id in judged:
                    yield LabelledPage(page, language, collection, "", "", "")


def _of_page(
    page: LabelledPage, judged: str, number: int, tools: Tools
) -> Iterator[TrainingDocument]:
    answer = judged or TYPE_OF.get(page.page_type, page.page_type)
    if answer:
        yield as_captured(page, page.collection, answer)
    if page.truth and page.truth_kind != ANNOTATED and number % FRAMES == 0:
        shown = extract_all(page.page, tools)
        rest = lines_outside(page, shown)
        yield as_text(page, rest, SURROUNDINGS, shown.title, answer="listing")


def _written(language: str) -> Iterator[TrainingDocument]:
    """Good texts as articles, without address and with a board's, and poor ones that are lists."""
    for number, one in enumerate(read_written(language)):
        if one.is_for_tuning and (one.is_good or one.kind in LISTS):
            answer = "article" if one.is_good else "listing"
            known = Known(WRITTEN, language, f"{WRITTEN} {language} {one.id}", answer)
            yield _titled(one.text, one.title, known)
            if one.is_good:
                on_board = replace(known, kind=ON_BOARDS)
                yield _titled(one.text, one.title, on_board, BOARDS[number % len(BOARDS)])


def _written_pages(language: str) -> Iterator[TrainingDocument]:
    for one in read_written_pages(language):
        kind = WRITTEN_PAGES if one.is_for_tuning else REPORTED
        known = Known(kind, language, f"{WRITTEN_PAGES} {language} {one.id}", one.type)
        yield _titled(one.text, one.title, known, one.url)


def _unsafe(language: str) -> Iterator[TrainingDocument]:
    """Unsafe texts, and good ones about the same subjects: they are articles."""
    for number, one in enumerate(written_texts()):
        if one.language == language and one.subject in UNSAFE:
            title, _, text = one.text.partition("\n")
            kind = REPORTED if one.is_reported else WRITTEN_PAGES
            answer = one.subject if one.is_unsafe else "article"
            known = Known(kind, language, document_name("unsafe", number), answer)
            yield _titled(text, title, known)


def _titled(text: str, title: str, known: Known, url: str = "") -> TrainingDocument:
    document = text_alone(text, f"{known.site} {url}".strip(), known)
    return replace(document, page=replace(document.page, title=title, url=url))


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
    markup: Mapping[str, int | None] | None = None
    if example.markup:
        markup = example.markup.as_row()
    if known.kind in (WRITTEN_PAGES, REPORTED) and known.answer in SERVED_BY:
        markup = {**_usual_markup(example.text), **SERVED_BY[known.answer]}
    return page_type.Example(
        PageContent(example.text, url, example.title, markup),
        known.answer,
        known.site,
        known.language,
        source=known.kind,
        mass=MASS_OF_MADE.get(known.kind, MASS[known.language]),
        is_page=known.kind not in MASS_OF_MADE,
    )


def _usual_markup(text: str) -> dict[str, int | None]:
    """What stands around a written page: a menu, neighbours, scripts; its text has no links."""
    lines = text.count("\n") + 1
    return {
        "html_chars": 12_000 + 20 * len(text),
        "tags": 120 + 6 * lines,
        "paragraphs": lines,
        "links": 40,
        "link_chars": 400,
        "list_items": 20,
        "headings": 4,
        "images": 6,
        "inputs": 1,
        "videos": 0,
        "audios": 0,
        "tables": 0,
        "codes": 0,
        "scripts": 10,
        "main_chars": len(text),
        "main_blocks": lines,
        "main_units": lines,
    }


TASK = Task("page_type", enter, learn)

if __name__ == "__main__":
    command(TASK)()
