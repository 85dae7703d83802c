"""The main text of a page, rebuilt from the page and the labels of its blocks."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

from lxml.etree import Element

from curation.errors import UsageError
from curation.training.extraction import read_elements
from curation.training.label_matching import Matched, match
from curation.training.page_labels import BlockKind, PageLabels
from models.main_content.reading.blocks import Block, Blocks, read_blocks
from models.main_content.reading.blocks import read_page as read_page_blocks
from models.main_content.reading.nodes import Nodes
from schemas.page import Page


@dataclass(frozen=True, slots=True)
class LabelledBlock:
    """A block of a page's text, and what people said that it is; None for one without label."""

    block: Block
    kind: BlockKind | None


def read_page(page: Page) -> tuple[Blocks, Nodes]:
    """The blocks of a page and their elements, as extraction decodes, parses and reads it."""
    elements = read_elements(page)
    return read_blocks(Element("html")) if elements is None else read_page_blocks(elements)


def main_text(page: Page, labels: PageLabels) -> str:
    """A line for each block of main text, "" if the page has none. Warns and raises as below."""
    return "\n".join(
        one.block.written.rstrip("\n") or one.block.text
        for one in label_blocks(page, labels)
        if one.kind is BlockKind.MAIN
    )


def label_blocks(page: Page, labels: PageLabels) -> list[LabelledBlock]:
    """Every block of a page, with its kind if it has a label.

    Warns of main text that the page's reading lacks. Raises UsageError for another page's bytes.
    """
    blocks, _ = read_page(page)
    found = match_page(page, labels, [block.text for block in blocks])
    if found.lost_chars:
        warnings.warn(
            f"page {page.doc_id}: {found.lost_chars} of {found.main_chars} characters labelled as "
            f"main text are not read as they were: label it anew",
            stacklevel=2,
        )
    pairs = zip(blocks, found.kinds, strict=True)
    return [LabelledBlock(block, kind) for block, kind in pairs]


def match_page(page: Page, labels: PageLabels, texts: Sequence[str]) -> Matched:
    """What the labels say of a page's blocks. Raises UsageError for another page's bytes."""
    digest = hashlib.sha256(page.body).hexdigest()
    if digest != labels.body_sha256:
        raise UsageError(
            f"{page.source}: page {page.doc_id} is not the one that was labelled (SHA-256 "
            f"{digest[:12]}, not {labels.body_sha256[:12]}): restore it, or label it anew"
        )
    return match(labels, texts)
