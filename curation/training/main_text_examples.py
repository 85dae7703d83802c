"""What the main-content model learns from: labelled pages, and pages that are rebuilt from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from curation.training.extraction import extract_by
from curation.training.labelled_pages import FOLDERS, LabelledPage, trainable_pages
from curation.training.next_articles import add_next_articles
from curation.training.other_frames import put_into_frames
from curation.training.written_frames import fill_frames
from models.main_content.fit import Example, make_example, train
from models.main_content.main_text import MainText
from models.main_content.reading.page_elements import PageElements
from models.main_content.rounds import Rounds
from stages.extract import Tools

IMPORTANCE = {"zh": 3.0, "en": 1.0}  # there are seventeen English pages for each Chinese one
REBUILT_IMPORTANCE = 0.4
FRAME_IMPORTANCE = {"zh": 0.3, "en": 0.2}
REBUILT_SHARE = 0.3
"""Rebuilt pages of each kind, for each page. Out of fold over the sites that nothing is held out
from: with another article or teasers put behind them articles have an F1 of 0.86, not 0.78; as they
are 0.958, not 0.960, and Chinese pages 0.894, not 0.883."""
FRAME_COPIES = 3
"""How often each written frame is filled."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """A page and the example that was made of it."""

    page: LabelledPage
    example: Example


def example_of(
    labelled: LabelledPage, tools: Tools, importance: float | None = None
) -> Example | None:
    """The example of a page; None where extraction asks no model for its main text, or has none.

    A page in another language leaves before, and where a site rule names the body nobody asks.
    """
    made: list[Example | None] = []
    weight = IMPORTANCE[labelled.language] if importance is None else importance

    def find(page: PageElements, title: str) -> MainText:
        made.append(make_example(page, title, labelled.truth, labelled.site, weight))
        return MainText()

    extract_by(find, labelled.page, tools)
    return made[0] if made else None


def learn_from(data: Path, tools: Tools) -> list[Learnt]:
    """The labelled pages of a folder that weights are made from, with their examples."""
    pages = (page for name in FOLDERS for page in trainable_pages(data / "extraction", name))
    tuned = (page for page in pages if page.truth and not page.is_held_out)
    return [Learnt(page, example) for page in tuned if (example := example_of(page, tools))]


def train_on(learnt: Sequence[Learnt], tools: Tools) -> tuple[Rounds, Rounds]:
    """The trees for Chinese pages and those for all others, each with the frames of its language.

    Trees that learn from Chinese frames cost English pages 0.002 out of fold, so each have theirs
    (docs/decisions/0070-written-frames.md).
    """
    examples = examples_for(learnt, tools)
    chinese, english = (
        train([*examples, *from_frames(learnt, tools, language)]) for language in ("zh", "en")
    )
    return chinese, english


def from_frames(learnt: Iterable[Learnt], tools: Tools, language: str) -> list[Example]:
    """The examples of the frames of a language, which texts of learnt pages fill."""
    frames = fill_frames(language, (one.page for one in learnt), FRAME_COPIES)
    made = (example_of(page, tools, FRAME_IMPORTANCE[language]) for page in frames)
    return [example for example in made if example]


def examples_for(learnt: Sequence[Learnt], tools: Tools) -> list[Example]:
    """The examples of pages, and of those rebuilt from them and from no others."""
    pages = [one.page for one in learnt]
    count = int(REBUILT_SHARE * len(pages))
    rebuilt = chain(add_next_articles(pages, count), put_into_frames(pages, count))
    made = (example_of(page, tools, REBUILT_IMPORTANCE) for page in rebuilt)
    return [*(one.example for one in learnt), *filter(None, made)]
