"""What the first guess at the other blocks says about a block: features of the second guess."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from models.kernels.compile import kernel
from models.main_content.features import Matrix
from models.main_content.layout import Layout, Numbers, Vector, number_pairs, sum_subtrees

Rows = npt.NDArray[np.float64]

REACHES = (1, 2, 4, 10, 30)
OFFSETS = (-3, -2, -1, 1, 2, 3)
LEVELS = 5
NEARBY = len(REACHES) + len(OFFSETS) + 4


def compute_context(guess: Vector, layout: Layout) -> Matrix:
    """The first guesses around each block, weighted by words: nearby, above, in like elements.

    The columns lie in memory one after the other.
    """
    weight, node = layout.words + 1.0, layout.node
    nearby = np.empty((NEARBY, len(guess)), np.float32)
    _find_nearby(guess, _sums(guess * weight), _sums(weight), nearby)
    own = np.column_stack([guess * weight, weight])
    held = sum_subtrees(layout.parent, node, own)
    above = np.empty((2 * LEVELS, len(guess)), np.float32)
    _find_above(held, layout.parent, node, above)
    others = [*_alike(guess, weight, layout), *_in_page(guess, weight)]
    own_mean = _mean(node, guess, weight)
    parts = [nearby, own_mean[None].astype(np.float32), above, np.stack(others).astype(np.float32)]
    return np.concatenate(parts).T


def _sums(values: Vector) -> Vector:
    return np.concatenate([[0.0], np.cumsum(values)])


@kernel()
def _find_nearby(guess: Vector, sums: Vector, weights: Vector, found: Matrix) -> None:
    """Means around the block, the neighbours, the best before and after, the share before."""
    count, reaches, offsets = len(guess), len(REACHES), len(OFFSETS)
    for number in range(reaches):
        reach = REACHES[number]
        for block in range(count):
            low, high = max(0, block - reach), min(count, block + reach + 1)
            found[number, block] = (sums[high] - sums[low]) / (weights[high] - weights[low])
    for number in range(offsets):
        offset = OFFSETS[number]
        for block in range(count):
            is_there = 0 <= block + offset < count
            found[reaches + number, block] = guess[block + offset] if is_there else -1.0
    own, before, after, share = range(reaches + offsets, NEARBY)
    best = guess[0]
    for block in range(count):
        best = max(best, guess[block])
        found[own, block], found[before, block] = guess[block], best
        found[share, block] = sums[block] / (sums[count] + 1e-6)
    best = guess[count - 1]
    for block in range(count - 1, -1, -1):
        best = max(best, guess[block])
        found[after, block] = best


@kernel()
def _find_above(held: Rows, parent: Numbers, node: Numbers, found: Matrix) -> None:
    """The mean guess in the next elements above, and their share of the page's."""
    in_page = max(held[0, 0], 1e-6)
    for block in range(len(node)):
        place = node[block]
        for level in range(LEVELS):
            place = max(parent[place], 0)
            found[2 * level, block] = held[place, 0] / max(held[place, 1], 1e-6)
            found[2 * level + 1, block] = held[place, 0] / in_page


def _alike(guess: Vector, weight: Vector, layout: Layout) -> list[Vector]:
    """The mean guess in elements of one kind, and in the same unit, group and kind of it."""
    kind = layout.kind[layout.node]
    parent_kind = layout.kind[np.maximum(layout.parent[layout.node], 0)]
    unit = layout.unit[layout.node]
    has_unit, unit = unit >= 0, np.maximum(unit, 0)
    group = layout.group[unit]
    by_unit = [
        _mean(unit, guess, weight),
        _mean(group, guess, weight),
        _mean(number_pairs(group, kind), guess, weight),
    ]
    return [
        _mean(kind, guess, weight),
        _mean(number_pairs(kind, parent_kind), guess, weight),
        *(np.where(has_unit, column, -1.0) for column in by_unit),
    ]


def _in_page(guess: Vector, weight: Vector) -> list[Vector]:
    """How much of the page looks like main text, how surely, and the block's rank in it."""
    count, total = len(guess), weight.sum()
    likely = guess > 0.5  # noqa: PLR2004 -- more likely than not
    rank = np.empty(count)
    rank[np.argsort(-guess, kind="stable")] = np.arange(count)
    page = (
        guess @ weight / total,
        np.log1p(guess @ weight),
        guess.max(),
        likely.mean(),
        weight[likely].sum() / total,
        (weight * guess) @ (1.0 - guess) / total,
    )
    return [rank / count, *(np.full(count, value) for value in page)]


def _mean(group: Numbers, guess: Vector, weight: Vector) -> Vector:
    """The mean guess of the group that each block is in."""
    held = np.bincount(group, guess * weight) / np.maximum(np.bincount(group, weight), 1e-6)
    return held[group]
