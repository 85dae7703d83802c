"""Near copies: of the documents whose signatures agree in a whole band, the best stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

import pyarrow as pa
from annotated_types import Unit

from conf import digest_file, locate
from schemas.verdict import Verdict, keep, remove
from stages.base import (
    CorpusStage,
    Count,
    Judge,
    KeyRow,
    Keys,
    Positive,
    Ratio,
    Reach,
    Row,
    one_by_one,
)
from stages.copies import TWIN
from stages.fuzzy_dedup.priority import Priority, rank
from stages.reach import MAX_KEY_BYTES, reach_of_keys
from stages.recall import Bound, Limit, Recall, Threshold

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


class FuzzyDedupReason(StrEnum):
    """Why the stage removes a document."""

    NEAR_COPY = "near_copy"


def collision_probability(similarity: float, bands: int, rows: int) -> float:
    """The probability that two documents of this Jaccard similarity agree in some band.

    >>> round(collision_probability(0.8, 128, 16), 4)
    0.9741
    """
    return 1.0 - (1.0 - similarity**rows) ** bands


@dataclass(frozen=True)
class FuzzyDedup(CorpusStage):
    """Removes near copies: MinHash signatures cut into bands, one document kept of each band.

    A document leaves if a document of higher priority has the same 16 minima in any of the 128
    bands, or if one that an earlier batch kept has. So of each group of documents that collide,
    directly or by way of others, at least the best stays; a document may leave for a twin that
    itself left for a third, and its detail says so. Nothing is iterated, and the outcome depends
    on neither partitions nor order. Documents of fewer than 5 tokens are one shingle, hence near
    copies only when their tokens are equal; documents without tokens are never near copies.

    Source: dots.llm1 report, appendix C.1, fuzzy deduplication: standardised text, jieba's tokens,
    5-grams, 2,048 MinHash values, 128 bands of 16 rows, "for any samples that collided within the
    same band, we retain only one instance". Deviations: the report does not say which instance
    (``priority``), nor that hits by way of a removed document count (here they do, as its words
    have it, for each band alone); its hash function is not given (datasketch 2.0's here).
    """

    num_permutations: Annotated[Positive, Unit("minima")] = 2048
    """Length of a signature: ``bands`` times ``rows``."""
    bands: Annotated[Positive, Unit("bands")] = 128
    """Documents collide if they agree in all minima of any one band."""
    rows: Annotated[Positive, Unit("minima")] = 16
    """Minima in a band: a pair of similarity s collides with probability 1 - (1 - s^rows)^bands,
    which is 0.974 at 0.8, 0.35 at 0.7, 0.035 at 0.6."""
    shingle_tokens: Annotated[Positive, Unit("tokens")] = 5
    """Length of a shingle."""
    seed: Count = 1
    """Of the permutations, and of the priority "random"."""
    priority: Priority = Priority.CRAWL_ORDER
    """Who stays: "crawl_order" (the earliest), "longest" (characters of text), "best_score" (the
    highest ``score``; without one last) or "random" (by lot). Ties go to the earlier in crawl
    order."""
    score: str = ""
    """With "best_score": a column that is there at this step, or a field of one ("language_score",
    "measures.words")."""
    min_similarity: Ratio = 0.0
    """A document leaves only for one to which its estimated similarity is at least this; 0 is the
    report's rule."""
    user_dictionary: str = ""
    """A file of words that jieba's lexicon lacks, as for ``jieba.load_userdict``; a frequency of 0
    is refused."""

    name: ClassVar[str] = "fuzzy_dedup"
    version: ClassVar[int] = 4
    reads: ClassVar[tuple[str, ...]] = ("doc_id", "text")
    keys: ClassVar[Mapping[str, pa.DataType]] = {
        "bands": pa.list_(pa.int64()),
        "sketch": pa.list_(pa.int64()),
        "rank": pa.int64(),
    }
    writes: ClassVar[Mapping[str, pa.DataType]] = {**TWIN, "similarity": pa.float64()}
    flags: ClassVar[Mapping[str, pa.DataType]] = {
        "twin": pa.string(),
        "twin_removed": pa.bool_(),
        "shared_bands": pa.int32(),
        "similarity": pa.float64(),
        "highest_similarity": pa.float64(),
    }
    thresholds: ClassVar[Mapping[str, Threshold]] = {
        "min_similarity": Threshold("similarity", Bound.BELOW)
    }
    state_columns: ClassVar[Mapping[str, pa.DataType] | None] = {
        "part": pa.int32(),
        "position": pa.int64(),
        "doc_id": pa.string(),
        "bands": pa.list_(pa.int64()),
        "sketch": pa.list_(pa.int64()),
    }
    reach_bytes: ClassVar[int] = MAX_KEY_BYTES

    def __post_init__(self) -> None:
        """Read the score's column too; raise ValueError for settings that do not go together."""
        if self.bands * self.rows != self.num_permutations:
            raise ValueError(
                f"fuzzy_dedup: {self.bands} bands of {self.rows} rows need num_permutations = "
                f"{self.bands * self.rows}, not {self.num_permutations}"
            )
        by_score = self.priority is Priority.BEST_SCORE
        if by_score != bool(self.score):
            raise ValueError(
                f"fuzzy_dedup: score = {self.score!r} and priority = {self.priority.value!r}: "
                "a score is named for the priority best_score, and for no other"
            )
        column = self.score.partition(".")[0]
        if column and column not in self.reads:
            object.__setattr__(self, "reads", (*self.reads, column))

    def resources(self) -> Mapping[str, str]:
        """The digest of the user dictionary, which is read to see that it can be."""
        if not self.user_dictionary:
            return {}
        from models.text.segmenter import read_lexicon

        path = locate(self.user_dictionary)
        read_lexicon(str(path))
        return {f"user dictionary {self.user_dictionary}": digest_file(path)}

    def limits_in_force(self) -> tuple[Limit, ...]:
        """The similarity that is asked for, where one is: at 0 bands alone decide."""
        return super().limits_in_force() if self.min_similarity else ()

    def open_keys(self) -> Keys:
        """Load the kernels and return what computes band keys, sketch and rank."""
        from stages.fuzzy_dedup.minhash import band_keys, has_tokens, signatures, sketches

        words = str(locate(self.user_dictionary)) if self.user_dictionary else ""

        def compute(rows: Sequence[Row]) -> list[KeyRow]:
            found = signatures(
                [row["text"] or "" for row in rows],
                width=self.shingle_tokens,
                size=self.num_permutations,
                seed=self.seed,
                user_dictionary=words,
            )
            bands, bits = band_keys(found, self.bands).tolist(), sketches(found).tolist()
            return [
                {
                    "bands": bands[i] if any_token else [],
                    "sketch": bits[i],
                    "rank": rank(row, self.priority, self.seed, self.score),
                }
                for i, (row, any_token) in enumerate(zip(rows, has_tokens(found), strict=True))
            ]

        return compute

    def flag(self, keys: DataFrame, earlier: DataFrame | None) -> DataFrame:
        """Each document that is beaten in some band, with the twin that stands for it."""
        from pyspark import StorageLevel

        from stages.fuzzy_dedup import collisions, twins

        hits = collisions.collide(keys, earlier)
        found = twins.compare_sketches(hits, keys, earlier)
        alike = found.where(f"similarity >= {self.min_similarity!r}")
        # Used twice, and Spark would do all of the above twice.
        return twins.choose_twins(alike.persist(StorageLevel.DISK_ONLY))

    def reach(self, keys: DataFrame) -> Reach:
        """The documents that share a band with one of this batch."""
        return reach_of_keys(keys, "bands", "bands")

    def state(self, keys: DataFrame, flags: DataFrame, earlier: DataFrame | None) -> DataFrame:  # noqa: ARG002
        """The band keys and sketches of the documents that stay."""
        stayed = keys.where("size(bands) > 0").join(flags, ["part", "position"], "left_anti")
        return stayed.select(*(self.state_columns or {}))

    def recall(self, recorded: Self) -> Recall:
        """By the highest similarity to a document that beats it in some band.

        Pairs that were too unlike when it was stored are not known any more.
        """
        is_lower = self.min_similarity < recorded.min_similarity

        def judge_again(row: Row) -> Verdict | None:
            highest = row["similarity"]
            if highest is None:
                return None if is_lower else keep()
            if highest < self.min_similarity:
                return keep()
            detail = f"similarity about {highest:.2f} >= min_similarity {self.min_similarity}"
            return remove(FuzzyDedupReason.NEAR_COPY, detail)

        return Recall(frozenset(self.thresholds), ("similarity",), judge_again)

    def open(self) -> Judge:
        """Return the judge; nothing heavy is needed."""
        return one_by_one(self._judge)

    def _judge(self, row: Row) -> Verdict:
        flag = row["flag"]
        if flag is None:
            return keep()
        detail = (
            f"similarity about {flag['similarity']:.2f} to {flag['twin']} "
            f"({flag['shared_bands']} of {self.bands} bands shared)"
        )
        if flag["twin_removed"]:
            detail += "; that one is itself a near copy"
        columns = {"twin": flag["twin"], "similarity": flag["highest_similarity"]}
        return remove(FuzzyDedupReason.NEAR_COPY, detail, columns)
