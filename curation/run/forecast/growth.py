"""How the comparison of a corpus stage grows with the documents that are compared.

Digests, lines, bands, sites and classes are compared as many times as there are documents, give or
take a logarithm: their cost is a document's, times their number. Vectors are compared in pairs
within a cluster: the square of their number as long as there is one cluster, and a multiple of it
from ``documents_per_cluster`` on. No sample of some hundred documents shows that, so the pairs are
counted, and what one costs is measured on this machine.
"""

from __future__ import annotations

import time

import numpy as np

from stages.base import CorpusStage
from stages.semantic_dedup import SemanticDedup

LINEAR = frozenset({"payload_dedup", "identity", "line_dedup", "privacy", "fuzzy_dedup", "balance"})
TILE, ROUNDS = 512, 8
FLOAT_BYTES = 4


def pairs(documents: float, documents_per_cluster: int) -> float:
    """How many pairs are compared among so many documents in clusters of equal size.

    >>> f"{pairs(10_000, 20_000):.2g} {pairs(1_000_000, 20_000):.2g}"
    '5e+07 1e+10'
    """
    clusters = max(1, -(-documents // documents_per_cluster))
    return documents**2 / 2 / clusters


def seconds_of_pairs(stage: CorpusStage | None, documents: float, key_bytes: float) -> float:
    """What comparing pairs takes a core, of a stage that does; 0 of others.

    ``key_bytes`` are of so many documents: nearly all of them are vectors.
    """
    if not isinstance(stage, SemanticDedup) or not documents:
        return 0.0
    dimensions = max(1, round(key_bytes / documents / FLOAT_BYTES))
    return pairs(documents, stage.documents_per_cluster) * _seconds_of_a_pair(dimensions)


def is_known(stage: CorpusStage | None) -> bool:
    """Whether it is known how the comparison of a stage grows; others are taken for linear."""
    return stage is None or stage.name in LINEAR or isinstance(stage, SemanticDedup)


def _seconds_of_a_pair(dimensions: int) -> float:
    """Of a product of two tiles of vectors, which is most of a comparison."""
    tile = np.random.default_rng(0).random((TILE, dimensions), np.float32)
    tile @ tile.T
    began = time.process_time()
    for _ in range(ROUNDS):
        tile @ tile.T
    return (time.process_time() - began) / ROUNDS / TILE**2
