"""KMeans on one thread: centroids of a sample, and the nearest centroid of each vector."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from models.kernels.compile import kernel
from stages.semantic_dedup.cosine_pairs import SLACK, Vectors, cosine

ROUNDS = 20

Numbers = npt.NDArray[np.int32]


def train(sample: Vectors, clusters: int, seed: int) -> Vectors:
    """Unit centroids of ``clusters`` clusters, of fewer where the sample has fewer vectors.

    The order of the sample counts: sort it first. The last bits hang on the processor too, whose
    matrix products faiss uses: who needs the same clusters again keeps the centroids.
    """
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
            max_points_per_centroid=len(sample),
        )
        kmeans.train(sample)
    finally:
        faiss.omp_set_num_threads(threads)
    return np.ascontiguousarray(kmeans.centroids, np.float32)


def nearest_centroids(rows: Vectors, centroids: Vectors) -> Numbers:
    """The number of the nearest centroid of each row, 0 where there are none."""
    nearest = np.zeros(len(rows), np.int32)
    if len(centroids):
        _settle(rows @ centroids.T, rows, centroids, SLACK, nearest)
    return nearest


@kernel()
def _settle(
    products: Vectors, rows: Vectors, centroids: Vectors, slack: float, nearest: Numbers
) -> None:
    """The centroid of largest cosine, the first of equals, decided in float64 where it is close."""
    for row in range(products.shape[0]):
        most = products[row, 0]
        for column in range(1, products.shape[1]):
            most = max(most, products[row, column])
        floor = most - slack
        best = -2.0
        for column in range(products.shape[1]):
            if products[row, column] >= floor:
                exact = cosine(rows[row], centroids[column])
                if exact > best:
                    best = exact
                    nearest[row] = column


def vectors_of(column: pa.ChunkedArray | pa.Array) -> Vectors:
    """A column of float lists of one length as a matrix; without rows it has no columns either."""
    if not len(column):
        return np.zeros((0, 0), np.float32)
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    flat = array.flatten().to_numpy(zero_copy_only=False)
    return np.ascontiguousarray(flat.reshape(len(array), -1), np.float32)
