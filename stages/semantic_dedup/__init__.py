"""Semantic deduplication: embeddings, clusters, and cosines within them."""

from stages.semantic_dedup.stage import SemanticDedup, SemanticDedupReason

__all__ = ["SemanticDedup", "SemanticDedupReason"]
