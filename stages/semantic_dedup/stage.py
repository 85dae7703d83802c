"""Semantic deduplication: of documents that say nearly the same, the best one stays."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

import pyarrow as pa
import regex
from annotated_types import Unit

from models.transformer import LongTexts
from schemas.verdict import Verdict, keep, remove
from stages.base import (
    Count,
    FittedCorpusStage,
    Judge,
    KeyRow,
    Keys,
    Positive,
    Ratio,
    Row,
    one_by_one,
)
from stages.copies import TWIN
from stages.lottery import draw
from stages.recall import Bound, Limit, Recall, Threshold
from stages.semantic_dedup.assignment import assign
from stages.semantic_dedup.blocks import FOUND, best_of, compare_blocks, pair_blocks
from stages.semantic_dedup.centroids import CENTROIDS, CLUSTER, cluster_count, fit_centroids
from stages.semantic_dedup.cosine_pairs import Thresholds
from stages.semantic_dedup.kmeans import vectors_of
from stages.semantic_dedup.reach import MAX_BYTES, Clusters, NearVectors

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


class SemanticDedupReason(StrEnum):
    """Why a document leaves."""

    SAME_CONTENT = "same_content"


logger = logging.getLogger(__name__)
LETTER, CHINESE = regex.compile(r"\p{L}"), regex.compile(r"\p{Han}")
SEEN_CHARS = 4_096
NEVER = 2.0  # no cosine reaches it
RETRAIN_FACTOR = 4  # clusters that grow to four times their size cost four times the pairs


@dataclass(frozen=True)
class SemanticDedup(FittedCorpusStage):
    """Remove a document if a better one of its cluster has the same content.

    Better is: kept by an earlier batch, then higher quality, longer, smaller doc_id, earlier in
    crawl order. A text without words is left alone.

    Source: dots.llm1 report, appendix C, semantic deduplication (after Dubey et al. 2024):
    embeddings, KMeans, pairwise cosine within a cluster, 0.95. Readings where it is silent: the
    better document stays, and a document leaves for a better twin even if that one leaves for a
    third, so that no verdict depends on an order of visits; ``documents_per_cluster`` sets the
    number of clusters. Later batches are judged against the survivors of earlier ones, which are
    never taken back, with the same centroids until the corpus outgrows them fourfold. Documents in
    two languages are no twins unless ``translations`` says so: the report says nothing of them.
    """

    model: str = "embedded"
    """"embedded", "use-whole", or a sentence-transformers path or name (BGE-M3 there)."""
    long_texts: LongTexts = "as_trained"
    """What a checkpoint reads of a text that is longer than its rows: its ``head``, ``head_tail``,
    or the ``mean`` of windows; ``as_trained`` is what its curation.json says, else ``head``."""
    duplicate_cosine: Ratio | Literal["as_measured"] = "as_measured"
    """Of two embeddings; at or above it their documents have the same content. ``as_measured`` is
    0.86 for "embedded" and the report's 0.95 for any other model."""
    translations: bool = False
    """Whether a document also leaves for a better twin in another language."""
    translation_cosine: Ratio = 0.8
    """The same threshold for twins in two languages: measured for "use-whole"."""
    documents_per_cluster: Annotated[Positive, Unit("documents")] = 20_000
    """Sets the number of clusters; below it there is one, and all pairs are compared."""
    block_size: Annotated[Positive, Unit("documents")] = 8_192
    """Documents of a block: a task holds two (64 MiB at 1,024 dimensions)."""
    seed: Count = 1
    """Of sample, KMeans and blocks."""

    name: ClassVar[str] = "semantic_dedup"
    version: ClassVar[int] = 6
    reads: ClassVar[tuple[str, ...]] = ("doc_id", "text", "quality")
    keys: ClassVar[Mapping[str, pa.DataType]] = {
        "lot": pa.int64(),
        "embedding": pa.list_(pa.float32()),
        "quality": pa.float64(),
        "length": pa.int32(),
        "language": pa.string(),
    }
    writes: ClassVar[Mapping[str, pa.DataType]] = {**TWIN, "cosine": pa.float64()}
    flags: ClassVar[Mapping[str, pa.DataType]] = {"twin": pa.string(), "cosine": pa.float64()}
    thresholds: ClassVar[Mapping[str, Threshold]] = {
        "duplicate_cosine": Threshold("cosine", Bound.BELOW)
    }
    state_columns: ClassVar[Mapping[str, pa.DataType] | None] = {
        "doc_id": pa.string(),
        "lot": pa.int64(),
        "embedding": pa.list_(pa.float32()),
        "language": pa.string(),
    }
    fitted_columns: ClassVar[Mapping[str, pa.DataType]] = CENTROIDS
    reach_bytes: ClassVar[int] = MAX_BYTES

    @property
    def opens_before_fork(self) -> bool:
        """A model without a checkpoint, which may hold a GPU."""
        from models import embedding

        return embedding.needs_no_checkpoint(self.model)

    @cached_property
    def _same_content(self) -> float:
        """The threshold in force: of the model that runs, where none is set."""
        from models import embedding

        if self.duplicate_cosine == "as_measured":
            return embedding.same_content(embedding.available(self.model))
        return self.duplicate_cosine

    @property
    def _thresholds(self) -> Thresholds:
        return Thresholds(
            self._same_content, self.translation_cosine if self.translations else NEVER
        )

    def limits_in_force(self) -> tuple[Limit, ...]:
        """The cosine between two documents of one language."""
        [(name, one)] = self.thresholds.items()
        return (Limit(name, one.measure, one.bound, self._same_content),)

    def resources(self) -> Mapping[str, str]:
        """The embedding model: the one that runs, where the one that was asked for cannot."""
        from models import embedding

        name = embedding.available(self.model)
        return {f"model {name}": embedding.digest(name)}

    def open_keys(self) -> Keys:
        """The lot and the embedding of each text; one without words has no embedding."""
        from models import embedding

        name = embedding.available(self.model)
        if name != self.model:
            logger.warning("%s: model %r is not installed, %r runs", self.name, self.model, name)
        model = embedding.load(name, long_texts=self.long_texts)

        def keys(rows: Sequence[Row]) -> list[KeyRow]:
            texts = [row["text"] or "" for row in rows]
            vectors = model.score(texts)
            if not embedding.needs_no_checkpoint(name):
                vectors = embedding.halved(vectors)
            return [
                {
                    "lot": draw(self.seed, row["doc_id"], self.name),
                    "embedding": vector.tolist() if vector.any() else None,
                    "quality": -1.0 if row["quality"] is None else row["quality"],
                    "length": len(text),
                    "language": _language_of(text),
                }
                for row, text, vector in zip(rows, texts, vectors, strict=True)
            ]

        return keys

    def fit(
        self, keys: DataFrame, earlier: DataFrame | None, fitted: DataFrame | None, documents: int
    ) -> DataFrame | None:
        """New centroids, if there are none that serve and a single cluster does not."""
        from pyspark.sql import functions as sf

        clusters = cluster_count(documents, self.documents_per_cluster)
        if clusters == 1:
            return None
        if earlier is not None:
            standing = 1 if fitted is None else fitted.where(sf.col("level") == CLUSTER).count()
            if clusters <= RETRAIN_FACTOR * standing:
                return None
        return fit_centroids(_vectors(keys, earlier), documents, clusters, self.seed)

    def flag(
        self, keys: DataFrame, earlier: DataFrame | None, fitted: DataFrame | None = None
    ) -> DataFrame:
        """The best twin of each document that has one."""
        pairs = pair_blocks(assign(_vectors(keys, earlier), fitted), self.block_size)
        compare = compare_blocks(self._thresholds)
        found = pairs.groupBy("cell", "cluster", "first", "second").applyInArrow(compare, FOUND)
        return best_of(found)

    def reach(self, keys: DataFrame, fitted: DataFrame | None = None) -> NearVectors:
        """The documents that are near enough to one of this batch."""
        mine = keys.where("embedding is not null").select("embedding").toArrow()
        vectors = vectors_of(mine["embedding"])
        return NearVectors.of(Clusters.of(fitted), vectors, min(self._thresholds))

    def state(
        self,
        keys: DataFrame,
        flags: DataFrame,
        earlier: DataFrame | None,  # noqa: ARG002 (what stays of it has left its state)
    ) -> DataFrame:
        """The embeddings of this batch's survivors."""
        kept = keys.where("embedding is not null").join(flags, ["part", "position"], "left_anti")
        return kept.select(*(self.state_columns or {}))

    def open(self) -> Judge:
        """Remove what was flagged."""
        return one_by_one(self._judge)

    def _judge(self, row: Row) -> Verdict:
        flag = row["flag"]
        if flag is None:
            return keep()
        found, limit = flag["cosine"], self._same_content
        if found < limit:  # so the twin is in another language
            limit = self.translation_cosine
        detail = f"cosine {found:.4f} >= {limit} with {flag['twin']}"
        return remove(SemanticDedupReason.SAME_CONTENT, detail, dict(flag))

    def recall(self, recorded: Self) -> Recall:
        """By the cosine of the best twin: whether a worse one is more alike is not known."""
        limit, earlier = self._same_content, recorded._same_content

        def judge_again(row: Row) -> Verdict | None:
            cosine = row["cosine"]
            if cosine is None:
                return None if limit < earlier else keep()
            if cosine < min(limit, earlier):
                return remove(SemanticDedupReason.SAME_CONTENT, "a twin in another language")
            if cosine < limit:
                return None
            detail = f"cosine {cosine:.4f} >= {limit}"
            return remove(SemanticDedupReason.SAME_CONTENT, detail)

        return Recall(
            frozenset(self.thresholds),
            ("cosine",),
            judge_again,
            caveat="the cosine to the best twin is stored; one of lower rank may be more alike",
        )


def _language_of(text: str) -> str | None:
    """Whether Chinese, "zh", or "other": a third of the letters of "zh" are Chinese characters.

    Pipelines without the language stage have this stage too, so it reads no column of it.
    """
    letters = len(LETTER.findall(text, 0, SEEN_CHARS))
    chinese = len(CHINESE.findall(text, 0, SEEN_CHARS))
    if not letters:
        return None
    return "zh" if 3 * chinese >= letters else "other"


def _vectors(keys: DataFrame, earlier: DataFrame | None) -> DataFrame:
    """This batch's documents and those that earlier ones kept, wherever there is an embedding."""
    from pyspark.sql import functions as sf

    mine = keys.where("embedding is not null").withColumn("fresh", sf.lit(True))
    if earlier is None:
        return mine
    kept = earlier.selectExpr(
        "-1 as part",
        "-1L as position",
        "doc_id",
        "lot",
        "embedding",
        "1D as quality",
        "0 as length",
        "language",
        "false as fresh",
    )
    return mine.unionByName(kept)
