"""What elements stand in: they are numbered in document order, a parent before its children."""

from __future__ import annotations

from collections.abc import Sequence

from models.kernels.arrays import BoolArray, Int64Array
from models.kernels.compile import inlined, kernel
from models.main_content.reading.nodes import Nodes


def stands_in(node: int, above: int, nodes: Nodes) -> bool:
    """Whether ``above`` is an element, or one that it stands in."""
    while node > above:
        node = nodes.parent[node]
    return node == above


def find_outermost(name: str, names: Sequence[str], nodes: Nodes) -> list[int]:
    """For each element the outermost of a name, itself included; -1 for none.

    ``names`` has one for each element: their tags, or their kinds.
    """
    found = [-1] * len(names)
    parents = nodes.parent.tolist()
    for node, own in enumerate(names):
        above = found[parents[node]] if node else -1
        found[node] = node if above < 0 and own == name else above
    return found


@inlined
def common_ancestor(one: int, other: int, parent: Int64Array) -> int:
    """The innermost element that two stand in, or are."""
    while one != other:
        if one > other:
            one = parent[one]
        else:
            other = parent[other]
    return one


@kernel()
def spread(parent: Int64Array, marked: BoolArray) -> None:
    """Mark what stands in the elements that are marked."""
    for node in range(1, len(parent)):
        marked[node] |= marked[parent[node]]
