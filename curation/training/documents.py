"""Documents that enter the pipeline for training: labelled pages, and texts made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from curation.training.examples import Known, TrainingDocument
from curation.training.labelled_pages import LabelledPage
from curation.training.line_labels import label_lines
from schemas.page import Page
from stages.extract import Extraction


def as_captured(labelled: LabelledPage, kind: str, answer: str = "") -> TrainingDocument:
    """A labelled page as it is."""
    known = Known(kind, labelled.language, labelled.site, answer, labelled.truth)
    return TrainingDocument(labelled.page, known)


def as_text(
    labelled: LabelledPage,
    lines: Sequence[str],
    kind: str,
    title: str,
    *,
    number: int = 0,
    answer: str = "",
) -> TrainingDocument:
    """Lines of a labelled page as a source of texts gives them, under its address and title."""
    page = replace(
        labelled.page,
        doc_id=f"{labelled.id} {kind} {number}",
        content_type="text/plain",
        body=b"",
        text="\n".join(lines),
        title=title,
    )
    known = Known(kind, labelled.language, labelled.site, answer, labelled.truth)
    return TrainingDocument(page, known)


def lines_outside(labelled: LabelledPage, shown: Extraction) -> list[str]:
    """The lines that a page shows outside its main text; ``shown`` is all that it shows."""
    lines = shown.text.split("\n")
    labels = label_lines(lines, labelled.truth, shown.title)
    return [line for line, inside in zip(lines, labels, strict=True) if inside is False]


def text_alone(text: str, name: str, known: Known) -> TrainingDocument:
    """A text that never was a page: it has no address and no title."""
    page = Page(
        doc_id=name,
        url="",
        date="",
        source=known.kind,
        offset=0,
        status=200,
        content_type="text/plain",
        http_charset="",
        body=b"",
        text=text,
    )
    return TrainingDocument(page, known)
