"""Semantic deduplication: of documents that say nearly the same, the best one stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pyarrow as pa

from schemas.verdict import Verdict, keep, remove
from stages.base import CorpusStage, Count, Judge, Keys, Positive, Ratio, Row, one_by_one
from stages.semantic_dedup.blocks import FOUND, best_of, compare_blocks, pair_blocks
from stages.semantic_dedup.clusters import assign, cluster_count, draw_sample, train, vectors_of
from stages.semantic_dedup.cosine_pairs import Vectors

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


class SemanticDedupReason(StrEnum):
    """Why a document leaves."""

    SAME_CONTENT = "same_content"


RETRAIN_FACTOR = 4  # clusters that grow to four times their size cost four times the pairs


@dataclass(frozen=True)
class SemanticDedup(CorpusStage):
    """Remove a document if a better one of its cluster has the same content.

    Better is: kept by an earlier batch, then higher quality, longer, smaller doc_id, earlier in
    crawl order. Same is: cosine of the embeddings at or above ``duplicate_cosine``. A text without
    words is left alone. ``model`` is "embedded", or a sentence-transformers path or name
    ("BAAI/bge-m3" in the paper).

    Source: dots.llm1 report, appendix C, semantic deduplication (after Dubey et al. 2024):
    embeddings, KMeans, pairwise cosine within a cluster, 0.95. Readings where it is silent: the
    better document stays, and a document leaves for a better twin even if that one leaves for a
    third, so that no verdict depends on an order of visits; ``documents_per_cluster`` sets the
    number of clusters. Later batches are judged against the survivors of earlier ones, which are
    never taken back, with the same centroids until the corpus outgrows them fourfold.
    """

    model: str = "embedded"
    duplicate_cosine: Ratio = 0.95
    documents_per_cluster: Positive = 20_000
    block_size: Positive = 8_192
    seed: Count = 1

    name: ClassVar[str] = "semantic_dedup"
    version: ClassVar[int] = 2
    reads: ClassVar[tuple[str, ...]] = ("text", "quality")
    keys: ClassVar[Mapping[str, pa.DataType]] = {
        "embedding": pa.list_(pa.float32()),
        "quality": pa.float64(),
        "length": pa.int32(),
    }
    flags: ClassVar[Mapping[str, pa.DataType]] = {"twin": pa.string(), "cosine": pa.float64()}
    state_columns: ClassVar[Mapping[str, pa.DataType] | None] = {
        "doc_id": pa.string(),  # null for a centroid
        "embedding": pa.list_(pa.float32()),
    }

    @property
    def opens_before_fork(self) -> bool:
        """The embedded model; a checkpoint may hold a GPU."""
        return self.model == "embedded"

    def resources(self) -> Mapping[str, str]:
        """The embedding model."""
        from models import embedding

        return {f"model {self.model}": embedding.digest(self.model)}

    def open_keys(self) -> Keys:
        """Embed each text; one without words has no embedding."""
        from models import embedding

        model = embedding.load(self.model)

        def keys(rows: Sequence[Row]) -> list[Mapping[str, Any]]:
            texts = [row["text"] or "" for row in rows]
            vectors = model.score(texts)
            return [
                {
                    "embedding": vector.tolist() if vector.any() else None,
                    "quality": -1.0 if row["quality"] is None else row["quality"],
                    "length": len(text),
                }
                for row, text, vector in zip(rows, texts, vectors, strict=True)
            ]

        return keys

    def flag(self, keys: DataFrame, earlier: DataFrame | None) -> DataFrame:
        """The best twin of each document that has one."""
        vectors = self._vectors(keys, earlier)
        centroids, _ = self._centroids(vectors, earlier)
        pairs = pair_blocks(assign(vectors, centroids), self.block_size, self.seed)
        compare = compare_blocks(self.duplicate_cosine)
        found = pairs.groupBy("cluster", "first", "second").applyInArrow(compare, FOUND)
        return best_of(found)

    def state(self, keys: DataFrame, flags: DataFrame, earlier: DataFrame | None) -> DataFrame:
        """The embeddings of this batch's survivors, and the centroids if they are new."""
        centroids, new = self._centroids(self._vectors(keys, earlier), earlier)
        kept = keys.where("embedding is not null").join(flags, ["part", "position"], "left_anti")
        survivors = kept.select("doc_id", "embedding")
        if not new:
            return survivors
        rows = [(None, row.tolist()) for row in centroids]
        schema = "doc_id string, embedding array<float>"
        return survivors.unionByName(keys.sparkSession.createDataFrame(rows, schema))

    def _vectors(self, keys: DataFrame, earlier: DataFrame | None) -> DataFrame:
        from pyspark.sql import functions as sf

        mine = keys.where("embedding is not null").withColumn("fresh", sf.lit(True))
        if earlier is None:
            return mine
        kept = earlier.where("doc_id is not null").selectExpr(
            "-1 as part", "-1L as position", "doc_id", "embedding", "1D as quality", "0 as length"
        )
        return mine.unionByName(kept.withColumn("fresh", sf.lit(False)))

    def _centroids(self, vectors: DataFrame, earlier: DataFrame | None) -> tuple[Vectors, bool]:
        """The centroids that hold for this batch, and whether they are new."""
        documents = vectors.count()
        clusters = cluster_count(documents, self.documents_per_cluster)
        stored = None if earlier is None else _stored_centroids(earlier)
        if stored is not None and clusters <= RETRAIN_FACTOR * len(stored):
            return stored, False
        sample = draw_sample(vectors, documents, clusters, self.seed)
        return (train(sample, clusters, self.seed), True) if len(sample) else (sample, False)

    def open(self) -> Judge:
        """Remove what was flagged."""
        return one_by_one(self._judge)

    def _judge(self, row: Row) -> Verdict:
        flag = row["flag"]
        if flag is None:
            return keep()
        return remove(
            SemanticDedupReason.SAME_CONTENT,
            f"cosine {flag['cosine']:.4f} >= {self.duplicate_cosine} with {flag['twin']}",
        )


def _stored_centroids(earlier: DataFrame) -> Vectors | None:
    """The latest centroids that a batch stored, in one order, or None."""
    from pyspark.sql import functions as sf

    stored = earlier.where("doc_id is null")
    [(latest,)] = stored.agg(sf.max("batch_number")).collect()
    if latest is None:
        return None
    rows = stored.where(sf.col("batch_number") == latest).select("embedding").toArrow()
    return np.array(sorted(vectors_of(rows["embedding"]).tolist()), np.float32)
