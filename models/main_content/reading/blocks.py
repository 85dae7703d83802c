"""A page as blocks of text in reading order, each with the elements that it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from models.main_content.reading import listings, tables
from models.main_content.reading.code_language import language_of
from models.main_content.reading.elements import INLINE, LINE_BREAKS, RAISED, SKIPPED
from models.main_content.reading.lines import read_lines
from models.main_content.reading.listings import Layout
from models.main_content.reading.marks import Marks
from models.main_content.reading.nodes import Nodes
from models.main_content.reading.raised import raise_element
from models.main_content.reading.runs import Run, collapse
from models.main_content.reading.styles import is_hidden, unfolds

TRANSPARENT = frozenset(("html", "body"))
"""A page may have several: text after ``</body>`` is the body's, as in a browser."""
PLAIN = INLINE - RAISED - listings.INLINE_CODE
STRONG = frozenset(("b", "strong"))

MIN_PROSE_CHARS = 20
MAX_PROSE_LINKS = 0.5
MAX_SENTENCE_CHARS = 200
"""More of a block without the end of a sentence is no prose: hidden spam is keywords. On real pages
whose text a script uncovers, a sentence ends every 70 to 190 characters."""
UNCOVERED_RATIO = 4.0
"""Hidden prose of four times what is shown is the page's text: a script uncovers it. Spam that is
hidden in an article is shorter than it."""

_SENTENCE_ENDS = re.compile(r"[.!?。！？]")

_Open = tuple[Any, Iterator[Any], int, bool, bool]
"""An element that is being read, its children to come, the block element that its text stands in,
and whether that is in a link and in strong type."""


@dataclass(slots=True)
class Block:
    """A run of text between two boundaries of block elements, white space collapsed.

    ``written`` is how it reads where that is more than ``text``: a row of a table with bars between
    its cells; code with its indentation and all line ends, the last one too. A row of a table has
    its ``cells``; code may name its ``language``.
    """

    text: str
    link_chars: int
    links: int
    strong_chars: int
    node: int
    written: str = ""
    cells: tuple[str, ...] = ()
    language: str = ""


def read_blocks(tree: Any) -> tuple[list[Block], Nodes]:
    """Blocks of text and block elements of a page. Nesting of any depth is read without recursion.

    A line break ends a block: old Chinese pages hold a whole article, and the menu, in one cell.
    What browsers do not show is left out, unless nearly all of the page's text stands in it.
    """
    reader = _Reader(Marks(tree))
    inside = reader.enter_block(tree, tree.tag, 0, in_link=False, in_strong=False, number=0)
    if inside:
        reader.read(inside)
    return _leave_out_covered(reader.blocks, reader.nodes), reader.nodes


