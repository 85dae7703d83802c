"""How a page is read, element by element, in Python: what the compiled reading is compared with.

It walks lxml's elements, and shares with the product only what reads names, styles and strings.
"""

import re
from dataclasses import dataclass, field

from models.main_content.reading import listings, tables
from models.main_content.reading.code_language import language_of
from models.main_content.reading.elements import (
    CONTEXTS,
    INLINE,
    LINE_BREAKS,
    RAISED,
    SKIPPED,
)
from models.main_content.reading.elements import is_inline as is_inline_name
from models.main_content.reading.lines import read_lines
from models.main_content.reading.listings import INLINE_CODE, NO_CODE, PREFORMATTED, Layout
from models.main_content.reading.names import first_classes, names_in
from models.main_content.reading.nodes import ROLES
from models.main_content.reading.raised import raise_element
from models.main_content.reading.runs import Run, collapse
from models.main_content.reading.styles import boxes_code, keeps_lines
from tests.models.main_content.reading.oracle_marks import Marks, is_hidden, text_of

TRANSPARENT = frozenset(("html", "body"))
PLAIN = INLINE - RAISED - INLINE_CODE
STRONG = frozenset(("b", "strong"))
MIN_PROSE_CHARS = 20
MAX_SENTENCE_CHARS = 200
_SENTENCE_ENDS = re.compile(r"[.!?。！？]")
MAX_PROSE_LINKS = 0.5
UNCOVERED_RATIO = 4.0
MIN_SENTENCES = 3
_CONTEXT_BITS = {context: 1 << bit for bit, context in enumerate(CONTEXTS)}


@dataclass(slots=True)
class Block:
    """A run of text between two boundaries of block elements, white space collapsed.

    ``written`` is how it reads where that is more than ``text``: a row of a table with bars between
    its cells; code with its indentation and all line ends, the last one too.
    """

    text: str
    link_chars: int
    links: int
    strong_chars: int
    node: int
    written: str = ""
    cells: tuple = ()
    language: str = ""


@dataclass(slots=True)
class Nodes:
    """The block elements of a page in document order, one list entry each; 0 is the body.

    ``own``, ``near`` (own and parent's) and ``inherited`` are bit sets over ``NAMES``,
    ``contexts`` over ``CONTEXTS`` (inherited). ``signature`` is tag and classes, ``kind`` tag and
    first class without digits. ``row`` is the table row it stands in, or -1. ``covered`` says that
    a browser does not show it, ``hidden`` that, or that a screen reader does not.
    """

    parent: list[int] = field(default_factory=lambda: [-1])
    tag: list[str] = field(default_factory=lambda: ["body"])
    depth: list[int] = field(default_factory=lambda: [0])
    own: list[int] = field(default_factory=lambda: [0])
    near: list[int] = field(default_factory=lambda: [0])
    inherited: list[int] = field(default_factory=lambda: [0])
    contexts: list[int] = field(default_factory=lambda: [0])
    kind: list[str] = field(default_factory=lambda: ["body"])
    hidden: list[int] = field(default_factory=lambda: [0])
    covered: list[bool] = field(default_factory=lambda: [False])
    signature: list[str] = field(default_factory=lambda: ["body"])
    row: list[int] = field(default_factory=lambda: [-1])

    def add(self, element, label: str, parent: int, *, is_covered: bool):
        """Record an element with the classes ``label`` under a parent; its number."""
        tag, name = element.tag, element.get("id")
        own = names_in(f"{label} {name}" if name else label)
        number = len(self.parent)
        self.parent.append(parent)
        self.tag.append(tag)
        self.depth.append(self.depth[parent] + 1)
        self.own.append(own)
        self.near.append(own | self.own[parent])
        self.inherited.append(own | self.inherited[parent])
        role = element.get("role")
        bit = _CONTEXT_BITS.get(ROLES.get(role, tag) if role else tag, 0)
        self.contexts.append(self.contexts[parent] | bit)
        self.covered.append(is_covered or self.covered[parent])
        is_hidden = is_covered or self.hidden[parent] or element.get("aria-hidden") == "true"
        self.hidden.append(1 if is_hidden else 0)
        self.signature.append(f"{tag}.{label}")
        self.kind.append(f"{tag}.{first_classes([label])[0]}" if label else tag)
        self.row.append(number if tag == "tr" else self.row[parent])
        return number


