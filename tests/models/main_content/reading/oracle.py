"""How a page is read, element by element, in Python: what the compiled reading is compared with.

It walks lxml's elements, and shares with the product only what reads names, styles and strings.
"""

import re
from dataclasses import dataclass, field

from lxml import etree

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
from models.main_content.reading.formulas import delimit, read_formulas, tex_of_image
from models.main_content.reading.lines import read_lines
from models.main_content.reading.listings import INLINE_CODE, NO_CODE, PREFORMATTED, Layout
from models.main_content.reading.names import first_classes, names_in
from models.main_content.reading.nodes import ROLES
from models.main_content.reading.raised import raise_element
from models.main_content.reading.runs import Run, collapse
from models.main_content.reading.styles import boxes_code, hides, is_unfolding, keeps_lines

TRANSPARENT = frozenset(("html", "body"))
PLAIN = INLINE - RAISED - INLINE_CODE
STRONG = frozenset(("b", "strong"))
MIN_PROSE_CHARS = 20
MAX_SENTENCE_CHARS = 200
_SENTENCE_ENDS = re.compile(r"[.!?。！？]")
MAX_PROSE_LINKS = 0.5
UNCOVERED_RATIO = 4.0
MIN_SENTENCES = 3
MIN_COVERED_CHARS = 200
MAX_SHEET_CHARS = 20_000
_CONTEXT_BITS = {context: 1 << bit for bit, context in enumerate(CONTEXTS)}
LINK_MARKS = frozenset("¶#§^↑↩↪⤴⏎🔗⚓\ufe0e\ufe0f")
WIKI_TOOLS = frozenset((
    "mw-editsection", "editsection", "mw-cite-backlink", "edit-icon", "pstatus", "backword",
))  # fmt: skip
_LETTERS = re.compile(r"[\W_]+")
_TEXT = etree.XPath("string()")


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
        elif tables.is_data_table(child):
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
        if layout is Layout.FOLDED and "\n" not in _TEXT(element):
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


class Marks:
    """What is to be read in place of the elements of one page.

    ``formulas`` says what elements of any kind show, "" for a further copy. ``covered`` has the
    elements inside lines that have been met and hide much text.
    """

    def __init__(self, tree):
        tools = {element: "" for element in tree.iter(etree.Element) if is_tool(element)}
        self.formulas = {**tools, **read_formulas(tree)}
        self.covered: set = set()
        classes, ids = names_hidden_by_sheets(tree)
        self.hidden_handles = {
            element
            for element in tree.iter(etree.Element)
            if is_hidden(element) or is_decoy(element, classes, ids)
        }
        self.instead_by_handle = self.formulas

    def is_covered(self, element):
        """Whether neither a browser nor a click shows it."""
        return element in self.hidden_handles and not unfolds(element)

    def instead_of(self, element, tag: str):
        """What an element inside a line reads as, "" for nothing; None if as its own text."""
        if self.formulas and element in self.formulas:
            return self.formulas[element]
        if tag == "img":
            return _tex_of_image(element)
        if element in self.hidden_handles:
            if len(_TEXT(element)) < MIN_COVERED_CHARS:
                return ""
            self.covered.add(element)
            return None
        return _tex_of_span(element) if tag == "span" else None


def _tex_of_image(image):
    label, source = image.get("class") or "", image.get("src") or ""
    is_marked = image.get("eeimg") is not None
    return tex_of_image(image.get("alt") or "", label, source, is_marked=is_marked)


def _tex_of_span(span):
    tex = span.get("data-tex")
    return delimit(tex, is_display=False) if tex else None


def is_hidden(element):
    """Whether an element's attributes keep its text from being seen.

    Of two neighbours with the same text one of which is ``aria-hidden``, that one is a copy for
    the eye. ``hidden="until-found"`` is text that a browser's search finds, so it is read; a
    ``dialog`` is shown where it is ``open``.
    """
    style, hidden = element.get("style"), element.get("hidden")
    return (
        (style is not None and hides(style))
        or (hidden is not None and hidden.lower() != "until-found")
        or (element.get("aria-hidden") == "true" and _is_copy(element))
        or (element.tag == "dialog" and element.get("open") is None)
    )


def is_tool(element):
    """Whether it is a link that is a mark, or a wiki's link to edit."""
    if element.tag == "a" and len(_TEXT(element)) <= 3:
        return _TEXT(element).strip() != "" and set(_TEXT(element).strip()) <= LINK_MARKS
    label = element.get("class") or ""
    if listings.names_language(label, _TEXT(element)):
        return True
    if listings.names_numbers(label):
        numbers = " ".join(element.itertext()).split()
        return len(numbers) > 1 and listings.numbers_lines("\n".join(numbers))
    return not WIKI_TOOLS.isdisjoint(label.split())


def names_hidden_by_sheets(tree):
    """The classes and ids of which rules of one name alone say that they are not shown."""
    names = {".": set(), "#": set()}
    left = MAX_SHEET_CHARS
    for sheet in tree.iter("style"):
        css, left = _TEXT(sheet)[:left], max(0, left - len(_TEXT(sheet)))
        for selector in hiding_selectors(re.sub(r"(?s)/\*.*?(\*/|$)", "", css)):
            for one in selector.split(","):
                if found := re.fullmatch(r"([a-zA-Z][\w-]*)?([.#])([\w-]+)", one.strip()):
                    names[found[2]].add(found[3])
    return names["."], names["#"]


def hiding_selectors(css):
    """Those of rules that stand in no other."""
    depth, last, selector, own = 0, 0, "", ""
    for match in re.finditer("[{};]|$", css):
        piece, last = css[last : match.start()], match.end()
        if depth == 1:
            own += f"{piece};"
        if match[0] == "{":
            depth += 1
            if depth == 1:
                selector, own = piece, ""
        elif match[0] == "}":
            if depth == 1 and re.search("y *: *(none|hidden)", own):
                yield selector
            depth = max(0, depth - 1)


def is_decoy(element, classes, ids):
    """Whether style sheets hide a part of a line beside other text."""
    above = element.getparent()
    is_named = (element.get("class") or "") in classes or element.get("id") in ids
    if above is None or element.tag not in INLINE or not is_named:
        return False
    own = _TEXT(element).strip()
    return own != "" and len(_TEXT(above).strip()) > len(own)


def unfolds(element):
    """Whether a hidden element is one that a click shows: of an accordion, of tabs, of slides."""
    above = element.getparent()
    names = [element.get("class"), element.get("id"), element.get("role")]
    if above is not None:
        names.append(above.get("class"))
    return any(is_unfolding(name) for name in names if name)


def _is_copy(element):
    """Whether the element before or after has the same letters and digits."""
    own: str | None = None
    for other in (element.getprevious(), element.getnext()):
        if other is not None and isinstance(other.tag, str):
            own = _letters(element) if own is None else own
            if own and _letters(other) == own:
                return True
    return False


def _letters(element):
    return _LETTERS.sub("", _TEXT(element)).lower()


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
