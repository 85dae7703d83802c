"""Label a page's blocks: ``python -m curation.training.label_pages show DATA PAGE``, then ``mark``.

``show`` prints the blocks of a page with their numbers and elements; ``mark`` takes ranges of them
by kind and writes the record. ``check`` matches every record with its page as it is read now, and
``agree`` compares labels with the texts that others have marked, where a page has both. What is
main text says ``docs/annotation/extraction.md``.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from curation.cli.options import words_for_errors
from curation.errors import UsageError
from curation.training.annotated_text import main_text, match_page, read_page
from curation.training.block_marks import describe, elements_of, kinds_of
from curation.training.labelled_pages import OTHER_SOURCES, read_manifest, read_source, read_truth
from curation.training.options import DATA
from curation.training.page_labels import (
    GUIDE,
    LABELS,
    PageLabels,
    make_runs,
    read_labels,
    write_labels,
)
from curation.training.text_score import f1_of
from schemas.page import Page

PAGE_TYPES = (
    "article", "service", "listing", "product", "documentation", "forum", "collection", "none",
)  # fmt: skip
"""WCXB's; "none" for a page that is none of them."""

PAGE = click.argument("page_id")
LANGUAGE = click.option("--language", default="zh", show_default=True)
ANNOTATIONS = click.option(
    "--labels", type=click.Path(path_type=Path), default=LABELS, help="The folder of labels."
)


@dataclass(frozen=True, slots=True)
class Found:
    """A page, and the file or folder under DATA that has it."""

    page: Page
    source: str


def find_pages(data: Path, language: str) -> Iterator[Found]:
    """Every page that can have labels."""
    folder = f"extraction/{language}"
    yield from (Found(page, folder) for page, _ in read_manifest(data / folder))
    for source in OTHER_SOURCES.get(language, {}):
        yield from (Found(page, source) for page in read_source(data / source))


def find_page(data: Path, language: str, page_id: str) -> Found:
    """The page of this name. Raises UsageError if there is none."""
    for found in find_pages(data, language):
        if found.page.doc_id == page_id:
            return found
    raise UsageError(f"{data}: has no page {page_id!r} in {language!r}")


def label(
    found: Found, page_type: str, marks: Sequence[str], note: str = "", site: str = ""
) -> PageLabels:
    """The record of a page's marks."""
    blocks, nodes = read_page(found.page)
    kinds = kinds_of(marks, [elements_of(block, nodes) for block in blocks])
    digest = hashlib.sha256(found.page.body).hexdigest()
    return PageLabels(
        id=found.page.doc_id,
        source=found.source,
        body_sha256=digest,
        site=site,
        page_type="" if page_type == "none" else page_type,
        guide=GUIDE,
        labelled_on=datetime.now(UTC).date().isoformat(),
        note=note,
        runs=make_runs([block.text for block in blocks], kinds, digest),
    )


@click.group(help=__doc__)
def main() -> None:
    """Commands that label pages."""


@main.command()
@DATA
@PAGE
@LANGUAGE
@click.option("--chars", default=200, show_default=True, help="How much of a block to print.")
@words_for_errors
def show(data: Path, page_id: str, language: str, chars: int) -> None:
    """Print the blocks of PAGE_ID."""
    page = find_page(data, language, page_id).page
    click.echo(page.url)
    for line in describe(*read_page(page), chars):
        click.echo(line)


@main.command()
@DATA
@PAGE
@click.argument("page_type", type=click.Choice(PAGE_TYPES))
@click.argument("marks", nargs=-1)
@LANGUAGE
@ANNOTATIONS
@click.option("--note", default="", help="What the next reader should know.")
@click.option("--site", default="", help="Whose the page is, if its address is invented.")
@words_for_errors
def mark(
    data: Path,
    page_id: str,
    page_type: str,
    marks: tuple[str, ...],
    *,
    language: str,
    labels: Path,
    note: str,
    site: str,
) -> None:
    """Label PAGE_ID: main=3-17,20 byline=2 comment=21-90@div.reply; the rest is navigation."""
    path = labels / f"{language}.jsonl"
    found = label(find_page(data, language, page_id), page_type, marks, note, site)
    write_labels(path, (read_labels(path) | {page_id: found}).values())
    click.echo(f"{page_id}: {_counts(found)}")


@main.command()
@DATA
@LANGUAGE
@ANNOTATIONS
@words_for_errors
def check(data: Path, language: str, labels: Path) -> None:
    """Say for every labelled page whether its labels are found in it."""
    known = read_labels(labels / f"{language}.jsonl")
    for found in find_pages(data, language):
        own = known.pop(found.page.doc_id, None)
        if own:
            blocks, _ = read_page(found.page)
            matched = match_page(found.page, own, [block.text for block in blocks])
            state = f"{matched.lost_chars} of {matched.main_chars} characters of main text lost"
            click.echo(f"{own.id}: {state if matched.lost_chars else 'whole'}; {_counts(own)}")
    for missing in known:
        click.echo(f"{missing}: is not in {data}")


@main.command()
@DATA
@LANGUAGE
@ANNOTATIONS
@words_for_errors
def agree(data: Path, language: str, labels: Path) -> None:
    """Compare labels with the texts that others have marked."""
    known = read_labels(labels / f"{language}.jsonl")
    scores = []
    for page, _ in read_manifest(data / "extraction" / language):
        truth = read_truth(data / "extraction" / language / "gt", page.doc_id)
        own = known.get(page.doc_id)
        if own and truth:
            scores.append(f1_of(main_text(page, own), truth, "zh"))
            click.echo(f"{scores[-1]:.3f} {own.id}")
    if scores:
        click.echo(f"{sum(scores) / len(scores):.3f} mean of {len(scores)} pages")


def _counts(labels: PageLabels) -> str:
    counts: Counter[str] = Counter()
    for run in labels.runs:
        counts[run.kind] += len(run.chars)
    return ", ".join(f"{count} {kind}" for kind, count in counts.most_common())


if __name__ == "__main__":
    main()
