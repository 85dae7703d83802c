"""Four ancestors of each block that matter, in numbers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from models.kernels.compile import inlined, kernel
from models.main_content.layout import (
    HELD_BLOCKS,
    HELD_ENDS,
    HELD_LINKED,
    HELD_PARAGRAPHS,
    HELD_WORDS,
    Layout,
    Numbers,
    Vector,
)

ANCESTORS = (
    (HELD_BLOCKS, 2.0),
    (HELD_BLOCKS, 6.0),
    (HELD_PARAGRAPHS, 0.25),
    (HELD_PARAGRAPHS, 0.6),
)
"""The nearest with 2 and with 6 blocks; those that hold a quarter and 0.6 of the paragraphs."""

WIDTH = 9
_COLUMNS = np.array([column for column, _ in ANCESTORS])
_LEAST = np.array([least for _, least in ANCESTORS])


def describe_containers(layout: Layout) -> npt.NDArray[np.float32]:
    """Nine numbers of each of the four ``ANCESTORS`` of each block, a row for each number."""
    paragraphs = max(layout.held[0, HELD_PARAGRAPHS], 1.0)
    least = np.where(_COLUMNS == HELD_PARAGRAPHS, _LEAST * paragraphs, _LEAST)
    found = np.zeros((len(ANCESTORS) * WIDTH, len(layout.node)), np.float32)
    _describe(layout.parent, layout.depth, layout.node, layout.held, _COLUMNS, least, found.T)
    return found


@kernel()
def _describe(
    parent: Numbers,
    depth: Numbers,
    node: Numbers,
    held: npt.NDArray[np.float64],
    columns: Numbers,
    least: Vector,
    found: npt.NDArray[np.float32],
) -> None:
    for block in range(len(node)):
        for number in range(len(columns)):
            place, levels = node[block], 0
            while place > 0 and held[place, columns[number]] < least[number]:
                place, levels = parent[place], levels + 1
            row = found[block, number * WIDTH : (number + 1) * WIDTH]
            row[0], row[8] = levels, depth[place]
            _describe_one(held[place], held[0, HELD_PARAGRAPHS], row)


@inlined
def _describe_one(held: Vector, all_paragraphs: float, row: npt.NDArray[np.float32]) -> None:
    words = max(held[HELD_WORDS], 1e-9)
    row[1] = np.log1p(words)
    row[2] = held[HELD_LINKED] / words
    row[3] = held[HELD_PARAGRAPHS] / words
    row[4] = held[HELD_ENDS] / words
    row[5] = held[HELD_PARAGRAPHS] / max(all_paragraphs, 1.0)
    row[6] = words / max(held[HELD_BLOCKS], 1.0)
    row[7] = held[HELD_BLOCKS]
