"""Which earlier documents are near enough to some document of a batch to be its twin.

A delivery is small beside what came before it. Its vectors go to where those of earlier documents
are read, and what is near to none of them is not even given to Spark. Products in float32 decide
with the same slack by which they only propose elsewhere: no twin is missed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from stages.semantic_dedup.centroids import CELL, CLUSTER, read_centroids
from stages.semantic_dedup.cosine_pairs import SLACK, TILE, Vectors
from stages.semantic_dedup.kmeans import Numbers, nearest_centroids, vectors_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

MAX_BYTES = 128 << 20
"""Keys of a batch, as they lie on disk, up to which every worker holds its vectors."""


@dataclass(frozen=True)
class Clusters:
    """All clusters of a table of centroids: 2 KB each at 512 dimensions, 100 MB for 50,000."""

    cells: Vectors
    centroids: Vectors
    offered: Mapping[int, Numbers]
    """The numbers of the clusters that are near to a cell."""

    @classmethod
    def of(cls, table: DataFrame | None) -> Self:
        """The clusters of a table that serves, or the one cluster of none."""
        if table is None:
            nothing = np.zeros((0, 0), np.float32)
            return cls(nothing, nothing, {})
        cells = read_centroids(table.where(f"level = {CELL}"))
        found = table.where(f"level = {CLUSTER}").toArrow()
        found = found.sort_by([("cluster", "ascending"), ("cell", "ascending")])
        lists = found["near_cells"].combine_chunks()
        owners = np.repeat(np.arange(len(lists)), pc.list_value_length(lists).to_numpy())
        near = lists.flatten().to_numpy()
        offered = {cell: owners[near == cell].astype(np.int32) for cell in np.unique(near).tolist()}
        return cls(cells, vectors_of(found["centroid"]), offered)

    def nearest(self, rows: Vectors) -> Numbers:
        """A number for the cluster of each row: equal ones where `assign` gives equal clusters."""
        if not len(rows):  # they have no columns either
            return np.zeros(0, np.int32)
        if not len(self.cells):
            return nearest_centroids(rows, self.centroids)
        cells = nearest_centroids(rows, self.cells)
        numbers = -1 - cells  # a cell that no cluster is near to is a cluster itself
        for cell in np.unique(cells).tolist():
            if cell in self.offered:
                offered, some = self.offered[cell], cells == cell
                numbers[some] = offered[nearest_centroids(rows[some], self.centroids[offered])]
        return numbers


@dataclass(frozen=True)
class NearVectors:
    """What is within ``least``, a cosine, of some vector of a batch in its cluster."""

    clusters: Clusters
    vectors: Mapping[int, Vectors]
    """Those of the batch, by the number of their cluster."""
    least: float

    @classmethod
    def of(cls, clusters: Clusters, vectors: Vectors, least: float) -> Self:
        """What is near to these vectors of a batch."""
        numbers = clusters.nearest(vectors)
        found = {number: vectors[numbers == number] for number in np.unique(numbers).tolist()}
        return cls(clusters, found, least)

    def narrow(self, state: pa.RecordBatch) -> pa.RecordBatch:
        """The rows of state whose ``embedding`` is near to one."""
        rows = vectors_of(state.column("embedding"))
        numbers = self.clusters.nearest(rows)
        near = np.zeros(len(rows), np.bool_)
        for number in np.unique(numbers).tolist():
            if number in self.vectors:
                some = np.flatnonzero(numbers == number)
                near[some] = _near_to_any(rows[some], self.vectors[number], self.least - SLACK)
        return state.filter(pa.array(near))


def _near_to_any(rows: Vectors, others: Vectors, least: float) -> npt.NDArray[np.bool_]:
    """Which rows have a product of at least ``least`` with some other, in tiles."""
    near = np.zeros(len(rows), np.bool_)
    for first in range(0, len(rows), TILE):
        tile = slice(first, first + TILE)
        for start in range(0, len(others), TILE):
            products = rows[tile] @ others[start : start + TILE].T
            near[tile] |= products.max(axis=1) >= least
    return near
