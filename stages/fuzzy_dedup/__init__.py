"""Fuzzy deduplication: MinHash signatures in bands, compared through narrow rows alone."""

from stages.fuzzy_dedup.stage import (
    FuzzyDedup,
    FuzzyDedupReason,
    Priority,
    collision_probability,
    estimate_similarity,
    rank,
)

__all__ = [
    "FuzzyDedup",
    "FuzzyDedupReason",
    "Priority",
    "collision_probability",
    "estimate_similarity",
    "rank",
]
