"""Pairs compared per second on one core: our tiles, faiss range search, a full matrix of numpy.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python benchmarks/semantic.py

All find the pairs of cosine >= 0.95 among the same vectors, of which one in ten is a near copy of
another. Each unordered pair counts once, however often a method computes it. The three take turns;
the figure is the best of five.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import faiss
import numpy as np

from stages.semantic_dedup.cosine_pairs import Side, Thresholds, Vectors, best_twins

THRESHOLD = 0.95
ROWS = 8_192


def vectors(count: int, dimensions: int) -> Vectors:
    random = np.random.default_rng(1)
    matrix = random.normal(size=(count, dimensions)).astype(np.float32)
    copies = count // 10
    noise = random.normal(size=(copies, dimensions)).astype(np.float32)
    matrix[-copies:] = matrix[:copies] + 0.1 * noise
    random.shuffle(matrix)
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


def ours(matrix: Vectors) -> set[int]:
    ranks = np.arange(len(matrix))
    side = Side(matrix, ranks, np.zeros(len(matrix), np.int32))
    twins, _ = best_twins(side, side, Thresholds(THRESHOLD, THRESHOLD))
    return set(np.flatnonzero(twins >= 0).tolist())


def faiss_range(matrix: Vectors) -> set[int]:
    index = faiss.IndexFlatIP(matrix.shape[1])
    index.add(matrix)
    limits, _, found = index.range_search(matrix, THRESHOLD)
    rows = np.repeat(np.arange(len(matrix)), np.diff(limits.astype(np.int64)))
    return set(rows[found < rows].tolist())


def full_matrix(matrix: Vectors) -> set[int]:
    """As SemDeDup does: the whole product, its upper triangle, the maximum of each column."""
    return set(np.flatnonzero(np.triu(matrix @ matrix.T, k=1).max(axis=0) >= THRESHOLD).tolist())


METHODS: dict[str, Callable[[Vectors], set[int]]] = {
    "tiles (this project)": ours,
    "faiss range_search": faiss_range,
    "numpy full matrix": full_matrix,
}


def main() -> None:
    faiss.omp_set_num_threads(1)
    ours(vectors(64, 16))
    for dimensions in (512, 1024):
        matrix = vectors(ROWS, dimensions)
        best = dict.fromkeys(METHODS, float("inf"))
        found = {}
        for _ in range(5):
            for name, method in METHODS.items():
                begin = time.process_time()
                found[name] = method(matrix)
                best[name] = min(best[name], time.process_time() - begin)
        assert len(set(map(frozenset, found.values()))) == 1, "the methods disagree"
        pairs = ROWS * (ROWS - 1) / 2
        for name, seconds in best.items():
            print(f"d={dimensions:5}  {name:22} {pairs / seconds / 1e6:7.1f} Mpairs/s")
        print(f"d={dimensions:5}  duplicates found by all: {len(next(iter(found.values())))}")


if __name__ == "__main__":
    main()
