"""What the first guess at the other blocks says about a block: features of the second guess."""

from __future__ import annotations

import numpy as np

from models.main_content.features import Matrix, shift
from models.main_content.layout import Layout, Numbers, Vector, number_pairs, sum_subtrees

REACHES = (1, 2, 4, 10, 30)
OFFSETS = (-3, -2, -1, 1, 2, 3)
LEVELS = 5


def compute_context(guess: Vector, layout: Layout) -> Matrix:
    """The first guesses around each block, weighted by words: nearby, above, in like elements.

    The columns lie in memory one after the other.
    """
    weight = layout.words + 1.0
    columns = [
        *_nearby(guess, weight),
        *_above(guess, weight, layout),
        *_alike(guess, weight, layout),
        *_in_page(guess, weight),
    ]
    return np.stack(columns).astype(np.float32).T


def _nearby(guess: Vector, weight: Vector) -> list[Vector]:
    """Means around the block, the neighbours, the best before and after, the share before."""
    count = len(guess)
    sums = np.concatenate([[0.0], np.cumsum(guess * weight)])
    weights = np.concatenate([[0.0], np.cumsum(weight)])
    columns = []
    for reach in REACHES:
        low = np.maximum(0, np.arange(count) - reach)
        high = np.minimum(count, np.arange(count) + reach + 1)
        columns.append((sums[high] - sums[low]) / (weights[high] - weights[low]))
    columns += [shift(guess, offset) for offset in OFFSETS]
    columns += [
        guess,
        np.maximum.accumulate(guess),
        np.maximum.accumulate(guess[::-1])[::-1],
        sums[:-1] / (sums[-1] + 1e-6),
    ]
    return columns


def _above(guess: Vector, weight: Vector, layout: Layout) -> list[Vector]:
    """The mean guess in the element and its next ancestors, and their share of the page's."""
    own = np.column_stack([guess * weight, weight])
    held = sum_subtrees(layout.parent, layout.node, own)
    mean = held[:, 0] / np.maximum(held[:, 1], 1e-6)
    columns = [_mean(layout.node, guess, weight)]
    place = layout.node
    for _ in range(LEVELS):
        place = np.maximum(layout.parent[place], 0)
        columns += [mean[place], held[place, 0] / max(held[0, 0], 1e-6)]
    return columns


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
