"""The centroids of a corpus: two levels of KMeans, each in Spark tasks of bounded memory.

One KMeans of K clusters compares some 256 K sampled vectors with K centroids, and holds them all in
one place. So about sqrt(K) *cells* are trained first, from a smaller sample, and then the clusters
of each cell, from the sampled vectors that are nearest to it: the cost falls from K^2 to K^1.5, and
spreads over sqrt(K) tasks. No task holds more than ``MAX_SAMPLE`` vectors, the driver no more than
the centroids of the cells. Up to ``ONE_CELL`` clusters there is one cell, and one KMeans.

A border between cells must not part documents that one KMeans would leave together: a document is
compared with the clusters of its cell, and with those of others that lie near to it. So each
cluster has a list of ``NEAR_CELLS`` cells whose documents it is offered to.

Who is in a sample is a draw of the lottery, a task receives a cell and nothing else, and puts it in
one order: the centroids do not depend on partitions, nor on the order in which rows arrive.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from stages.lottery import highest_of
from stages.semantic_dedup.cosine_pairs import Vectors
from stages.semantic_dedup.kmeans import Numbers, nearest_centroids, train, vectors_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

SAMPLE_PER_CLUSTER = 256  # what faiss itself takes at most; below 39 it warns
MAX_SAMPLE = 262_144  # of one cell: 1 GiB at 1,024 dimensions
NEAR_CELLS = 8  # finds nearly all pairs that a comparison with every cluster finds: decision 15
ONE_CELL = 64  # clusters: 16,384 vectors of 1,024 dimensions are trained in some seconds

CELL, CLUSTER = 0, 1
"""The levels of centroids."""

CENTROIDS: Mapping[str, pa.DataType] = {
    "level": pa.int8(),
    "cell": pa.int32(),
    "cluster": pa.int32(),  # counted from 0 in each cell; null for the centroid of a cell
    "near_cells": pa.list_(pa.int32()),  # its own first; null for the centroid of a cell
    "centroid": pa.list_(pa.float32()),
}
"""A row for each centroid; of a single cell only the clusters have some."""

DDL = "level byte, cell int, cluster int, near_cells array<int>, centroid array<float>"


def cluster_count(documents: int, documents_per_cluster: int) -> int:
    """How many clusters a corpus of this size gets.

    >>> cluster_count(5_000, 20_000), cluster_count(1_000_000, 20_000)
    (1, 50)
    """
    return max(1, math.ceil(documents / documents_per_cluster))


def fit_centroids(vectors: DataFrame, documents: int, clusters: int, seed: int) -> DataFrame:
    """The table ``CENTROIDS`` of about ``clusters`` clusters.

    ``vectors`` (doc_id, lot, embedding) are about ``documents`` rows.
    """
    from pyspark import StorageLevel
    from pyspark.sql import functions as sf

    wanted = min(clusters * SAMPLE_PER_CLUSTER, documents)
    sample = _draw_sample(vectors, wanted / documents)
    if clusters <= ONE_CELL:
        return train_cells(sample.withColumn("cell", sf.lit(0)), None, wanted / clusters, seed)
    sample = sample.persist(StorageLevel.DISK_ONLY)
    cells = _train_cell_centroids(sample, documents, round(math.sqrt(clusters)), seed)
    placed = append_nearest(sample, cells, "cell")
    rows = [(CELL, number, None, None, row.tolist()) for number, row in enumerate(cells)]
    return vectors.sparkSession.createDataFrame(rows, DDL).unionByName(
        train_cells(placed, cells, wanted / clusters, seed)
    )


def _train_cell_centroids(sample: DataFrame, documents: int, cells: int, seed: int) -> Vectors:
    """The centroids of the cells: the clusters of the whole corpus as one cell."""
    from pyspark.sql import functions as sf

    wanted = min(cells * SAMPLE_PER_CLUSTER, documents, MAX_SAMPLE)
    some = _draw_sample(sample, wanted / documents).withColumn("cell", sf.lit(0))
    return read_centroids(train_cells(some, None, wanted / cells, seed))


def _draw_sample(vectors: DataFrame, share: float) -> DataFrame:
    """About this share of the documents, by the lowest lots: a smaller share is part of it."""
    from pyspark.sql import functions as sf

    return vectors.where(sf.col("lot") <= highest_of(share)).select("doc_id", "lot", "embedding")


def read_centroids(table: DataFrame) -> Vectors:
    """Some rows of a table of centroids as a matrix, in the order of cells and clusters."""
    found = table.select("cell", "cluster", "centroid").toArrow()
    return vectors_of(found.sort_by([("cell", "ascending"), ("cluster", "ascending")])["centroid"])


def append_nearest(vectors: DataFrame, centroids: Vectors, name: str) -> DataFrame:
    """The frame with a column ``name`` (int): the number of each embedding's nearest centroid.

    Each task holds the centroids and a batch.
    """
    ddl = ", ".join(f"{column} {kind}" for column, kind in [*vectors.dtypes, (name, "int")])
    return vectors.mapInArrow(partial(_append_nearest, centroids=centroids, name=name), ddl)


def _append_nearest(
    batches: Iterable[pa.RecordBatch], centroids: Vectors, name: str
) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        if batch.num_rows:
            numbers = nearest_centroids(vectors_of(batch.column("embedding")), centroids)
            yield batch.append_column(name, pa.array(numbers, pa.int32()))


def train_cells(
    sample: DataFrame, cells: Vectors | None, per_cluster: float, seed: int
) -> DataFrame:
    """The clusters of each cell, one for every ``per_cluster`` vectors that the sample has of it.

    ``sample`` has (cell, lot, doc_id, embedding); ``cells`` are the centroids of the cells, None
    where all is cell 0. A task a cell.
    """
    placed = sample.repartitionById(1 if cells is None else len(cells), "cell")
    ordered = placed.sortWithinPartitions("lot", "doc_id", "embedding")
    work = partial(_train_cell, cells=cells, per_cluster=per_cluster, seed=seed)
    return ordered.mapInArrow(work, DDL)


def _train_cell(
    batches: Iterable[pa.RecordBatch], cells: Vectors | None, per_cluster: float, seed: int
) -> Iterator[pa.RecordBatch]:
    sample, rows, cell = np.zeros((0, 0), np.float32), 0, 0
    for batch in batches:
        if not batch.num_rows:
            continue
        vectors = vectors_of(batch.column("embedding"))
        if not rows:
            # Memory is taken as it is filled.
            sample = np.empty((MAX_SAMPLE, vectors.shape[1]), np.float32)
            cell = batch.column("cell")[0].as_py()
        vacant = sample[rows : rows + len(vectors)]
        vacant[:] = vectors[: len(vacant)]
        rows += len(vectors)
    if rows:
        centroids = train(sample[:rows], max(1, round(rows / per_cluster)), seed)
        yield _clusters(cell, centroids, nearest_cells(centroids, cell, cells))


def nearest_cells(centroids: Vectors, cell: int, cells: Vectors | None) -> Numbers:
    """The cells whose documents each cluster of a cell is offered to: that one, then the nearest.

    One product of all centroids of the cell: its last bits do not depend on what a task received.
    """
    if cells is None:
        return np.full((len(centroids), 1), cell, np.int32)
    products = centroids @ cells.T
    products[:, cell] = np.inf
    return np.argsort(-products, axis=1, kind="stable")[:, :NEAR_CELLS].astype(np.int32)


def _clusters(cell: int, centroids: Vectors, near_cells: Numbers) -> pa.RecordBatch:
    count = len(centroids)
    return pa.RecordBatch.from_pydict(
        {
            "level": pa.array(np.full(count, CLUSTER), pa.int8()),
            "cell": pa.array(np.full(count, cell), pa.int32()),
            "cluster": pa.array(np.arange(count), pa.int32()),
            "near_cells": _lists_of(near_cells),
            "centroid": _lists_of(centroids),
        }
    )


def _lists_of(matrix: Vectors | Numbers) -> pa.ListArray:
    rows, columns = matrix.shape
    offsets = np.arange(0, rows * columns + 1, columns, dtype=np.int32)
    return pa.ListArray.from_arrays(offsets, matrix.ravel())
