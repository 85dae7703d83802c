"""Train the embedded clutter model: ``python -m curation.training.clutter DATA OUT``.

Lines that were read have the labels of ``labels/lines_*.jsonl``; every other line is labelled by
whether the true main text of its page holds it. Documents are labelled pages as extraction serves
them, texts that we wrote (all main text), and texts made of pages that enter as a source of texts
gives them: what was extracted with hard line ends, all that a page shows (where clutter abounds), a
few lines by themselves, and Chinese articles between clutter of real pages.
"""

from __future__ import annotations

import random
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from curation.labelling.records import digest_of_line
from curation.training.documents import as_captured, as_text, lines_outside, text_alone
from curation.training.examples import Example, Known, TrainingDocument
from curation.training.extraction import extract_all
from curation.training.labelled_pages import FOLDERS, LabelledPage, trainable_pages
from curation.training.line_labels import LineLabels, label_lines, read_line_labels
from curation.training.task import Task, command
from curation.training.texts import chinese_articles, named_texts
from curation.training.written_texts import KINDS, read_written
from models.clutter import WEIGHTS, judged_lines
from models.clutter.fit import ClutterFit, Document, chance, fit
from models.text.shape import is_chinese, width
from stages.extract import Tools, extract

KEPT_TYPES = frozenset({"article", "documentation", "product", "service", ""})
"""The types of page whose lines are learnt from; of some Chinese pages it is not known."""

EXTRACTED, WRAPPED, WHOLE, SHORT, COMPOSED = "extracted", "wrapped", "whole", "short", "composed"
READ, WRITTEN = "read", "written"
MASS = {
    ("en", READ): 3.0,
    ("en", EXTRACTED): 0.3,
    ("en", WRAPPED): 0.3,
    ("en", WHOLE): 1.0,
    ("en", SHORT): 0.2,
    ("en", WRITTEN): 1.0,
    ("zh", READ): 2.0,
    ("zh", EXTRACTED): 1.0,
    ("zh", WRAPPED): 1.0,
    ("zh", WHOLE): 1.0,
    ("zh", SHORT): 0.5,
    ("zh", COMPOSED): 0.4,
    ("zh", WRITTEN): 1.0,
}
"""What a line weighs by language and kind; Chinese pages are a twentieth of all."""

SHARE = {WHOLE: 0.2}
"""The share of lines that is learnt from: those of whole pages are six times those extracted."""

SHORT_LINES, SHORT_WIDTH, SHORT_TEXTS = 3, 150, 3
"""The most lines of a short document, its least main text, and how many of each a page gives."""

HEADING_WIDTH = 80
"""A narrower line over main text is a heading, which truths omit: it is learnt from as neither."""

WRAPPED_SHARE = {"en": 0.1, "zh": 0.5}
ARTICLE_LINES, BORDER_LINES = 200, 4
MIN_TRUTH = 0.75
"""A page is left out when less than this share of its extracted text is in the truth: truths omit
code, tables and whole sections, and their lines would count as clutter."""


@dataclass(frozen=True, slots=True)
class Border:
    """Lines that a page shows outside its main text, and the site that they are from."""

    lines: Sequence[str]
    site: str


def enter(data: Path, tools: Tools) -> Iterator[TrainingDocument]:
    """Pages with a truth, what is made of each, and articles between what is outside of them."""
    borders = []
    read = read_line_labels()
    pages = (trainable_pages(data / "extraction", language) for language in FOLDERS)
    for page in chain.from_iterable(pages):
        if page.is_held_out:
            continue
        if page.id in read:
            yield as_captured(page, READ)
        if page.truth and page.page_type in KEPT_TYPES:
            if page.id not in read:
                yield as_captured(page, EXTRACTED)
            yield from made_of(page, tools)
            if page.language == "zh":
                borders.append(
                    Border(lines_outside(page, extract_all(page.page, tools)), page.site)
                )
    yield from composed(chinese_articles(data), borders)
    for language in FOLDERS:
        for name, text in named_texts(data, language):
            if name in read:
                yield text_alone(text, name, Known(READ, language, name))
    yield from written()


def written(kinds: Path = KINDS) -> Iterator[TrainingDocument]:
    """Good texts of our own: every line of them is main text."""
    for language in FOLDERS:
        for one in read_written(language, kinds):
            if one.is_good and one.is_for_tuning:
                text = f"{one.title}\n{one.text}"
                known = Known(WRITTEN, language, f"{language} {one.kind}", truth=text)
                yield text_alone(text, f"{language} {one.id}", known)


