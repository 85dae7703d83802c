"""How the elements of a page lie: what each holds, and which are the units of a repeated kind.

A thread is a list of posts, a catalogue a list of products: siblings of one kind. A block's *unit*
is the one of its ancestors whose group of siblings of the same kind (three at least) holds most
words; of equal groups, the innermost.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.kernels.compile import kernel
from models.main_content.characters import ENDS, WORDS, Counts
from models.main_content.reading.blocks import Blocks
from models.main_content.reading.nodes import Nodes

Numbers = npt.NDArray[np.int64]
Vector = npt.NDArray[np.float64]

MIN_PARAGRAPH_WORDS = 10.0
MAX_PARAGRAPH_LINKS = 0.4
MIN_REPEATS = 3
HELD = ("words", "linked", "ends", "paragraphs", "blocks")
HELD_WORDS, HELD_LINKED, HELD_ENDS, HELD_PARAGRAPHS, HELD_BLOCKS = range(len(HELD))


@dataclass(frozen=True)
class Layout:
    """Blocks and elements as arrays.

    By block: ``node``, the element it stands in; ``words``; ``links``, the share of its characters
    in links; ``paragraphs``, its words if it looks like one. By element: ``parent``, ``depth``,
    ``kind`` (tag and first class), ``group`` (siblings of one kind), ``unit`` (-1 for none) and
    ``held``, the sums of ``HELD`` over its subtree.
    """

    node: Numbers
    words: Vector
    links: Vector
    paragraphs: Vector
    parent: Numbers
    depth: Numbers
    kind: Numbers
    group: Numbers
    unit: Numbers
    held: npt.NDArray[np.float64]


def lay_out(blocks: Blocks, nodes: Nodes, counts: Counts) -> Layout:
    """The layout of a page with one block at least; ``counts`` are of the blocks' texts."""
    node, parent, depth = blocks.node, nodes.parent, nodes.depth
    words = np.ascontiguousarray(counts[:, WORDS])
    links = blocks.link_chars / blocks.sizes
    paragraphs = words * ((words >= MIN_PARAGRAPH_WORDS) & (links < MAX_PARAGRAPH_LINKS))
    own = np.column_stack([words, words * links, counts[:, ENDS], paragraphs, np.ones(len(node))])
    held = sum_subtrees(parent, node, own)
    kind = nodes.kinds
    group = number_pairs(parent, kind)
    unit = np.full_like(parent, -1)
    group_words = np.bincount(group, held[:, HELD_WORDS]).astype(np.float64)
    _find_units(parent, group, np.bincount(group), group_words, unit)
    return Layout(node, words, links, paragraphs, parent, depth, kind, group, unit, held)


def number_pairs(one: Numbers, other: Numbers) -> Numbers:
    """A number for each distinct pair; numbers are from 0, but ``one`` may be -1 once."""
    return np.unique(one * (other.max() + 1) + other, return_inverse=True)[1]


def sum_subtrees(
    parent: Numbers, node: Numbers, own: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """For each element the sums of its blocks' values and those of the elements below it.

    ``parent`` is in document order; ``node`` says in which element each row of ``own`` stands.

    >>> sum_subtrees(np.array([-1, 0, 1]), np.array([0, 2]), np.array([[1.0], [5.0]])).tolist()
    [[6.0], [5.0], [5.0]]
    """
    held = np.zeros((len(parent), own.shape[1]))
    _sum_subtrees(parent, node, np.ascontiguousarray(own), held)
    return held


@kernel()
def _sum_subtrees(
    parent: Numbers, node: Numbers, own: npt.NDArray[np.float64], held: npt.NDArray[np.float64]
) -> None:
    for block in range(len(node)):
        for column in range(own.shape[1]):
            held[node[block], column] += own[block, column]
    for child in range(len(parent) - 1, 0, -1):
        for column in range(own.shape[1]):
            held[parent[child], column] += held[child, column]


@kernel()
def _find_units(
    parent: Numbers, group: Numbers, size: Numbers, group_words: Vector, unit: Numbers
) -> None:
    for element in range(1, len(parent)):
        own, above = group[element], unit[parent[element]]
        is_unit = size[own] >= MIN_REPEATS and (
            above < 0 or group_words[own] >= group_words[group[above]]
        )
        unit[element] = element if is_unit else above
