"""What is taken for the main text of a page: its lines, and where in the page each stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, Self

import numpy as np

from models.kernels.arrays import BoolArray, Int64Array
from models.main_content.main_links import NOT_COUNTED, MainLinks
from models.main_content.reading.blocks import Block, Blocks
from models.main_content.reading.nodes import Nodes

MAX_CELL_CHARS = 100
MAX_CELL_BLOCKS = 2
"""A row in which a cell holds more lays the page out."""

_TEX_SIGNS = frozenset("\\^_=")

_LIST_FOOTER = re.compile(r"\n_{40,}\n(?:[^\n]{0,120}\n){1,8}$")
"""What mailing lists put under every message."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, or the lines of one block that the page has written so, all of them ended.

    ``node`` is the element that it stands in; ``is_written`` says that the line ends in it are the
    page's, and the text's. A row of a table of data has ``cells``; code may name its ``language``.
    """

    text: str
    node: int = 0
    is_written: bool = False
    cells: tuple[str, ...] = ()
    language: str = ""


class Elements(Protocol):
    """Elements that lines stand in, in document order, a parent (-1 for none) before its children.

    ``Nodes`` are such elements.
    """

    @property
    def parent(self) -> Iterable[int]:
        """The number of each element's parent."""

    @property
    def tag(self) -> Sequence[str]:
        """Each element's name."""

    @property
    def signature(self) -> Sequence[str]:
        """The name and, behind a point, all classes."""


@dataclass(frozen=True, slots=True)
class ElementList:
    """``Elements`` that have been listed; without any, a body."""

    parent: Sequence[int] = (-1,)
    tag: Sequence[str] = ("body",)
    signature: Sequence[str] = ("body",)


@dataclass(frozen=True, slots=True)
class MainText:
    """The lines in reading order, and the elements that they stand in.

    ``confidence`` is the F1 that the model which chose them expects, None if none did. ``links``
    counts what of the blocks that it chose are links.
    """

    lines: Sequence[Line] = ()
    elements: Elements = ElementList()
    confidence: float | None = None
    links: MainLinks = NOT_COUNTED

    @classmethod
    def of_blocks(
        cls,
        blocks: Blocks,
        nodes: Nodes,
        main: BoolArray | None = None,
    ) -> Self:
        """A line for each block, or each of the ``main`` ones.

        Short cells of a row of a table that holds no data share one.
        """
        places = np.arange(len(blocks)) if main is None else np.flatnonzero(main)
        is_short = (blocks.sizes[places] <= MAX_CELL_CHARS) & ~blocks.is_written[places]
        goes_on = _continue_rows(nodes, blocks.node[places], is_short)
        lines: list[Line] = []
        for place, shares_line in zip(places.tolist(), goes_on.tolist(), strict=True):
            block = blocks[place]
            if shares_line:
                lines[-1] = Line(f"{lines[-1].text} {block.text}", lines[-1].node)
            else:
                lines.append(_line_of(block))
        return cls(lines, nodes)

    @classmethod
    def of_texts(cls, texts: Iterable[str], confidence: float | None = None) -> Self:
        """Lines of which nothing but their text is known.

        >>> MainText.of_texts(["one", "two"]).texts()
        ['one', 'two']
        """
        return cls([Line(text) for text in texts], confidence=confidence)

    @classmethod
    def join(cls, parts: Iterable[MainText]) -> Self:
        """The texts one after the other."""
        lines: list[Line] = []
        parent, tag, signature = [-1], ["body"], ["body"]
        for part in parts:
            first = len(parent)
            parent += [above + first if above >= 0 else 0 for above in part.elements.parent]
            tag += part.elements.tag
            signature += part.elements.signature
            lines += [replace(line, node=line.node + first) for line in part.lines]
        return cls(lines, ElementList(parent, tag, signature))

    def texts(self) -> list[str]:
        """The lines without their places."""
        return [line.text for line in self.lines]


def _line_of(block: Block) -> Line:
    if block.written:
        text = _LIST_FOOTER.sub("\n", block.written)
    else:
        text = f"${block.text}$" if _is_formula(block.text) else block.text
    is_written = block.written.endswith("\n")
    return Line(text, block.node, is_written, block.cells, block.language)


def _continue_rows(nodes: Nodes, node: Int64Array, is_short: BoolArray) -> BoolArray:
    """Whether each block goes on the line of the one before, as the next cell of its row.

    What stands in one cell does not share a line, nor do cells beside one that holds much: old
    pages have a whole article in a cell, or a poem.
    """
    row, cell = np.where(is_short, nodes.row[node], -1), node
    while (is_inside := (row >= 0) & (cell != row) & (nodes.parent[cell] != row)).any():
        cell = np.where(is_inside, nodes.parent[cell], cell)
    size = np.bincount(cell, row >= 0)
    is_large = np.zeros(len(size), np.bool_)
    is_large[row[size[cell] > MAX_CELL_BLOCKS]] = True
    before = slice(None, -1)
    goes_on = np.zeros(len(node), np.bool_)
    goes_on[1:] = (row[1:] >= 0) & (row[1:] == row[before]) & (cell[1:] != cell[before])
    goes_on[1:] &= (size[cell[before]] == 1) & ~is_large[row[1:]]
    return goes_on


def _is_formula(text: str) -> bool:
    """Whether a formula is all of a block, as sites have it which draw each as an image."""
    is_between = text.startswith("$") and text.endswith("$") and text.count("$") == 2  # noqa: PLR2004
    return is_between and not _TEX_SIGNS.isdisjoint(text)
