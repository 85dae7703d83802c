"""Blocks of a page that a bag of words does not tell: code, rows, formulas, comments, teasers.

They are looked for by elements and names of classes, not by what extraction reads, so that a block
that extraction never sees counts. Where people have labelled every block of a page, their labels
say what is a comment, a teaser, the next article, a notice or an advertisement. Whether a block
belongs to the main text says the truth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lxml import etree

from benchmarks.extraction_texts import Block, BlockKind
from curation.training.annotated_text import label_blocks
from curation.training.extraction import parse_page
from curation.training.page_labels import BlockKind as Label
from curation.training.page_labels import PageLabels
from models.main_content.truth import tokens_of
from schemas.page import Page

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

NAMES = {
    BlockKind.COMMENT: {"comment", "comments", "commentlist", "disqus", "replies", "pinglun"},
    BlockKind.TEASER: {
        *("related", "recommend", "recommended", "recommendation", "recommendations", "similar"),
        *("teaser", "teasers", "trending", "popular", "xiangguan", "tuijian"),
    },
}
LABELLED = {
    Label.COMMENT: BlockKind.COMMENT,
    Label.TEASER: BlockKind.TEASER,
    Label.NEXT_ARTICLE: BlockKind.NEXT_ARTICLE,
    Label.NOTICE: BlockKind.NOTICE,
    Label.ADVERTISEMENT: BlockKind.ADVERTISEMENT,
}
FORMULAS = (
    ".//*[local-name() = 'annotation'][contains(@encoding, 'tex')]"
    " | .//script[starts-with(@type, 'math/tex')]"
    " | .//img[contains(@class, 'tex') or contains(@class, 'math')][@alt]"
)
LINES = frozenset(("br", "div", "li", "p", "tr"))
"""What ends a line of code: highlighters put each into an element of its own."""

PARAGRAPHS = frozenset(("p", "li", "dd", "div", "section", "article", "td", "body"))
WHOLE_PAGE = frozenset(("html", "head", "body", "main", "article", "form"))
"""Elements that are named after what they also hold: a body of class comments-open."""

MAX_CELL_CHARS = 100
"""Longer cells are those of a layout."""

MIN_TOKENS = 2
MIN_LABELLED_TOKENS = 4
MIN_STRETCH_TOKENS = 8
"""A shorter line of code or stretch of text stands in other places by chance."""

_CODE = re.compile(r"[\\^_=]")
_NAME = re.compile(r"[A-Z]?[a-z]+")


def read_page_blocks(page: Page, labels: PageLabels | None = None) -> tuple[Block, ...]:
    """All blocks of a page, each once for every time that it stands there."""
    tree = parse_page(page)
    if tree is None:
        return ()
    apart = {kind: list(_named(tree, kind)) for kind in NAMES}
    inside = {element for those in apart.values() for one in those for element in one.iter("*")}
    found = [*_code_lines(tree, inside), *_rows(tree, inside), *_formulas(tree)]
    if labels:
        found += _labelled(page, labels)
    else:
        found += [
            block for kind, those in apart.items() for one in those for block in _texts(one, kind)
        ]
    return tuple(found)


def _labelled(page: Page, labels: PageLabels) -> Iterator[Block]:
    for one in label_blocks(page, labels):
        kind = LABELLED.get(one.kind) if one.kind else None
        if kind and len(tokens_of(one.block.text)) >= MIN_LABELLED_TOKENS:
            yield Block(kind, one.block.text)


def _named(tree: Element, kind: BlockKind) -> Iterator[Element]:
    """The outermost elements whose class or id has one of the kind's names."""
    waiting = [tree]
    while waiting:
        element = waiting.pop()
        names = " ".join((element.get("class") or "", element.get("id") or ""))
        words = {word.lower() for word in _NAME.findall(names)}
        if element.tag not in WHOLE_PAGE and words & NAMES[kind]:
            yield element
        else:
            waiting += list(element.iterchildren("*"))


def _texts(element: Element, kind: BlockKind) -> Iterator[Block]:
    for text in element.xpath(".//text()[not(ancestor::script or ancestor::style)]"):
        if len(tokens_of(text)) >= MIN_STRETCH_TOKENS:
            yield Block(kind, str(text))


def _code_lines(tree: Element, inside: set[Element]) -> Iterator[Block]:
    for element in tree.iter("pre"):
        if element not in inside and next(element.iterancestors("pre"), None) is None:
            for line in _written(element).splitlines():
                if len(tokens_of(line)) >= MIN_TOKENS:
                    yield Block(BlockKind.CODE_LINE, line)


def _rows(tree: Element, inside: set[Element]) -> Iterator[Block]:
    """Rows of two short cells or more that have text, without code or tables in them."""
    for row in tree.iter("tr"):
        cells = [_text_of(cell) for cell in row.iterchildren("td", "th")]
        cells = [cell for cell in cells if cell]
        if (
            row not in inside
            and len(cells) > 1
            and max(map(len, cells)) <= MAX_CELL_CHARS
            and next(row.iter("pre", "table", "script"), None) is None
            and len(tokens_of(" ".join(cells))) >= MIN_TOKENS
        ):
            yield Block(BlockKind.TABLE_ROW, " ".join(cells))


def _formulas(tree: Element) -> Iterator[Block]:
    """TeX sources of five characters or more, with the text of the paragraph around."""
    for element in tree.xpath(FORMULAS):
        source = "".join((element.get("alt") or "".join(element.itertext())).split())
        if len(source) >= 5 and _CODE.search(source):
            around = next((up for up in element.iterancestors() if up.tag in PARAGRAPHS), None)
            beside = "" if around is None else " ".join(around.xpath("./text()"))
            yield Block(BlockKind.FORMULA, source, beside)


def _written(code: Element) -> str:
    """Code with the line ends that elements make."""
    parts: list[str] = []
    for event, element in etree.iterwalk(code, events=("start", "end")):
        if event == "start":
            parts.append(element.text or "" if isinstance(element.tag, str) else "")
        else:
            parts.append("\n" if element.tag in LINES else "")
            parts.append(element.tail or "" if element is not code else "")
    return "".join(parts)


def _text_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
