"""One level of KMeans as ten billion documents need it: 707 centroids of 1,024 dimensions.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python -m benchmarks.kmeans

Printed: processor time of one core for finding a vector's nearest centroid, and for a round of
training on a vector, of which faiss does 20 at most; the best of three.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from stages.semantic_dedup import kmeans

CENTROIDS, DIMENSIONS, SAMPLE, BATCH = 707, 1_024, 12_800, 4_096


def least_s(work: Callable[[], object]) -> float:
    """Processor time of one core, the least of three tries."""
    tries = []
    for _ in range(3):
        begin = time.process_time()
        work()
        tries.append(time.process_time() - begin)
    return min(tries)


def main() -> None:
    rows = np.random.default_rng(1).normal(size=(SAMPLE, DIMENSIONS)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    kmeans.ROUNDS = 1
    centroids = kmeans.train(rows[:CENTROIDS], CENTROIDS, seed=1)
    kmeans.nearest_centroids(rows[:8], centroids)
    assigning = least_s(lambda: kmeans.nearest_centroids(rows[:BATCH], centroids)) / BATCH
    training = least_s(lambda: kmeans.train(rows, CENTROIDS, seed=1)) / SAMPLE
    print(f"nearest of {CENTROIDS} centroids: {assigning * 1e6:,.0f} us a vector")
    print(f"a round of training them: {training * 1e6:,.0f} us a vector")


if __name__ == "__main__":
    main()