class _Reader:
    """Collects runs of text and cuts a block at each boundary."""

    def __init__(self, marks: Marks) -> None:
        self.marks = marks
        self.blocks: list[Block] = []
        self.nodes = Nodes()
        self.run = Run()

    def read(self, start: _Open) -> None:  # noqa: C901 -- a call an element costs 2% of all
        """Read an element and all in it. One loop: it sees every element of every page."""
        run, take = self.run, self.run.take
        instead_of, formulas, covered = (
            self.marks.instead_of,
            self.marks.formulas,
            self.marks.covered,
        )
        stack = [start]
        take(start[0].text, False, False)
        while stack:
            element, children, node, in_link, in_strong = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                if not stack or element.tag not in INLINE:
                    self.cut(node)
                if stack:
                    take(element.tail, stack[-1][3], stack[-1][4])
                continue
            tag = child.tag
            if tag in INLINE:
                instead = instead_of(child, tag)
            else:
                instead = formulas.get(child) if formulas else None
            if instead is not None:
                take(instead, in_link, in_strong)
            elif tag in PLAIN and not (covered and child in covered):
                run.links += tag == "a"
                link, strong = in_link or tag == "a", in_strong or tag in STRONG
                take(child.text, link, strong)
                stack.append((child, iter(child), node, link, strong))
                continue
            elif tag in LINE_BREAKS:
                self.cut(node)
            elif isinstance(tag, str) and tag not in SKIPPED:
                enter = self.enter_inline if tag in INLINE else self.enter_block
                inside = enter(child, tag, node, in_link, in_strong)
                if inside:
                    take(child.text, in_link, in_strong)
                    stack.append(inside)
                    continue
            take(child.tail, in_link, in_strong)

    def enter_inline(
        self, child: Any, tag: str, node: int, in_link: bool, in_strong: bool
    ) -> _Open | None:
        """Enter an element that may be more than a part of its line; None if it has been read."""
        if child not in self.marks.covered:
            if tag in RAISED and raise_element(child, tag, self.run, in_link, in_strong):
                return None
            if tag in RAISED or not listings.has_breaks(child):
                return child, iter(child), node, in_link, in_strong
        return self.enter_block(child, tag, node, in_link, in_strong)

    def enter_block(
        self,
        child: Any,
        tag: str,
        node: int,
        in_link: bool,
        in_strong: bool,
        number: int | None = None,
    ) -> _Open | None:
        """Enter an element that ends a line; ``number`` is its own if it is in the list already."""
        label = child.get("class") or ""
        if tag == "template" and child.get("shadowrootmode") is None:
            return None
        if tag == "ul" and "pre-numbering" in label:  # libxml2 ends a ``pre`` before a list in it
            return None
        self.cut(node)
        if tag in TRANSPARENT:
            return child, iter(child), node, in_link, in_strong
        inner = number
        if inner is None:
            inner = self.nodes.add(child, label, node, is_covered=_is_covered(child))
        layout = listings.layout_of(child, tag, label)
        if layout is None and tag != "table":
            return child, iter(child), inner, in_link, in_strong
        if layout:
            self.read_whole(child, inner, layout)
        elif tables.is_data_table(child):
            self.read_table(child, inner)
        else:
            return child, iter(child), inner, in_link, in_strong
        return None

    def read_table(self, table: Any, node: int) -> None:
        """A block for each row of a table of data, and for its caption."""
        for part in table.iter("caption", "tr"):
            is_covered = is_hidden(part)
            inner = self.nodes.add(part, part.get("class") or "", node, is_covered=is_covered)
            self.read_whole(part, inner, Layout.ROW)

    def read_whole(self, element: Any, node: int, layout: Layout) -> None:
        """The text of an element as one block."""
        read_lines(element, self.run, self.marks, layout)
        before = len(self.blocks)
        self.cut(node, layout)
        if layout is not Layout.ROW and len(self.blocks) > before:
            self.blocks[-1].language = language_of(element)

    def cut(self, node: int, layout: Layout | None = None) -> None:
        """End the block that stands in ``node``, in the layout in which its text was read."""
        run = self.run
        if not run.pieces:
            return
        whole = "".join(run.pieces)
        run.pieces.clear()
        written = ""
        cells: tuple[str, ...] = ()
        if layout is Layout.ROW:
            cells = tables.read_cells(whole)
            written = tables.write_row(cells)
            whole = whole.replace(tables.CELL, " ")
        elif layout:
            written = listings.write_lines(whole, is_folded=layout is Layout.FOLDED)
            if self.nodes.row[node] >= 0 and listings.numbers_lines(written):
                whole = ""
        text = collapse(whole)
        if text:
            linked, strong = min(run.link_chars, len(text)), min(run.strong_chars, len(text))
            self.blocks.append(Block(text, linked, run.links, strong, node, written, cells))
        run.reset()


def _is_covered(element: Any) -> bool:
    return is_hidden(element) and not unfolds(element)


def _leave_out_covered(blocks: list[Block], nodes: Nodes) -> list[Block]:
    """The blocks that are shown; all of them where nearly all of the prose is not."""
    if True not in nodes.covered:
        return blocks
    shown = [block for block in blocks if not nodes.covered[block.node]]
    hidden = [block for block in blocks if nodes.covered[block.node]]
    is_uncovered = not shown or _prose(hidden) > UNCOVERED_RATIO * _prose(shown)
    return blocks if is_uncovered else shown


def _prose(blocks: Sequence[Block]) -> int:
    """Characters of the blocks that are no labels, no lists of links and no heaps of keywords."""
    return sum(
        min(size, MAX_SENTENCE_CHARS * (1 + len(_SENTENCE_ENDS.findall(block.text))))
        for block in blocks
        if (size := len(block.text)) >= MIN_PROSE_CHARS
        and block.link_chars < MAX_PROSE_LINKS * size
    )
