"""Sums and means over neighbouring blocks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.kernels.arrays import Float64Array, Int64Array
from models.kernels.compile import kernel


def running_sums(values: Float64Array) -> Float64Array:
    """The sums of the values before each place, and of all.

    >>> running_sums(np.array([1.0, 2.0])).tolist()
    [0.0, 1.0, 3.0]
    """
    return np.concatenate([[0.0], np.cumsum(values)])


def mean_around(values: Float64Array, weight: Float64Array, reaches: Sequence[int]) -> Float64Array:
    """The weighted means of the values up to so many places away on both sides, a row each.

    >>> mean_around(np.array([1.0, 2.0, 6.0]), np.ones(3), (0, 1)).tolist()
    [[1.0, 2.0, 6.0], [1.5, 3.0, 4.0]]
    """
    found = np.empty((len(reaches), len(values)))
    sums, weights = running_sums(values * weight), running_sums(weight)
    _mean_around(sums, weights, np.array(reaches), found)
    return found


@kernel()
def _mean_around(
    sums: Float64Array, weights: Float64Array, reaches: Int64Array, found: Float64Array
) -> None:
    count = found.shape[1]
    for number in range(len(reaches)):
        reach = reaches[number]
        for place in range(count):
            low, high = max(0, place - reach), min(count, place + reach + 1)
            found[number, place] = (sums[high] - sums[low]) / (weights[high] - weights[low])