def made_of(page: LabelledPage, tools: Tools) -> Iterator[TrainingDocument]:
    """The texts that are made of a page."""
    shown = extract_all(page.page, tools)
    if chance(page.id) < WRAPPED_SHARE[page.language]:
        columns = 20 + int(40 * chance(page.id, "w"))
        text = extract(page.page.body, url=page.page.url, tools=tools).text
        yield as_text(page, wrap(judged_lines(text), columns), WRAPPED, shown.title)
    yield as_text(page, judged_lines(shown.text), WHOLE, shown.title)
    yield from short_texts(page, lines_outside(page, shown), shown.title)


def wrap(lines: Sequence[str], columns: int) -> list[str]:
    """The lines with hard line ends, as old pages have them, after so many Han characters."""
    wrapped = []
    for line in lines:
        size = columns if is_chinese(line) else 2 * columns
        wrapped += textwrap.wrap(line, size, break_long_words=is_chinese(line)) or [line]
    return wrapped


def short_texts(
    page: LabelledPage, outside: Sequence[str], title: str
) -> Iterator[TrainingDocument]:
    """A few lines of a page's main text, or of its clutter, as if they were all that it has."""
    source = random.Random(page.id)  # noqa: S311
    number = 0
    for lines, is_main in ((judged_lines(page.truth), True), (outside, False)):
        for _ in range(SHORT_TEXTS if lines else 0):
            start = source.randrange(len(lines))
            drawn = lines[start : start + source.randint(1, SHORT_LINES)]
            if not is_main or sum(map(width, drawn)) >= SHORT_WIDTH:
                number += 1
                yield as_text(page, drawn, SHORT, title, number=number)


def composed(articles: Iterator[str], borders: Sequence[Border]) -> Iterator[TrainingDocument]:
    """Chinese articles between clutter of real pages: Chinese pages with a truth are few.

    The page's site is the document's, so that the clutter is held out with the site.
    """
    for number, article in enumerate(articles if borders else ()):
        border = borders[number % len(borders)]
        source = random.Random(number)  # noqa: S311
        before, after = (_some_of(border.lines, source) for _ in range(2))
        lines = [*before, *judged_lines(article)[:ARTICLE_LINES], *after]
        known = Known(COMPOSED, "zh", border.site, truth=article)
        yield text_alone("\n".join(lines), f"{COMPOSED} {number}", known)


def _some_of(lines: Sequence[str], source: random.Random) -> Sequence[str]:
    if not lines:
        return []
    start = source.randrange(len(lines))
    return lines[start : start + source.randint(0, BORDER_LINES)]


def learn(examples: Sequence[Example]) -> dict[str, ClutterFit]:
    """The weights, from the lines of what was served."""
    read = read_line_labels()
    documents = (document_of(example, read.get(example.id, {})) for example in examples)
    return {WEIGHTS.stem: fit([document for document in documents if document])}


def document_of(example: Example, read: LineLabels) -> Document | None:
    """The lines of an example with their labels; None if its page's truth is not whole."""
    known, lines = example.known, judged_lines(example.text)
    labels = _labels_of(example, lines, read)
    if known.kind == EXTRACTED and not _truth_is_whole(lines, labels):
        return None
    return Document(
        example.id,
        lines,
        labels,
        f"{known.language} {known.kind}",
        known.site,
        MASS[known.language, known.kind],
        SHARE.get(known.kind, 1.0),
    )


def _labels_of(example: Example, lines: Sequence[str], read: LineLabels) -> list[bool | None]:
    known = example.known
    if known.kind == READ:
        return [read.get(digest_of_line(line)) for line in lines]
    if known.kind == WRITTEN:
        return [True] * len(lines)
    labels = label_lines(lines, known.truth, example.title)
    return [
        None if label is False and behind and width(line) < HEADING_WIDTH else label
        for line, label, behind in zip(lines, labels, [*labels[1:], None], strict=True)
    ]


def _truth_is_whole(lines: Sequence[str], labels: Sequence[bool | None]) -> bool:
    pairs = zip(lines, labels, strict=True)
    inside = sum(width(line) for line, label in pairs if label is not False)
    return inside >= MIN_TRUTH * sum(map(width, lines))


TASK = Task("clutter", enter, learn)

if __name__ == "__main__":
    command(TASK)()
