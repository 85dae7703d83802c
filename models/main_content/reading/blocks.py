"""A page as blocks of text in reading order, each with the elements that it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, overload

import numpy as np

from models.kernels.arrays import BoolArray, Int64Array, UInt32Array
from models.main_content.reading import flow, listings, roles, tables
from models.main_content.reading.bits import describe_elements
from models.main_content.reading.code_language import language_of
from models.main_content.reading.element import Element
from models.main_content.reading.flow import read_flow
from models.main_content.reading.lines import read_lines
from models.main_content.reading.listings import Layout
from models.main_content.reading.marks import Marks
from models.main_content.reading.names import names_of_page
from models.main_content.reading.nodes import Nodes, find_nodes
from models.main_content.reading.page_elements import END, TAG, PageElements, flags, read_elements
from models.main_content.reading.rows import read_plain_row
from models.main_content.reading.runs import Run, cjk_table, collapse
from models.main_content.reading.words import IS_CODE, IS_PREFORMATTED, NUMBER, WORDS
from models.text import scripts
from models.text.traditional import simple_codes, simplify

MIN_PROSE_CHARS = 20
MAX_LINKED = 0.5
MIN_HAN = 0.1
"""Of the characters of a Chinese page: real ones have 0.17 and more, English ones 0.007 at most."""
MIN_TRADITIONAL, MAX_ASKED = 0.01, 2000
"""The same of traditional characters, of which a fifth of a text in them are (names have some), and
of how many of a page's characters."""
MAX_SENTENCE_CHARS = 200
"""More of a block without the end of a sentence is no prose: hidden spam is keywords. On real pages
whose text a script uncovers, a sentence ends every 70 to 190 characters."""
UNCOVERED_RATIO = 4.0
"""Hidden prose of four times what is shown is the page's text: a script uncovers it. Spam that is
hidden in an article is shorter than it."""
MIN_SENTENCES = 3
"""Of hidden prose. What scripts uncover on real pages has six at least; the heaps of elements that
hacked pages hide have none."""

_SENTENCE_ENDS = re.compile(r"[.!?。！？]")
_LAYOUTS = {roles.WRITTEN: Layout.WRITTEN, roles.FOLDED: Layout.FOLDED}
_CODE = roles.NAMES_LISTING | IS_PREFORMATTED | IS_CODE
_IS_ROW = flags([NUMBER["caption"], NUMBER["tr"]], len(WORDS) + 1)


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

    @property
    def is_linked(self) -> bool:
        """Whether more than half of it stands in links."""
        return self.link_chars > MAX_LINKED * len(self.text)


@dataclass(frozen=True, slots=True)
class Whole:
    """What a block that is read as a whole has besides: see `Block`."""

    written: str = ""
    cells: tuple[str, ...] = ()
    language: str = ""


FLOWS = Whole()
"""What a block that flows has."""


