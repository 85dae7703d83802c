"""Which tables hold data, a row a line, and which only lay a page out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from models.main_content.reading.runs import collapse

CELL = "\ud800"
"""Stands before each cell of a row in a run. No parser gives a lone surrogate: no page has it."""

MAX_CELLS = 400  # looked at
MAX_CELL_CHARS = 100
MAX_DECLARED_CELL_CHARS = 400  # where the page says that it is a table
MIN_ROWS = 2
MIN_COLUMNS = 2
MIN_SPANNED = 3
"""Columns where cells go over several rows: two are a poster beside what is said of a post."""
LAYOUT_ROLES = frozenset(("presentation", "none"))
_PARTS = frozenset(
    ("caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "script", "style")
)
_CELL_TAGS = frozenset(("td", "th"))
# A cell with such a thing in it is a place on the page.
NO_DATA = ("table", "pre", "form", "h1", "h2", "h3", "article", "nav", "iframe", "ul", "ol", "hr")
_BLANKS = re.compile(r"[ \t\n\r]+")
_DECLARED = ("th", "thead", "caption")


def is_data_table(table: Any) -> bool:
    """Whether the cells of a table without ``NO_DATA`` are values: a row is read as one line.

    A table that says so (``th``, ``thead``, ``caption``) may have gaps and longer cells; another
    has two rows and columns at least, as many columns in each row, and short cells.

    >>> from lxml import html
    >>> row = "<tr><td>2019</td><td>1.5</td></tr>"
    >>> [is_data_table(html.fromstring(f"<table>{row * n}</table>")) for n in (1, 2)]
    [False, True]
    """
    if table.get("role") in LAYOUT_ROLES or not all(part.tag in _PARTS for part in table):
        return False
    is_declared = next(table.iter(*_DECLARED), None) is not None
    longest = MAX_DECLARED_CELL_CHARS if is_declared else MAX_CELL_CHARS
    rows: list[list[Any]] = []
    cells = 0
    for row in table.iter("tr"):
        own = [cell for cell in row if cell.tag in _CELL_TAGS]
        if any(_is_longer(cell, longest) for cell in own):
            return False
        rows.append(own)
        cells += len(own)
        if max(cells, len(rows)) > MAX_CELLS:
            break
    widths = [len(own) for own in rows]
    if is_declared:
        return sum(width >= MIN_COLUMNS for width in widths) >= MIN_ROWS
    if _are_even(widths, MIN_COLUMNS):
        return True
    return max(widths, default=0) >= MIN_SPANNED and _are_even([*_columns(rows)], MIN_SPANNED)


def _are_even(widths: Sequence[int], least: int) -> bool:
    """Whether rows are equally wide: all that are no labels, and all but one."""
    wide = [width for width in widths if width >= least]
    return len(wide) >= MIN_ROWS and len(set(wide)) == 1 and len(wide) >= len(widths) - 1


def _columns(rows: Sequence[Sequence[Any]]) -> Iterator[int]:
    """How many columns the cells of each row take, with those that reach down into it."""
    from_above: list[tuple[int, int]] = []  # rows that a cell goes on for, and columns
    for own in rows:
        reach = from_above + [(_span(cell, "rowspan"), _span(cell, "colspan")) for cell in own]
        yield sum(columns for _, columns in reach)
        from_above = [(count - 1, columns) for count, columns in reach if count > 1]


def read_cells(text: str) -> tuple[str, ...]:
    r"""The cells of a row that was read into a run; what stands before the first is one too.

    >>> read_cells("\ud8002019\ud800 1.5 \ud800")
    ('2019', '1.5', '')
    """
    cells = [collapse(cell) for cell in text.split(CELL)]
    return tuple(cells if cells[0] else cells[1:])


def write_row(cells: Sequence[str]) -> str:
    """The line of a row: its cells between bars, as in Markdown; a row of one cell has none.

    >>> write_row(["2019", "1.5", ""])
    '| 2019 | 1.5 |  |'
    """
    if len(cells) < MIN_COLUMNS:
        return " ".join(cells)
    return f"| {' | '.join(cells)} |"


def _span(cell: Any, attribute: str) -> int:
    """How many rows or columns a cell takes."""
    value = cell.get(attribute) or ""
    return min(max(int(value), 1), MAX_CELLS) if value.isdecimal() and len(value) < 5 else 1  # noqa: PLR2004


def _is_longer(cell: Any, longest: int) -> bool:
    """Whether a cell has more characters, white space in one and none at its ends."""
    text = "".join(cell.itertext())
    return len(text) > longest and len(_BLANKS.sub(" ", text).strip(" ")) > longest
