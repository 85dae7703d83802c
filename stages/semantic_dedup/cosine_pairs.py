"""The best duplicate of each vector among better ones, in tiles of bounded size.

Vectors stand in order of preference, the best first; ``ranks`` give that order across blocks. For
each row of a block the kernel finds the best-ranked row of another (or the same) block that ranks
before it and whose cosine reaches the threshold.

Matrix products in float32 only propose: their last bits depend on the shape of the tile and on the
library. What they propose within ``SLACK`` of the threshold is decided by ``cosine``, which adds in
one fixed order in float64, so no decision depends on how vectors fell into blocks.

Two documents of different languages have a threshold of their own: a translation is less like its
original than a copy is.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.kernels.compile import kernel

Vectors = npt.NDArray[np.float32]
Ranks = npt.NDArray[np.int64]
Cosines = npt.NDArray[np.float64]

Languages = npt.NDArray[np.int32]
"""A number for each language; 0 where it is not known, which differs from none."""

TILE = 512  # 512 x 512 products of float32 stay in a core's cache while they are scanned
SLACK = 1e-3  # float32 dot products of unit vectors err by less than 1e-4 at 4,096 dimensions


class Side(NamedTuple):
    """Some vectors in order of preference, with the ranks and the languages of their documents."""

    vectors: Vectors
    ranks: Ranks
    languages: Languages

    def rows(self, which: slice | npt.NDArray[np.bool_]) -> Side:
        """Some of them."""
        return Side(self.vectors[which], self.ranks[which], self.languages[which])


class Thresholds(NamedTuple):
    """The least cosine of twins in one language, and of twins in two; above 1 there are none."""

    same_language: float
    two_languages: float


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
    rows: Side,
    pool: Side,
    thresholds: Thresholds,
    found: tuple[Ranks, Cosines],
    first: int,
) -> None:
    """Take the first acceptable column of each row that has none yet; columns are best first."""
    twins, cosines = found
    for row in range(products.shape[0]):
        if twins[row] >= 0:
            continue
        language = rows.languages[row]
        for column in range(products.shape[1]):
            if pool.ranks[column] >= rows.ranks[row]:
                break
            threshold = thresholds.same_language
            other = pool.languages[column]
            if language != other and language > 0 and other > 0:
                threshold = thresholds.two_languages
            if products[row, column] >= threshold - SLACK:
                exact = cosine(rows.vectors[row], pool.vectors[column])
                if exact >= threshold:
                    twins[row] = first + column
                    cosines[row] = exact
                    break


def best_twins(rows: Side, pool: Side, thresholds: Thresholds) -> tuple[Ranks, Cosines]:
    """For each row, the place in ``pool`` of its best twin (-1: none) and their cosine.

    Both sides are sorted by rank, ascending; the same row may stand on both sides. Memory beyond
    the inputs is one tile of products.
    """
    twins = np.full(len(rows.ranks), -1, np.int64)
    cosines = np.zeros(len(rows.ranks), np.float64)
    for start in range(0, len(rows.ranks), TILE):
        tile = slice(start, start + TILE)
        asked = rows.rows(tile)
        for first in range(0, len(pool.ranks), TILE):
            unfinished = asked.ranks[twins[tile] < 0]
            if not len(unfinished) or pool.ranks[first] >= unfinished[-1]:
                break
            other = pool.rows(slice(first, first + TILE))
            products = asked.vectors @ other.vectors.T
            _scan(products, asked, other, thresholds, (twins[tile], cosines[tile]), first)
    return twins, cosines