@dataclass(frozen=True)
class Blocks(Sequence[Block]):
    """The blocks of a page, and what they hold as arrays.

    ``codes`` are the characters of all texts, of which block i has ``starts[i]`` to ``ends[i]``.
    The other arrays are fields of a ``Block``, one entry each; ``wholes`` has the last three.
    """

    codes: UInt32Array
    starts: Int64Array
    ends: Int64Array
    link_chars: Int64Array
    links: Int64Array
    strong_chars: Int64Array
    node: Int64Array
    wholes: list[Whole]

    @cached_property
    def texts(self) -> list[str]:
        """The text of each block."""
        whole = self.codes.tobytes().decode("utf-32-le")
        ends = self.ends.tolist()
        return [whole[start:end] for start, end in zip(self.starts.tolist(), ends, strict=True)]

    @cached_property
    def text_numbers(self) -> Int64Array:
        """A number from 0 for each distinct text, by block."""
        numbers: dict[str, int] = {}
        return np.array([numbers.setdefault(text, len(numbers)) for text in self.texts], np.int64)

    @property
    def sizes(self) -> Int64Array:
        """The characters of each block."""
        return self.ends - self.starts

    @cached_property
    def is_linked(self) -> BoolArray:
        """Whether more than half of each block stands in links."""
        return self.link_chars > MAX_LINKED * self.sizes

    @cached_property
    def is_chinese(self) -> bool:
        """Whether Han characters are ``MIN_HAN`` of all: such pages have trees and rules of own."""
        codes = np.minimum(self.codes, np.uint32(scripts.PLANES))
        return scripts.HAN.count_in(codes) >= MIN_HAN * len(codes)

    @cached_property
    def _is_traditional(self) -> bool:
        if not self.is_chinese:
            return False
        codes = np.minimum(self.codes[-MAX_ASKED:], np.uint32(scripts.PLANES))
        return bool((simple_codes()[codes] != codes).sum() >= MIN_TRADITIONAL * len(codes))

    def folded(self, place: int) -> str:
        """The text of a block in lower case and, on pages in traditional characters, simplified."""
        text = self.texts[place].lower()
        return simplify(text) if self._is_traditional else text

    @cached_property
    def is_written(self) -> BoolArray:
        """Whether each block is written otherwise than its text."""
        return np.array([bool(whole.written) for whole in self.wholes], np.bool_)

    def __len__(self) -> int:
        return len(self.starts)

    @overload
    def __getitem__(self, place: int) -> Block: ...
    @overload
    def __getitem__(self, place: slice) -> Blocks: ...
    def __getitem__(self, place: int | slice) -> Block | Blocks:
        return self._read(place) if isinstance(place, int) else self._take(place)

    def __iter__(self) -> Iterator[Block]:
        return map(self._read, range(len(self)))

    @cached_property
    def _numbers(self) -> list[list[int]]:
        columns = (self.link_chars, self.links, self.strong_chars, self.node)
        return np.column_stack(columns).tolist()

    def _read(self, place: int) -> Block:
        linked, links, strong, node = self._numbers[place]
        text, whole = self.texts[place], self.wholes[place]
        return Block(text, linked, links, strong, node, whole.written, whole.cells, whole.language)

    def _take(self, places: slice) -> Blocks:
        return Blocks(
            self.codes,
            self.starts[places],
            self.ends[places],
            self.link_chars[places],
            self.links[places],
            self.strong_chars[places],
            self.node[places],
            self.wholes[places],
        )

    def where(self, is_kept: BoolArray) -> Blocks:
        """Those of the blocks."""
        return Blocks(
            self.codes,
            self.starts[is_kept],
            self.ends[is_kept],
            self.link_chars[is_kept],
            self.links[is_kept],
            self.strong_chars[is_kept],
            self.node[is_kept],
            [self.wholes[place] for place in np.flatnonzero(is_kept).tolist()],
        )


def read_blocks(tree: Any) -> tuple[Blocks, Nodes]:
    """Blocks of text and block elements of a parsed page, or of a part of one."""
    return read_page(read_elements(tree))


def read_page(page: PageElements) -> tuple[Blocks, Nodes]:
    """Blocks of text and block elements of a page. Nesting of any depth is read without recursion.

    A line break ends a block: old Chinese pages hold a whole article, and the menu, in one cell.
    What browsers do not show is left out, unless nearly all of the page's text stands in it.
    """
    reader = _Reader(page)
    reader.read()
    nodes = find_nodes(page, reader.nodes[: reader.state[flow.NODES]], reader.names)
    return _leave_out_covered(reader.blocks(), nodes), nodes


