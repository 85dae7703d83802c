"""Train the main-content model on the tuned part of the pages and write its weights.

python -m benchmarks.train_extraction ../shared/data/extraction
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

from benchmarks.extraction_pages import KnownPage, read_pages
from models.main_content import EMBEDDED
from models.main_content.fit import Example, make_example, save, train
from stages.extract.charset import decode
from stages.extract.html import parse
from stages.extract.page_title import find_title

IMPORTANCE = {"zh": 3.0, "en": 1.0}  # there are seventeen English pages for each Chinese one


def make_examples(pages: Iterable[KnownPage]) -> list[Example | None]:
    """An example of each page, or None where a page has no text that could be taken."""
    return [_make_example(page) for page in pages]


def _make_example(page: KnownPage) -> Example | None:
    tree = parse(decode(page.body).text)
    if tree is None:
        return None
    return make_example(tree, find_title(tree, page.url), page.truth, IMPORTANCE[page.language])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    tuned = [
        page
        for language in IMPORTANCE
        for page in read_pages(folder, language)
        if page.shippable and not page.held_out
    ]
    examples = [example for example in make_examples(tuned) if example is not None]
    print(f"{len(examples)} pages", flush=True)
    save(*train(examples), EMBEDDED)
    print(f"{EMBEDDED}: {EMBEDDED.stat().st_size} bytes")


if __name__ == "__main__":
    main()
