"""Train the main-content model: ``python -m curation.training.main_content DATA OUT``.

Its labels are per block, so its examples are made where it is asked: extraction decodes, parses,
applies site rules and finds the title as it does in a pipeline, and hands tree and title to a
finder that makes an example of them. Sites that are held out are not trained on;
``benchmarks.extraction --held-out`` scores them.
"""

from __future__ import annotations

from pathlib import Path

import click
from lxml.etree import _Element as Element

from conf import locate
from curation.cli.options import words_for_errors
from curation.config import load_config
from curation.errors import UsageError
from curation.training.confidence import Learnt, fit_to, guess_out_of_fold
from curation.training.extraction import extract_by, extraction_tools
from curation.training.labelled_pages import FOLDERS, LabelledPage, trainable_pages
from curation.training.options import CONF, DATA, OUT
from models.main_content import CONFIDENCE, EMBEDDED
from models.main_content.fit import Example, make_example, save, train
from models.main_content.main_text import MainText
from stages.extract import Tools

IMPORTANCE = {"zh": 3.0, "en": 1.0}  # there are seventeen English pages for each Chinese one

MIN_EXAMPLES = 2
"""The second round learns from guesses about one half by trees that saw the other."""


def example_of(labelled: LabelledPage, tools: Tools) -> Example | None:
    """The example of a page; None where extraction asks no model for its main text, or has none.

    A page in another language leaves before, and where a site rule names the body nobody asks.
    """
    made: list[Example | None] = []

    def find(tree: Element, title: str) -> MainText:
        made.append(make_example(tree, title, labelled.truth, IMPORTANCE[labelled.language]))
        return MainText()

    extract_by(find, labelled.page, tools)
    return made[0] if made else None


def learn_from(data: Path, tools: Tools) -> list[Learnt]:
    """The labelled pages of a folder that weights are made from, with their examples."""
    pages = (page for name in FOLDERS for page in trainable_pages(data / "extraction", name))
    tuned = (page for page in pages if page.truth and not page.is_held_out)
    return [Learnt(page, example) for page in tuned if (example := example_of(page, tools))]


@click.command()
@DATA
@OUT
@CONF
@words_for_errors
def main(data: Path, out: Path, conf: str) -> None:
    """Train on the labelled pages of DATA and write weights and confidence into the folder OUT."""
    tools = extraction_tools(load_config(locate(conf)))
    learnt = learn_from(data, tools)
    if len(learnt) < MIN_EXAMPLES:
        raise UsageError(f"{data}: {len(learnt)} pages to learn from, less than {MIN_EXAMPLES}")
    click.echo(f"{len(learnt)} pages")
    out.mkdir(parents=True, exist_ok=True)
    save(*train([one.example for one in learnt]), out / EMBEDDED.name)
    fit_to(guess_out_of_fold(learnt, tools)).write(out / CONFIDENCE)


if __name__ == "__main__":
    main()
