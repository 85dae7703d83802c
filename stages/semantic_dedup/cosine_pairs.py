"""The best duplicate of each vector among better ones, in tiles of bounded size.

Vectors stand in order of preference, the best first; ``ranks`` give that order across blocks. For
each row of a block the kernel finds the best-ranked row of another (or the same) block that ranks
before it and whose cosine reaches the threshold.

Matrix products in float32 only propose: their last bits depend on the shape of the tile and on the
library. What they propose within ``SLACK`` of the threshold is decided by ``cosine``, which adds in
one fixed order in float64, so no decision depends on how vectors fell into blocks.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from models.kernels.compile import kernel

Vectors = npt.NDArray[np.float32]
Ranks = npt.NDArray[np.int64]
Cosines = npt.NDArray[np.float64]

TILE = 512  # 512 x 512 products of float32 stay in a core's cache while they are scanned
SLACK = 1e-3  # float32 dot products of unit vectors err by less than 1e-4 at 4,096 dimensions


@kernel()
def cosine(left: Vectors, right: Vectors) -> float:
    """The dot product of two float32 unit vectors, added from first to last in float64."""
    total = 0.0
    for place in range(left.shape[0]):
        total += np.float64(left[place]) * np.float64(right[place])
    return total


@kernel()
def _scan(
    products: Vectors,
    rows: Vectors,
    row_ranks: Ranks,
    pool: Vectors,
    pool_ranks: Ranks,
    limits: tuple[float, float, float],
    found: tuple[Ranks, Cosines],
) -> None:
    """Take the first acceptable column of each row that has none yet; columns are best first."""
    threshold, slack, first = limits
    twins, cosines = found
    for row in range(products.shape[0]):
        if twins[row] >= 0:
            continue
        for column in range(products.shape[1]):
            if pool_ranks[column] >= row_ranks[row]:
                break
            if products[row, column] >= threshold - slack:
                exact = cosine(rows[row], pool[column])
                if exact >= threshold:
                    twins[row] = int(first) + column
                    cosines[row] = exact
                    break


def best_twins(
    rows: Vectors, row_ranks: Ranks, pool: Vectors, pool_ranks: Ranks, threshold: float
) -> tuple[Ranks, Cosines]:
    """For each row, the place in ``pool`` of its best twin (-1: none) and their cosine.

    Both sides are sorted by rank, ascending; the same row may stand on both sides. Memory beyond
    the inputs is one tile of products.
    """
    twins = np.full(len(rows), -1, np.int64)
    cosines = np.zeros(len(rows), np.float64)
    for start in range(0, len(rows), TILE):
        tile = slice(start, start + TILE)
        for first in range(0, len(pool), TILE):
            unfinished = row_ranks[tile][twins[tile] < 0]
            if not len(unfinished) or pool_ranks[first] >= unfinished[-1]:
                break
            other = slice(first, first + TILE)
            products = rows[tile] @ pool[other].T
            limits = (threshold, SLACK, float(first))
            found = (twins[tile], cosines[tile])
            _scan(
                products, rows[tile], row_ranks[tile], pool[other], pool_ranks[other], limits, found
            )
    return twins, cosines
