"""Train the embedded page type models: ``python -m curation.training.page_type DATA OUT``.

Pages come with their types. Two models: one for pages whose markup was counted, one for text and
address alone. Tool, audio, video and adult pages have no labels: their models are set by hand in
``page_type_signs.json``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from curation.training.documents import as_captured
from curation.training.examples import Example, TrainingDocument
from curation.training.labelled_pages import FOLDERS, has_own_url, trainable_pages
from curation.training.task import Task, command
from models.linear.fit import Fit
from models.page_type import fit as page_type
from models.page_type.features import PageContent
from stages.extract import Tools

TYPE_OF = {"collection": "listing", "list": "listing"}
"""WCXB's collections (of products) and listings (of anything else) are both index pages."""

MASS = {"zh": 3.0, "en": 1.0}


def enter(data: Path, tools: Tools) -> Iterator[TrainingDocument]:  # noqa: ARG001 -- a task's signature
    """Every page whose type is known."""
    pages = (trainable_pages(data / "extraction", language) for language in FOLDERS)
    for page in chain.from_iterable(pages):
        if page.page_type:
            yield as_captured(page, "pages", TYPE_OF.get(page.page_type, page.page_type))


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
        MASS[known.language],
    )


TASK = Task("page_type", enter, learn)

if __name__ == "__main__":
    command(TASK)()
