"""What the elements that a line stands in make of it: a heading, an item of a list, a quotation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from models.main_content.main_text import Elements, Line, MainText
from models.main_content.reading.elements import HEADING_LEVELS
from models.main_content.reading.listings import INLINE_CODE, PREFORMATTED, names_listing

MAX_LEVELS = 6
"""Lists and quotations in each other; what lies deeper is not told apart. Renderers have an end too
(markdown-it: 20, a list with its item counts two), and what lies behind it they do not show."""
MAX_HEADING_LINES = 3
MAX_HEADING_CHARS = 300
"""A heading with more was never closed."""
MAX_ITEM_LINES = 20

_LISTS = frozenset(("ul", "ol", "menu", "dir"))
_CODE = PREFORMATTED | INLINE_CODE


@dataclass(frozen=True, slots=True)
class Container:
    """A quotation, or an item of a list (-1 for none) with its number if the list counts."""

    node: int
    parent_list: int = -1
    number: int = 0


Containers = tuple[Container, ...]


@dataclass(slots=True)
class Places:
    """For each element: what it stands in, outermost first; its heading and table, -1 for none."""

    containers: list[Containers] = field(default_factory=list)
    heading: list[int] = field(default_factory=list)
    table: list[int] = field(default_factory=list)


def find_places(found: MainText) -> Places:
    """The places of the elements of a text, in one pass: parents come before their children."""
    places = _find_all(found.elements)
    laid_out = _lists_for_layout(found.lines, places)
    unclosed = _unclosed_headings(found.lines, places)
    if laid_out:
        places.containers = [
            tuple(one for one in containers if one.parent_list not in laid_out)
            for containers in places.containers
        ]
    places.containers = [containers[:MAX_LEVELS] for containers in places.containers]
    places.heading = [-1 if node in unclosed else node for node in places.heading]
    return places


def level_of(heading: int, elements: Elements) -> int:
    """1 for ``h1`` to 6 for ``h6``."""
    return HEADING_LEVELS[elements.tag[heading]]


def is_code(line: Line, elements: Elements) -> bool:
    """Whether a line that is written in lines of its own is code, and not verse."""
    tag, _, label = elements.signature[line.node].partition(".")
    return line.is_written and (tag in _CODE or names_listing(label))


def _find_all(elements: Elements) -> Places:
    places = Places()
    items: Counter[int] = Counter()
    last_item: dict[int, int] = {}
    for node, (tag, parent) in enumerate(zip(elements.tag, elements.parent, strict=True)):
        above: Containers = places.containers[parent] if parent >= 0 else ()
        heading = places.heading[parent] if parent >= 0 else -1
        table = places.table[parent] if parent >= 0 else -1
        if tag == "li":
            items[parent] += 1
            last_item[parent] = node
            number = items[parent] if elements.tag[parent] == "ol" else 0
            above = (*above[: 2 * MAX_LEVELS], Container(node, parent, number))
        elif tag in _LISTS and parent in last_item:  # a list that stands between items
            above = places.containers[last_item[parent]]
        elif tag == "blockquote":
            above = (*above[: 2 * MAX_LEVELS], Container(node))
        places.containers.append(above)
        places.heading.append(node if tag in HEADING_LEVELS else heading)
        places.table.append(node if tag == "table" else table)
    return places


def _lists_for_layout(lines: Sequence[Line], places: Places) -> set[int]:
    """Lists that lay a page out: an item has a heading, or very many lines."""
    laid_out = set()
    sizes: Counter[int] = Counter()
    for line in lines:
        containers = places.containers[line.node]
        if not containers:
            continue
        if places.heading[line.node] >= 0:
            laid_out |= {one.parent_list for one in containers}
        sizes[containers[-1].node] += 1
        if sizes[containers[-1].node] > MAX_ITEM_LINES:
            laid_out.add(containers[-1].parent_list)
    return laid_out - {-1}


def _unclosed_headings(lines: Sequence[Line], places: Places) -> set[int]:
    """Headings that hold more than headings do."""
    sizes: Counter[int] = Counter()
    chars: Counter[int] = Counter()
    unclosed = set()
    for line in lines:
        heading = places.heading[line.node]
        sizes[heading] += 1
        chars[heading] += len(line.text)
        if line.is_written or line.cells:
            unclosed.add(heading)
    unclosed |= {node for node, size in sizes.items() if size > MAX_HEADING_LINES}
    return unclosed | {node for node, size in chars.items() if size > MAX_HEADING_CHARS}
