"""Neighbouring files, or pieces of them, in groups that are not too large."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")


def group_neighbours(
    items: Iterable[Item], bytes_of: Callable[[Item], int], max_bytes: int
) -> list[list[Item]]:
    """Items in their order, in groups of up to ``max_bytes``; a larger one is alone in its group.

    >>> group_neighbours([3, 4, 9, 1], int, 8)
    [[3, 4], [9], [1]]
    """
    groups: list[list[Item]] = []
    size = 0
    for item in items:
        if not groups or size + bytes_of(item) > max_bytes:
            groups.append([])
            size = 0
        groups[-1].append(item)
        size += bytes_of(item)
    return groups
