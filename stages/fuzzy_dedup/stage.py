"""Near copies: of the documents whose signatures agree in a whole band, the best stays."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

import pyarrow as pa

from schemas.verdict import Verdict, keep, remove
from stages.base import CorpusStage, Count, Judge, Keys, Positive, Row, one_by_one

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


class FuzzyDedupReason(StrEnum):
    """Why the stage removes a document."""

    NEAR_COPY = "near_copy"


class Priority(StrEnum):
    """Who stays among near copies; ties go to the earlier in crawl order."""

    CRAWL_ORDER = "crawl_order"
    LONGEST = "longest"
    RANDOM = "random"


def collision_probability(similarity: float, bands: int, rows: int) -> float:
    """The probability that two documents of this Jaccard similarity agree in some band.

    >>> round(collision_probability(0.8, 128, 16), 4)
    0.9741
    """
    return 1.0 - (1.0 - similarity**rows) ** bands


def estimate_similarity(shared_bands: int, bands: int, rows: int) -> float:
    """The Jaccard similarity at which ``shared_bands`` of ``bands`` are expected to agree.

    From one shared band of 128 (0.74, give or take 0.05) to all (1.0). It leans high near the
    lower end, since pairs that share none are never seen.

    >>> round(estimate_similarity(4, 128, 16), 2)
    0.81
    """
    return float((shared_bands / bands) ** (1.0 / rows))


def rank(row: Row, priority: Priority, seed: int) -> int:
    """The place of a document among its near copies, lowest first: a signed 64-bit integer."""
    match priority:
        case Priority.CRAWL_ORDER:
            return 0
        case Priority.LONGEST:
            return -len(row["text"] or "")
        case Priority.RANDOM:
            drawn = hashlib.blake2b(f"{seed}:{row['doc_id']}".encode(), digest_size=8).digest()
            return int.from_bytes(drawn, "little", signed=True)


@dataclass(frozen=True)
class FuzzyDedup(CorpusStage):
    """Removes near copies: MinHash signatures cut into bands, one document kept of each band.

    A document leaves if a document of higher priority has the same 16 minima in any of the 128
    bands, or if one that an earlier batch kept has. So of each group of documents that collide,
    directly or by way of others, at least the best stays; a document may leave for a twin that
    itself left for a third, and its detail says so. Nothing is iterated, and the outcome depends
    on neither partitions nor order. Documents of fewer than 5 tokens are one shingle, hence near
    copies only when their tokens are equal; documents without tokens are never near copies.

    ``min_shared_bands`` verifies: a document leaves only if it loses that many bands to one and
    the same document. 4 of 128 is what similarity 0.81 is expected to share (see
    `estimate_similarity`); 1 is the report's rule.

    Source: dots.llm1 report, appendix C.1, fuzzy deduplication: standardised text, jieba's tokens,
    5-grams, 2,048 MinHash values, 128 bands of 16 rows, "for any samples that collided within the
    same band, we retain only one instance". Deviations: the report does not say which instance
    (``priority``), nor that hits by way of a removed document count (here they do, as its words
    have it, for each band alone); its hash function is not given (datasketch 2.0's here).
    """

    num_permutations: Positive = 2048
    bands: Positive = 128
    rows: Positive = 16
    shingle_tokens: Positive = 5
    seed: Count = 1
    priority: Priority = Priority.CRAWL_ORDER
    min_shared_bands: Positive = 1

    name: ClassVar[str] = "fuzzy_dedup"
    reads: ClassVar[tuple[str, ...]] = ("doc_id", "text")
    keys: ClassVar[Mapping[str, pa.DataType]] = {
        "bands": pa.list_(pa.int64()),
        "rank": pa.int64(),
    }
    flags: ClassVar[Mapping[str, pa.DataType]] = {
        "twin": pa.string(),
        "twin_removed": pa.bool_(),
        "shared_bands": pa.int32(),
    }
    state_columns: ClassVar[Mapping[str, pa.DataType] | None] = {
        "part": pa.int32(),
        "position": pa.int64(),
        "doc_id": pa.string(),
        "bands": pa.list_(pa.int64()),
    }

    def __post_init__(self) -> None:
        """Raise ValueError unless the bands use up the signature and can be shared."""
        if self.bands * self.rows != self.num_permutations:
            raise ValueError(
                f"fuzzy_dedup: {self.bands} bands of {self.rows} rows need num_permutations = "
                f"{self.bands * self.rows}, not {self.num_permutations}"
            )
        if self.min_shared_bands > self.bands:
            raise ValueError(
                f"fuzzy_dedup: min_shared_bands = {self.min_shared_bands} of {self.bands} bands "
                "would never be shared: lower it"
            )

    def open_keys(self) -> Keys:
        """Load the kernels and return what computes band keys and rank."""
        from stages.minhash import band_keys, has_tokens, signatures

        def compute(rows: Sequence[Row]) -> list[Mapping[str, Any]]:
            texts = [row["text"] or "" for row in rows]
            found = signatures(
                texts, width=self.shingle_tokens, size=self.num_permutations, seed=self.seed
            )
            banded = zip(rows, band_keys(found, self.bands), has_tokens(found), strict=True)
            return [
                {
                    "bands": keys.tolist() if any_token else [],
                    "rank": rank(row, self.priority, self.seed),
                }
                for row, keys, any_token in banded
            ]

        return compute

    def flag(self, keys: DataFrame, earlier: DataFrame | None) -> DataFrame:
        """Each document that is beaten in some band, with the twin that stands for it."""
        from stages.fuzzy_dedup import collisions

        hits = collisions.collide(keys, earlier).where(f"shared >= {self.min_shared_bands}")
        return collisions.name_twin(collisions.choose_twin(hits), keys, earlier)

    def state(self, keys: DataFrame, flags: DataFrame, earlier: DataFrame | None) -> DataFrame:  # noqa: ARG002
        """The band keys of the documents that stay."""
        stayed = keys.where("size(bands) > 0").join(flags, ["part", "position"], "left_anti")
        return stayed.select("part", "position", "doc_id", "bands")

    def open(self) -> Judge:
        """Return the judge; nothing heavy is needed."""
        return one_by_one(self._judge)

    def _judge(self, row: Row) -> Verdict:
        flag = row["flag"]
        if flag is None:
            return keep()
        shared = flag["shared_bands"]
        similarity = estimate_similarity(shared, self.bands, self.rows)
        detail = (
            f"{shared} of {self.bands} bands shared with {flag['twin']}, "
            f"similarity about {similarity:.2f}"
        )
        if flag["twin_removed"]:
            detail += "; that one is itself a near copy"
        return remove(FuzzyDedupReason.NEAR_COPY, detail)
