"""The rows of tables of data that hold nothing but cells, blocks and plain parts of lines."""

from __future__ import annotations

from typing import Final

import numpy as np

from models.kernels.arrays import Int32Array, UInt32Array
from models.kernels.compile import kernel
from models.main_content.reading.page_elements import CLOSE, END, OPEN, TAG, PageElements
from models.main_content.reading.roles import IS_HIDDEN, NOTHING
from models.main_content.reading.runs import Run
from models.main_content.reading.tables import CELL
from models.main_content.reading.words import (
    IS_BREAK,
    IS_INLINE,
    IS_PLAIN,
    IS_SKIPPED,
    IS_STRONG,
    NUMBER,
)

_TD, _TH, _A, _TEMPLATE = (NUMBER[name] for name in ("td", "th", "a", "template"))
_PLAIN: Final = IS_INLINE | IS_PLAIN
_NOT_PLAIN: Final = -1


def read_plain_row(
    page: PageElements, bits: UInt32Array, instead: Int32Array, row: int, run: Run
) -> bool:
    """Add the text of a row to a run as ``lines.read_lines`` does; False, and nothing, for others.

    Of a plain row all text counts, and only the edges of its cells and blocks have to be found: it
    takes a tenth of the time.
    """
    size = int(page.tags[row, END]) - row
    edges = np.empty((2 * size, 2), np.int32)  # a block begins and ends
    marked = np.empty(size, np.int32)
    edge_count, marked_count = _find_edges(page.tags, bits, instead, row, edges, marked)
    if edge_count == _NOT_PLAIN:
        return False
    start, end = page.tags[row, [OPEN, CLOSE]].tolist()
    text, at = page.string(start, end), 0
    for place, is_cell in sorted(edges[:edge_count].tolist()):
        run.pieces += (text[at : place - start], CELL if is_cell else " ")
        at = place - start
    if at < len(text):
        run.pieces.append(text[at:])
    for element in marked[:marked_count].tolist():
        chars = len(page.string_of(element).strip())
        if page.tags[element, TAG] == _A:
            run.link_chars += chars
            run.links += 1
        else:
            run.strong_chars += chars
    return True


@kernel()
def _find_edges(
    tags: Int32Array,
    bits: UInt32Array,
    instead: Int32Array,
    row: int,
    edges: Int32Array,
    marked: Int32Array,
) -> tuple[int, int]:
    """Where cells begin (1) and blocks and lines begin or end (0), and the links and strong parts.

    How many of both there are, or that the row is not plain.
    """
    count = marked_count = 0
    for element in range(row + 1, tags[row, END]):
        own, tag = bits[element], tags[element, TAG]
        if instead[element] != NOTHING or own & (IS_HIDDEN | IS_SKIPPED) or tag == _TEMPLATE:
            return _NOT_PLAIN, 0
        if own & IS_INLINE == 0:
            is_cell = tag in (_TD, _TH)
            edges[count, 0], edges[count, 1] = tags[element, OPEN], is_cell
            count += 1
            if not (is_cell or own & IS_BREAK):
                edges[count, 0], edges[count, 1] = tags[element, CLOSE], 0
                count += 1
        elif own & ~IS_STRONG != _PLAIN:
            return _NOT_PLAIN, 0
        elif tag == _A or own & IS_STRONG:
            if tags[element, END] > element + 1:
                return _NOT_PLAIN, 0
            marked[marked_count] = element
            marked_count += 1
    return count, marked_count
