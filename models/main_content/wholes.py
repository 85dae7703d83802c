"""Tables, code and formulas are taken whole, or not: the trees judge a row or a line by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from models.kernels.arrays import BoolArray, Int64Array
from models.main_content.ancestors import find_outermost, stands_in
from models.main_content.layout import Vector
from models.main_content.reading.blocks import Block, Blocks
from models.main_content.reading.nodes import Nodes

MIN_SHARE = 0.5
MAX_LEVELS = 3
"""How far above a whole the element that text around it stands in may be: figures, sections."""
MAX_CODE_LEVELS = 9
"""The same for code: highlighters put ``pre`` into a cell beside line numbers, all in a figure, and
hosts put that into boxes in boxes."""

MAX_LABELS = 80
"""Characters that are not chosen between text and a table or code: a caption, "10 entries", "Copy".
With room before lists authors of posts and prices become text."""

_DOLLAR = ord("$")
MIN_FORMULA = 2
"""Characters: the dollars around it."""

Chosen = BoolArray


def keep_whole(chosen: Chosen, words: Vector, blocks: Blocks, nodes: Nodes) -> Chosen:
    """The choice, with each table of data, definition list, piece of code and formula as one.

    One is taken if half of its words are chosen, or if blocks before and after it are and stand
    beside it: it is in the middle of the text then. Between them and a table, code or a formula
    may be buttons and labels. Code needs text before it only: an article may end with it, and
    nothing but text has it. So does a table without links in an element of the text.
    """
    has_list = "dl" in nodes.tags
    is_formula = _are_formulas(blocks)
    is_whole = blocks.is_written | is_formula
    if not has_list and not is_whole.any():
        return chosen
    lists = find_outermost("dl", nodes.tag, nodes) if has_list else None
    element = _find_wholes(blocks, nodes, lists)
    is_alone = is_formula & (element < 0)
    element[is_alone] = blocks.node[is_alone]
    result, sizes = chosen.copy(), blocks.sizes.tolist()
    bounds = [0, *(1 + np.flatnonzero(np.diff(element))).tolist(), len(blocks)]
    for start, end in pairwise(bounds):
        if element[start] < 0:
            continue
        room = MAX_LABELS if is_whole[start] else 0
        part = chosen[start:end] @ words[start:end]
        if part >= MIN_SHARE * words[start:end].sum():
            result[start:end] = True
        elif (before := _find_chosen(result, sizes, room, range(start - 1, -1, -1))) is not None:
            behind = _find_chosen(result, sizes, room, range(end, len(blocks)))
            held = range(start, end)
            result[start:end] = _is_of_text(
                held, int(element[start]), before, behind, blocks, nodes
            )
    return result


def _is_of_text(
    held: range, whole: int, before: int, behind: int | None, blocks: Blocks, nodes: Nodes
) -> bool:
    """Whether the text around the blocks of a whole, or that before them, stands beside it."""
    is_code = _is_code(blocks[held.start])
    if is_code or _may_end_text(held, before, blocks, nodes):
        around = [before]
    elif behind is None:
        return False
    else:
        around = [before, behind]
    levels = MAX_CODE_LEVELS if is_code else MAX_LEVELS
    return _element_of_both(whole, blocks.node[around].tolist(), nodes, levels) >= 0


def _may_end_text(held: range, before: int, blocks: Blocks, nodes: Nodes) -> bool:
    """Whether blocks are a table of data without links, in an element that the text stands in."""
    is_data = any(blocks.wholes[place].cells for place in held)
    if not is_data or blocks.is_linked[held.start : held.stop].any():
        return False
    table = _table_of(int(blocks.node[held.start]), nodes)
    return _element_of_both(table, [int(blocks.node[before])], nodes, MAX_LEVELS) > 0


def _find_chosen(
    chosen: Chosen, sizes: Sequence[int], room: int, places: Iterable[int]
) -> int | None:
    """The first block in these places that is chosen; None if more stands before it than room."""
    for place in places:
        if chosen[place]:
            return place
        room -= sizes[place]
        if room < 0:
            break
    return None


def _are_formulas(blocks: Blocks) -> Chosen:
    """The blocks that are a formula, from its dollar to its last."""
    first, last = blocks.codes[blocks.starts], blocks.codes[blocks.ends - 1]
    return (first == _DOLLAR) & (last == _DOLLAR) & (blocks.sizes > MIN_FORMULA)


def _is_code(block: Block) -> bool:
    return block.written.endswith("\n")


def _find_wholes(blocks: Blocks, nodes: Nodes, lists: Sequence[int] | None) -> Int64Array:
    """For each block the element of the whole that it is part of, or -1."""
    found = np.array(lists)[blocks.node] if lists else np.full(len(blocks), -1)
    tables = set()
    for block in np.flatnonzero(blocks.is_written).tolist()[::-1]:  # rows before their caption
        place = int(blocks.node[block])
        tag = nodes.tag[place]
        if tag in {"tr", "caption"}:
            table = _table_of(place, nodes)
            if tag == "tr":
                tables.add(table)
            place = table if table in tables else place
        found[block] = place
    return found


def _table_of(place: int, nodes: Nodes) -> int:
    while place > 0 and nodes.tag[place] != "table":
        place = int(nodes.parent[place])
    return place


def _element_of_both(place: int, others: Sequence[int], nodes: Nodes, levels: int) -> int:
    """The first of the next elements above that the others stand in, too; -1 if none is."""
    above = place
    for _ in range(levels):
        above = max(int(nodes.parent[above]), 0)
        if all(stands_in(other, above, nodes) for other in others):
            return above
    return -1