class _Reader:
    """Reads a page as it flows, and what flows otherwise when it is met."""

    def __init__(self, page: PageElements) -> None:
        count = len(page.tags)
        self.page = page
        self.names = names_of_page(page)
        self.marks = Marks(page, self.names)
        self.bits = describe_elements(page, self.names, self.marks.hidden)
        self.held = np.empty((count + 1, 6), np.int32)
        roles.count_held(page.tags, self.bits, self.held)
        self.instead, self.readings, self.read_codes = self.marks.readings()
        self.stack = np.empty((count + 1, 5), np.int32)
        self.rows = np.empty((3 * count + 4, 6), np.int32)
        self.nodes = np.empty((count + 1, 4), np.int32)
        self.nodes[0] = 0, -1, 0, -1
        self.least_room = len(page.text) + len(self.read_codes)
        self.codes = np.empty(self.least_room, np.uint32)
        self.state = np.zeros(11, np.int64)
        self.state[flow.NODES] = 1
        self.wholes: dict[int, Whole] = {}

    def read(self) -> None:
        """Read all."""
        cjk = cjk_table()
        while event := read_flow(
            self.page.tags, self.bits, self.held, self.instead, self.readings, self.read_codes,
            self.page.text, cjk, self.stack, self.codes, self.rows, self.nodes, self.state,
        ):  # fmt: skip
            element, node = int(self.state[flow.ELEMENT]), int(self.state[flow.NODE])
            self.state[flow.GO_ON] = flow.TAKE_TAIL
            if event != roles.TABLE:
                self.read_whole(element, node, _LAYOUTS[event])
            elif tables.is_data_table(Element(self.page, element)):
                self.read_table(element, node)
            else:
                self.state[flow.GO_ON] = flow.READ_INSIDE

    def read_table(self, table: int, node: int) -> None:
        """A block for each row of a table of data, and for its caption."""
        tags = self.page.tags
        end = tags[table, END]
        for part in table + np.flatnonzero(_IS_ROW[np.minimum(tags[table:end, TAG], len(WORDS))]):
            inner = int(self.state[flow.NODES])
            self.state[flow.NODES] += 1
            row = inner if tags[part, TAG] == NUMBER["tr"] else self.nodes[node, 3]
            is_covered = self.bits[part] & roles.IS_HIDDEN != 0
            self.nodes[inner] = part, node, is_covered, row
            self.read_whole(int(part), inner, Layout.ROW)

    def read_whole(self, element: int, node: int, layout: Layout) -> None:
        """The text of an element as one block; one line whose style would keep others is as any."""
        whole_element, run = Element(self.page, element), Run(links=int(self.state[flow.LINKS]))
        if layout is Layout.FOLDED:
            layout = listings.layout_of_listing(whole_element)
        if layout is not Layout.ROW or not read_plain_row(
            self.page, self.bits, self.instead, element, run
        ):
            read_lines(whole_element, run, self.marks, layout)
        self.state[flow.LINKS] = run.links
        if not run.pieces:
            return
        whole = "".join(run.pieces)
        cells: tuple[str, ...] = ()
        if layout is Layout.ROW:
            cells = tables.read_cells(whole)
            written = tables.write_row(cells)
            whole = whole.replace(tables.CELL, " ")
        else:
            written = listings.write_lines(whole, is_folded=layout is Layout.FOLDED)
            if self.nodes[node, 3] >= 0 and listings.numbers_lines(written):
                whole = ""
            if written.count("\n") == 1 and not self.bits[element] & _CODE:
                written = ""
        text = collapse(whole)
        if text:
            is_code = layout is not Layout.ROW and written != ""
            language = language_of(whole_element) if is_code else ""
            self.add(text, run, node, Whole(written, cells, language))
        self.state[flow.LINKS] = 0

    def add(self, text: str, run: Run, node: int, whole: Whole) -> None:
        """Add a block."""
        start, number = int(self.state[flow.PLACE]), int(self.state[flow.BLOCKS])
        end = start + len(text)
        if len(self.codes) < end + self.least_room:
            self.codes = np.concatenate([self.codes, np.empty(end + self.least_room, np.uint32)])
        self.codes[start:end] = scripts.code_points(text)
        linked, strong = min(run.link_chars, len(text)), min(run.strong_chars, len(text))
        self.rows[number] = start, end, linked, run.links, strong, node
        self.wholes[number] = whole
        self.state[flow.BLOCKS] += 1
        self.state[flow.START] = self.state[flow.PLACE] = end

    def blocks(self) -> Blocks:
        """The blocks that have been read."""
        count = int(self.state[flow.BLOCKS])
        starts, ends, link_chars, links, strong_chars, node = np.ascontiguousarray(
            self.rows[:count].T, np.int64
        )
        codes = self.codes[: self.state[flow.PLACE]]
        wholes = [self.wholes.get(number, FLOWS) for number in range(count)]
        return Blocks(codes, starts, ends, link_chars, links, strong_chars, node, wholes)


def _leave_out_covered(blocks: Blocks, nodes: Nodes) -> Blocks:
    """The blocks that are shown; all of them where nearly all of the prose is not."""
    is_covered = nodes.covered[blocks.node]
    if not is_covered.any():
        return blocks
    shown = blocks.where(~is_covered)
    if not len(shown):
        return blocks
    chars, sentences = _prose(blocks.where(is_covered))
    is_uncovered = sentences >= MIN_SENTENCES and chars > UNCOVERED_RATIO * _prose(shown)[0]
    return blocks if is_uncovered else shown


def _prose(blocks: Blocks) -> tuple[int, int]:
    """The characters and sentences of blocks that are no labels, links or heaps of keywords."""
    sizes = blocks.sizes
    is_prose = (sizes >= MIN_PROSE_CHARS) & (blocks.link_chars < MAX_LINKED * sizes)
    texts = [blocks.texts[place] for place in np.flatnonzero(is_prose).tolist()]
    ends = [len(_SENTENCE_ENDS.findall(text)) for text in texts]
    chars = [
        min(len(text), MAX_SENTENCE_CHARS * (1 + count))
        for text, count in zip(texts, ends, strict=True)
    ]
    return sum(chars), sum(ends)