def read_blocks(tree):
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

    def __init__(self, marks):
        self.marks = marks
        self.blocks = []
        self.nodes = Nodes()
        self.run = Run()

    def read(self, start):  # noqa: C901 -- a call an element costs 2% of all
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
                if not stack or not is_inline(element.tag):
                    self.cut(node)
                if stack:
                    take(element.tail, stack[-1][3], stack[-1][4])
                continue
            tag = child.tag
            if is_inline(tag):
                instead = instead_of(child, tag)
            else:
                instead = formulas.get(child) if formulas else None
            if instead is not None:
                take(instead, in_link, in_strong)
            elif (tag in PLAIN or (isinstance(tag, str) and ":" in tag)) and not (
                covered and child in covered
            ):
                run.links += tag == "a"
                link, strong = in_link or tag == "a", in_strong or tag in STRONG
                take(child.text, link, strong)
                stack.append((child, iter(child), node, link, strong))
                continue
            elif tag in LINE_BREAKS:
                self.cut(node)
            elif isinstance(tag, str) and tag not in SKIPPED:
                enter = self.enter_inline if is_inline(tag) else self.enter_block
                inside = enter(child, tag, node, in_link, in_strong)
                if inside:
                    take(child.text, in_link, in_strong)
                    stack.append(inside)
                    continue
            take(child.tail, in_link, in_strong)

    def enter_inline(self, child, tag: str, node: int, in_link: bool, in_strong: bool):
        """Enter an element that may be more than a part of its line; None if it has been read."""
        if child not in self.marks.covered:
            if tag in RAISED and raise_element(child, tag, self.run, in_link, in_strong):
                return None
            if tag in RAISED or not has_breaks(child):
                return child, iter(child), node, in_link, in_strong
        return self.enter_block(child, tag, node, in_link, in_strong)

    def enter_block(
        self,
        child,
        tag: str,
        node: int,
        in_link: bool,
        in_strong: bool,
        number: int | None = None,
    ):
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
            inner = self.nodes.add(child, label, node, is_covered=self.marks.is_covered(child))
        layout = layout_of(child, tag, label)
        if layout is None and tag != "table":
            return child, iter(child), inner, in_link, in_strong
        if layout:
            self.read_whole(child, inner, layout)
        elif not _has(child, tables.NO_DATA) and tables.is_data_table(child):
            self.read_table(child, inner)
        else:
            return child, iter(child), inner, in_link, in_strong
        return None

    def read_table(self, table, node: int):
        """A block for each row of a table of data, and for its caption."""
        for part in table.iter("caption", "tr"):
            is_covered = is_hidden(part)
            inner = self.nodes.add(part, part.get("class") or "", node, is_covered=is_covered)
            self.read_whole(part, inner, Layout.ROW)

    def read_whole(self, element, node: int, layout: Layout):
        """The text of an element as one block."""
        before = len(self.blocks)
        if layout is Layout.FOLDED and "\n" not in text_of(element):
            layout = Layout.WRITTEN
        read_lines(element, self.run, self.marks, layout)
        self.cut(node, layout)
        if layout is not Layout.ROW and len(self.blocks) > before:
            last = self.blocks[-1]
            last.language = language_of(element)
            if last.written.count("\n") == 1 and not is_called_code(element):
                last.written = last.language = ""

    def cut(self, node: int, layout: Layout | None = None):
        """End the block that stands in ``node``, in the layout in which its text was read."""
        run = self.run
        if not run.pieces:
            return
        whole = "".join(run.pieces)
        run.pieces.clear()
        written, cells = "", ()
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


def _leave_out_covered(blocks, nodes: Nodes):
    """The blocks that are shown; all of them where nearly all of the prose is not."""
    if True not in nodes.covered:
        return blocks
    shown = [block for block in blocks if not nodes.covered[block.node]]
    hidden = [block for block in blocks if nodes.covered[block.node]]
    has_sentences = sum(map(_sentences, filter(_is_prose, hidden))) >= MIN_SENTENCES
    is_uncovered = not shown or (has_sentences and _prose(hidden) > UNCOVERED_RATIO * _prose(shown))
    return blocks if is_uncovered else shown


def _prose(blocks):
    """Characters of the blocks that are no labels, no lists of links and no heaps of keywords."""
    return sum(
        min(len(block.text), MAX_SENTENCE_CHARS * (1 + _sentences(block)))
        for block in filter(_is_prose, blocks)
    )


def _is_prose(block):
    size = len(block.text)
    return size >= MIN_PROSE_CHARS and block.link_chars < MAX_PROSE_LINKS * size


def _sentences(block):
    return len(_SENTENCE_ENDS.findall(block.text))


def is_inline(tag):
    """Whether it is the name of a part of a line; comments have none."""
    return isinstance(tag, str) and is_inline_name(tag)


def is_called_code(element):
    """Whether its name, its classes or its style are those of code."""
    label, style = element.get("class"), element.get("style")
    is_named = (label and listings.names_listing(label)) or (style and boxes_code(style))
    return bool(is_named) or element.tag in PREFORMATTED or element.tag in INLINE_CODE


def is_preformatted(element):
    """Whether all white space of a ``pre`` or its like counts."""
    return not _has(element, NO_CODE)


def has_breaks(element):
    """Whether an element of code that stands in a line is of several lines."""
    return len(element) > 0 and _has(element, ("br",))


def layout_of(element, tag: str, label: str):
    """How an element of these classes makes lines of its own; None if it is read as pages flow."""
    if tag in PREFORMATTED:
        return Layout.WRITTEN if is_preformatted(element) else None
    style = element.get("style")
    if style and keeps_lines(style) and is_lines(element):
        return Layout.WRITTEN
    is_named = (label and listings.names_listing(label)) or (style and boxes_code(style))
    if is_named and is_listing(element, tag, label):
        return Layout.WRITTEN if tag == "table" else Layout.FOLDED
    return Layout.FOLDED if tag in INLINE_CODE else None


def is_listing(element, tag: str, label: str):
    """Whether an element is code in lines that other elements make.

    So it is written by hand and by highlighters without ``pre``, indented by no-break spaces; or,
    on code hosts, as a table with a line in each row, indented by blanks.
    """
    if tag == "table":
        return listings.names_rows_of_code(label)
    return not _has(element, (*PREFORMATTED, *NO_CODE)) and _has(element, ("br", "div", "li", "tr"))


def is_lines(element):
    """Whether an element whose style keeps line ends is one run of text."""
    return all(is_inline(child.tag) or child.tag == "br" for child in element)


def _has(element, tags: tuple[str, ...]):
    return next(element.iterdescendants(*tags), None) is not None
