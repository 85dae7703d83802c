"""Fuzzy deduplication: MinHash signatures in bands, compared through narrow records alone."""

from stages.fuzzy_dedup.priority import Priority, rank
from stages.fuzzy_dedup.stage import FuzzyDedup, FuzzyDedupReason, collision_probability

__all__ = ["FuzzyDedup", "FuzzyDedupReason", "Priority", "collision_probability", "rank"]
