"""Train the embedded tokenizer: ``python -m curation.training.tokenizer DATA OUT``.

Its texts are main texts as people marked them, and texts without a page: a vocabulary judges no
document, so it is bound to no stage.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click

from curation.cli.options import words_for_errors
from curation.training.labelled_pages import ANNOTATED, trainable_pages
from curation.training.options import DATA, OUT
from curation.training.texts import articles, headlines, laws
from models.tokenizer import WEIGHTS
from models.tokenizer.fit import fit

HELD_OUT = 10
"""One text in so many is not trained on."""

MAX_ENGLISH_CHARS = 5_000_000
"""About as many bytes as the Chinese texts have, so that neither language starves the other."""

HEADLINES = 20
"""So many headlines make a text."""


def english_pages(data: Path) -> Iterator[str]:
    """Main texts of English web pages, up to MAX_ENGLISH_CHARS of them."""
    chars = 0
    for page in trainable_pages(data / "extraction", "en"):
        chars += len(page.truth)
        if chars > MAX_ENGLISH_CHARS:
            return
        yield page.truth


def chinese_pages(data: Path) -> Iterator[str]:
    """Main texts of Chinese web pages, without those that labels give: lists, and spam."""
    pages = trainable_pages(data / "extraction", "zh")
    return (page.truth for page in pages if page.truth and page.truth_kind != ANNOTATED)


def grouped_headlines(data: Path) -> Iterator[str]:
    """Chinese news titles, some to a text."""
    titles = headlines(data)
    return (
        "\n".join(titles[start : start + HEADLINES]) for start in range(0, len(titles), HEADLINES)
    )


SOURCES: Mapping[str, Callable[[Path], Iterator[str]]] = {
    "English pages": english_pages,
    "Chinese pages": chinese_pages,
    "Chinese articles": articles,
    "Chinese news titles": grouped_headlines,
    "Laws, traditional": laws,
}


def training_texts(data: Path) -> Iterator[str]:
    """The texts to train on."""
    for source in SOURCES.values():
        yield from (text for number, text in enumerate(source(data)) if number % HELD_OUT)


def held_out_texts(data: Path, source: str) -> list[str]:
    """The texts of a source that are kept for measuring."""
    return [text for number, text in enumerate(SOURCES[source](data)) if number % HELD_OUT == 0]


@click.command()
@DATA
@OUT
@words_for_errors
def main(data: Path, out: Path) -> None:
    """Train on the labelled DATA and write the tokenizer's file into the folder OUT."""
    out.mkdir(parents=True, exist_ok=True)
    (out / WEIGHTS.name).write_bytes(fit(training_texts(data)))


if __name__ == "__main__":
    main()
