"""The rows of tables of data that hold nothing but cells and plain parts of lines: nearly all."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from models.kernels.arrays import Int32Array, UInt32Array
from models.kernels.compile import kernel
from models.main_content.reading.page_elements import CLOSE, END, OPEN, TAG, PageElements
from models.main_content.reading.roles import IS_HIDDEN, NOTHING
from models.main_content.reading.runs import Run
from models.main_content.reading.tables import CELL
from models.main_content.reading.words import IS_INLINE, IS_PLAIN, IS_STRONG, NUMBER

_TD, _TH, _A = (NUMBER[name] for name in ("td", "th", "a"))
_PLAIN: Final = IS_INLINE | IS_PLAIN
_NOT_PLAIN: Final = -1


def read_plain_row(
    page: PageElements, bits: UInt32Array, instead: Int32Array, row: int, run: Run
) -> bool:
    """Add the text of a row to a run as ``lines.read_lines`` does; False, and nothing, for others.

    Tens of times faster: of a plain row all text counts, and only its cells have to be told apart.
    """
    size = int(page.tags[row, END]) - row
    cells, marked = np.empty((2, size), np.int32)
    cell_count, marked_count = _find_cells(page.tags, bits, instead, row, cells, marked)
    if cell_count == _NOT_PLAIN:
        return False
    opens = page.tags[cells[:cell_count], OPEN].tolist()
    start = int(page.tags[row, OPEN])
    text = page.string(start, int(page.tags[row, CLOSE]))
    ends = [start, *opens, start + len(text)]
    parts = [text[one - start : other - start] for one, other in pairwise(ends)]
    run.pieces.append(CELL.join(parts))
    for element in marked[:marked_count].tolist():
        chars = len(page.string_of(element).strip())
        if page.tags[element, TAG] == _A:
            run.link_chars += chars
            run.links += 1
        else:
            run.strong_chars += chars
    return True


@kernel()
def _find_cells(
    tags: Int32Array,
    bits: UInt32Array,
    instead: Int32Array,
    row: int,
    cells: Int32Array,
    marked: Int32Array,
) -> tuple[int, int]:
    """The cells of a row, and its links and strong parts; how many, or that it is not plain."""
    count = marked_count = 0
    for element in range(row + 1, tags[row, END]):
        own, tag = bits[element], tags[element, TAG]
        if instead[element] != NOTHING or own & IS_HIDDEN:
            return _NOT_PLAIN, 0
        if tag in (_TD, _TH):
            cells[count] = element
            count += 1
        elif own & ~IS_STRONG != _PLAIN:
            return _NOT_PLAIN, 0
        elif tag == _A or own & IS_STRONG:
            if tags[element, END] > element + 1:
                return _NOT_PLAIN, 0
            marked[marked_count] = element
            marked_count += 1
    return count, marked_count
