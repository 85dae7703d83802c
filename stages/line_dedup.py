"""Lines at the head or tail of more documents than a corpus needs are cut from the further ones."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

import pyarrow as pa

from schemas.verdict import Edit, Verdict, keep, remove
from stages.base import CorpusStage, Count, Judge, Keys, Positive, Row, one_by_one
from stages.skew import join_by_hot_key

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


class LineDedupReason(StrEnum):
    """Why a line was cut, and why a document was removed."""

    REPEATED_LINE = "repeated_line"
    NOTHING_LEFT = "nothing_left"


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit of any script: the rest is white space and symbols."""
    return any(map(str.isalnum, text))


def edge_lines(text: str, head: int, tail: int) -> list[tuple[int, str]]:
    r"""Number and content of the first ``head`` and last ``tail`` lines that have words.

    Lines end at "\n", and one at the very end starts no further line. The content is without the
    white space around it. Where head and tail overlap a line comes once.

    >>> edge_lines("Home\n---\n text\nmiddle\n© 2024\n", 2, 2)
    [(0, 'Home'), (3, 'middle'), (4, '© 2024')]
    """
    lines = text.removesuffix("\n").split("\n")
    first_of_tail = max(head, len(lines) - tail)
    numbers = [*range(min(head, len(lines))), *range(first_of_tail, len(lines))]
    return [(n, lines[n].strip()) for n in numbers if has_words(lines[n])]


def line_digest(line: str) -> int:
    """64 bits of BLAKE2b, signed.

    Among 10 billion different lines about three pairs share one, and a pair matters only if its
    lines together, but not apart, are too frequent.
    """
    data = line.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little", signed=True)


def cut_lines(text: str, numbers: Sequence[int]) -> tuple[str, tuple[Edit, ...]]:
    r"""The text without the lines of these numbers, the rest joined, and the edits that say so.

    >>> cut_lines("Home\ntext\nShare", [0, 2])[0]
    'text'
    """
    cut = frozenset(numbers)
    lines = text.split("\n")
    rest = "\n".join(line for n, line in enumerate(lines) if n not in cut)
    reason = LineDedupReason.REPEATED_LINE
    return rest, tuple(Edit(n, lines[n], reason) for n in sorted(cut))


def occurrences(keys: DataFrame) -> DataFrame:
    """One row for each line of each document: part, position, number, digest."""
    from pyspark.sql import functions as sf

    exploded = keys.select("part", "position", sf.explode("lines").alias("line"))
    return exploded.select("part", "position", "line.number", "line.digest")


def count_lines(lines: DataFrame) -> DataFrame:
    """How often each line occurs, and where first in crawl order."""
    from pyspark.sql import functions as sf

    return lines.groupBy("digest").agg(
        sf.count("*").alias("count"), sf.min("position").alias("first_position")
    )


def surplus_lines(lines: DataFrame, earlier: DataFrame | None, max_occurrences: int) -> DataFrame:
    """The lines that occur too often: digest, count in this batch, quota that is left for it."""
    from pyspark.sql import functions as sf

    counts = count_lines(lines).select("digest", "count", sf.lit(0).cast("long").alias("seen"))
    if earlier is not None:
        seen = earlier.groupBy("digest").agg(sf.sum("count").alias("seen"))
        counts = counts.drop("seen").join(seen, "digest", "left").fillna(0, ["seen"])
    quota = sf.greatest(sf.lit(max_occurrences) - sf.col("seen"), sf.lit(0)).alias("quota")
    return counts.select("digest", "count", quota).where("count > quota")


