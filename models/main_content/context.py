"""What the first guess at the other blocks says about a block: features of the second guess."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from models.main_content.features import Matrix, Vector, shift

REACHES = (1, 2, 4, 10, 30)
OFFSETS = (-3, -2, -1, 1, 2, 3)


def compute_context(guess: Vector, words: Vector, node: npt.NDArray[np.int64]) -> Matrix:
    """The first guesses around each block, in its element and in the page, weighted by words."""
    weight = words + 1.0
    sums = np.concatenate([[0.0], np.cumsum(guess * weight)])
    weights = np.concatenate([[0.0], np.cumsum(weight)])
    count = len(guess)
    columns = []
    for reach in REACHES:
        low = np.maximum(0, np.arange(count) - reach)
        high = np.minimum(count, np.arange(count) + reach + 1)
        columns.append((sums[high] - sums[low]) / (weights[high] - weights[low]))
    columns += [shift(guess, offset) for offset in OFFSETS]
    columns += [
        np.full(count, sums[-1] / weights[-1]),
        np.full(count, np.log1p(sums[-1])),
        guess,
        np.maximum.accumulate(guess),
        np.maximum.accumulate(guess[::-1])[::-1],
        sums[:-1] / (sums[-1] + 1e-6),
    ]
    by_node = np.bincount(node, guess * weight) / np.maximum(np.bincount(node, weight), 1e-6)
    return np.column_stack([*columns, by_node[node]]).astype(np.float32)


def choose(probability: Vector, words: Vector) -> npt.NDArray[np.bool_]:
    """The blocks whose text is expected to have the best F1 with the main text of the page.

    With p_i the share of block i that is main text and w_i its words, taking the k likeliest
    blocks has an expected F1 of about 2 sum_k(p w) / (sum_k(w) + sum(p w)); the best k is taken.

    >>> choose(np.array([0.9, 0.1, 0.8]), np.array([50.0, 50.0, 50.0])).tolist()
    [True, False, True]
    """
    weight = np.maximum(words, 0.2)
    order = np.argsort(-probability, kind="stable")
    expected = (probability * weight)[order]
    scores = 2 * np.cumsum(expected) / (np.cumsum(weight[order]) + expected.sum() + 1e-9)
    chosen = np.zeros(len(probability), np.bool_)
    chosen[order[: int(scores.argmax()) + 1]] = True
    return chosen
