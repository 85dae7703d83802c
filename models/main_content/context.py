"""What the first guess at the other blocks says about a block: features of the second guess."""

from __future__ import annotations

import numpy as np

from models.kernels.arrays import Float64Array
from models.kernels.compile import kernel
from models.main_content.features import Matrix
from models.main_content.layout import Layout, Numbers, Vector, number_pairs, sum_subtrees
from models.main_content.windows import mean_around, running_sums

REACHES = (1, 2, 4, 10, 30)
OFFSETS = (-3, -2, -1, 1, 2, 3)
LEVELS = 5


def compute_context(guess: Vector, layout: Layout) -> Matrix:
    """The first guesses around each block, weighted by words: nearby, above, in like elements.

    The columns lie in memory one after the other.
    """
    weight = layout.words + 1.0
    columns = [
        *mean_around(guess, weight, REACHES),
        *_nearby(guess, weight),
        *_above(guess, weight, layout),
        *_alike(guess, weight, layout),
        *_in_page(guess, weight),
    ]
    return np.stack(columns).astype(np.float32).T


def _nearby(guess: Vector, weight: Vector) -> Float64Array:
    """The neighbours, the block's own, the best before and after, the share before."""
    found = np.full((len(OFFSETS) + 4, len(guess)), -1.0)
    _find_neighbours(guess, found)
    sums = running_sums(guess * weight)
    own = (
        guess,
        np.maximum.accumulate(guess),
        np.maximum.accumulate(guess[::-1])[::-1],
        sums[:-1] / (sums[-1] + 1e-6),
    )
    found[len(OFFSETS) :] = own
    return found


@kernel()
def _find_neighbours(guess: Vector, found: Float64Array) -> None:
    for number in range(len(OFFSETS)):
        for block in range(len(guess)):
            if 0 <= block + OFFSETS[number] < len(guess):
                found[number, block] = guess[block + OFFSETS[number]]


def _above(guess: Vector, weight: Vector, layout: Layout) -> Float64Array:
    """The mean guess in the element and its next ancestors, and their share of the page's."""
    held = sum_subtrees(layout.parent, layout.node, np.column_stack([guess * weight, weight]))
    found = np.empty((1 + 2 * LEVELS, len(guess)))
    found[0] = _mean(layout.node, guess, weight)
    _find_above(held, layout.parent, layout.node, found[1:])
    return found


@kernel()
def _find_above(held: Float64Array, parent: Numbers, node: Numbers, found: Float64Array) -> None:
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