def beyond_quota(lines: DataFrame, surplus: DataFrame) -> DataFrame:
    """The occurrences beyond the first ``quota`` of their line in crawl order.

    Parts are slices of crawl order, so counts per line and part tell the one part in which the
    quota is used up, and only that part's occurrences are put in order. However frequent a line
    is, no task sorts more of it than its number of parts, or its occurrences in one part.
    """
    from pyspark.sql import Window
    from pyspark.sql import functions as sf

    frequent = join_by_hot_key(lines, surplus, on="digest", rows="count").drop("count")
    by_part = frequent.groupBy("digest", "part").agg(
        sf.count("*").alias("here"), sf.min("position").alias("start")
    )
    until = Window.partitionBy("digest").orderBy("start")
    before = by_part.select(
        "digest", "part", "here", (sf.sum("here").over(until) - sf.col("here")).alias("before")
    )
    placed = frequent.join(before, ["digest", "part"])
    order = Window.partitionBy("digest", "part").orderBy("position", "number")
    split = placed.where("before < quota and before + here > quota")
    return (
        placed.where("before >= quota")
        .drop("before", "here")
        .unionByName(
            split.withColumn("rank", sf.row_number().over(order))
            .where("before + rank > quota")
            .drop("before", "here", "rank")
        )
    )


@dataclass(frozen=True)
class LineDedup(CorpusStage):
    """Cut the further occurrences of head and tail lines that are frequent in the corpus.

    A document without such a line keeps its text byte for byte; one without a letter or digit left
    is removed. Source: dots.llm1 report, appendix C.2, line-wise inter-document deduplication.
    Readings where it is silent: the first and last lines are taken before those without words are
    discarded; "symbols" is whatever is neither letter nor digit; lines are the same if they are so
    without the white space around them; "first" is meant in crawl order; a line that is in the
    head and the tail of a short document counts once. Deviation: a document is removed if the cuts
    leave nothing.
    """

    name: ClassVar[str] = "line_dedup"
    reads: ClassVar[tuple[str, ...]] = ("text",)
    writes: ClassVar[Mapping[str, pa.DataType]] = {"text": pa.string()}
    keys: ClassVar[Mapping[str, pa.DataType]] = {
        "lines": pa.list_(pa.struct([("number", pa.int32()), ("digest", pa.int64())]))
    }
    flags: ClassVar[Mapping[str, pa.DataType]] = {"cut": pa.list_(pa.int32())}
    state_columns: ClassVar[Mapping[str, pa.DataType]] = {
        "digest": pa.int64(),
        "count": pa.int64(),
        "first_position": pa.int64(),
    }

    head_lines: Count = 5
    tail_lines: Count = 5
    max_occurrences: Positive = 200

    def open_keys(self) -> Keys:
        """Number and digest of each head and tail line of each document."""

        def lines_of(text: str) -> list[dict[str, int]]:
            edges = edge_lines(text, self.head_lines, self.tail_lines)
            return [{"number": n, "digest": line_digest(line)} for n, line in edges]

        def compute(rows: Sequence[Row]) -> list[dict[str, Any]]:
            return [{"lines": lines_of(row["text"] or "")} for row in rows]

        return compute

    def flag(self, keys: DataFrame, earlier: DataFrame | None) -> DataFrame:
        """Flag each document that has lines to cut with their numbers."""
        from pyspark.sql import functions as sf

        lines = occurrences(keys)
        surplus = surplus_lines(lines, earlier, self.max_occurrences)
        cuts = beyond_quota(lines, surplus).groupBy("part", "position")
        return cuts.agg(sf.sort_array(sf.collect_list("number")).alias("cut"))

    def state(
        self,
        keys: DataFrame,
        flags: DataFrame,  # noqa: ARG002 (a line counts, cut or not)
        earlier: DataFrame | None,  # noqa: ARG002 (counts add up when they are read)
    ) -> DataFrame:
        """How often each line occurs in this batch, cut or not, and where first."""
        return count_lines(occurrences(keys))

    def open(self) -> Judge:
        """Nothing to load."""
        return one_by_one(self._judge)

    def _judge(self, row: Row) -> Verdict:
        flag = row.get("flag")
        if flag is None:
            return keep()
        text, edits = cut_lines(row["text"], flag["cut"])
        if has_words(text):
            return keep({"text": text}, edits)
        detail = (
            f"nothing is left when {len(edits)} lines are cut that the corpus has more than "
            f"{self.max_occurrences} times"
        )
        return remove(LineDedupReason.NOTHING_LEFT, detail, {"text": text}, edits)
