"""KMeans over embeddings: how many clusters, their centroids, and the cluster of each vector.

Centroids are trained by faiss on the driver, on one thread, from a sample that a seeded hash of
``doc_id`` picks and that is put in one order: they depend on the documents and the seed alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from models.kernels.compile import kernel
from stages.semantic_dedup.cosine_pairs import SLACK, Vectors, cosine

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

SAMPLE_PER_CLUSTER = 256  # what faiss itself takes at most; below 39 it warns
MAX_SAMPLE = 262_144  # 1 GiB at 1,024 dimensions on the driver
ROUNDS = 20


def cluster_count(documents: int, documents_per_cluster: int) -> int:
    """How many clusters a corpus of this size gets.

    >>> cluster_count(5_000, 20_000), cluster_count(1_000_000, 20_000)
    (1, 50)
    """
    return max(1, math.ceil(documents / documents_per_cluster))


def train(sample: Vectors, clusters: int, seed: int) -> Vectors:
    """Unit centroids of ``clusters`` clusters. The order of the sample counts: sort it first."""
    import faiss

    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        kmeans = faiss.Kmeans(
            sample.shape[1],
            min(clusters, len(sample)),
            niter=ROUNDS,
            seed=seed,
            spherical=True,
            min_points_per_centroid=1,
            max_points_per_centroid=MAX_SAMPLE,
        )
        kmeans.train(sample)
    finally:
        faiss.omp_set_num_threads(threads)
    return np.ascontiguousarray(kmeans.centroids, np.float32)


@kernel()
def _settle(products: Any, rows: Any, centroids: Any, slack: float, nearest: Any) -> None:
    """The centroid of largest cosine, the first of equals, decided in float64 where it is close."""
    for row in range(products.shape[0]):
        floor = products[row].max() - slack
        best = -2.0
        for column in range(products.shape[1]):
            if products[row, column] >= floor:
                exact = cosine(rows[row], centroids[column])
                if exact > best:
                    best = exact
                    nearest[row] = column


def nearest_centroids(rows: Vectors, centroids: Vectors) -> npt.NDArray[np.int32]:
    """The number of the nearest centroid of each row."""
    nearest = np.zeros(len(rows), np.int32)
    _settle(rows @ centroids.T, rows, centroids, SLACK, nearest)
    return nearest


def vectors_of(column: pa.ChunkedArray | pa.Array) -> Vectors:
    """A column of float lists of one length as a matrix; without rows it has no columns either."""
    if not len(column):
        return np.zeros((0, 0), np.float32)
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    flat = array.flatten().to_numpy(zero_copy_only=False)
    return np.ascontiguousarray(flat.reshape(len(array), -1), np.float32)


def _assign(batches: Iterable[pa.RecordBatch], centroids: Vectors) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        if batch.num_rows:
            numbers = nearest_centroids(vectors_of(batch.column("embedding")), centroids)
            yield batch.append_column("cluster", pa.array(numbers, pa.int32()))


def assign(vectors: DataFrame, centroids: Vectors) -> DataFrame:
    """The frame with a column ``cluster`` (int): the nearest centroid of its ``embedding``."""
    from pyspark.sql import functions as sf

    if len(centroids) <= 1:
        return vectors.withColumn("cluster", sf.lit(0))
    ddl = ", ".join(f"{name} {kind}" for name, kind in vectors.dtypes)
    return vectors.mapInArrow(partial(_assign, centroids=centroids), f"{ddl}, cluster int")


def draw_sample(vectors: DataFrame, documents: int, clusters: int, seed: int) -> Vectors:
    """About 256 vectors per cluster by a seeded hash of ``doc_id``, in the order of that hash."""
    from pyspark.sql import functions as sf

    share = min(1.0, min(clusters * SAMPLE_PER_CLUSTER, MAX_SAMPLE) / max(documents, 1))
    draw = sf.shiftrightunsigned(sf.xxhash64(sf.lit(seed), sf.col("doc_id")), 11)
    drawn = vectors.select(draw.alias("draw"), "doc_id", "embedding")
    table = drawn.where(sf.col("draw") <= int(share * (1 << 53))).toArrow()
    rows = vectors_of(table["embedding"])
    return rows[_order(table["draw"].to_pylist(), table["doc_id"].to_pylist(), rows)]


def _order(draws: list[int], names: list[str], rows: Vectors) -> npt.NDArray[np.intp]:
    """Sorted by draw, then name; vectors of one name (captured twice) by their bytes."""
    content = [row.tobytes() for row in rows]
    return np.array(
        sorted(range(len(rows)), key=lambda n: (draws[n], names[n], content[n])), np.intp
    )
