"""Lines at the head or tail of more documents than a corpus needs are cut from the further ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

import pyarrow as pa
from annotated_types import Unit

from schemas.verdict import Edit, Verdict, keep, remove
from stages.base import CorpusStage, Count, Judge, KeyRow, Keys, Positive, Reach, Row, one_by_one
from stages.line_dedup import occurrences
from stages.line_dedup.lines import LineDedupReason, cut_lines, edge_lines, has_words, line_digest
from stages.reach import MAX_KEY_BYTES, reach_of_keys
from stages.recall import Recall

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


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
    version: ClassVar[int] = 2
    reads: ClassVar[tuple[str, ...]] = ("text",)
    writes: ClassVar[Mapping[str, pa.DataType]] = {"text": pa.string()}
    keys: ClassVar[Mapping[str, pa.DataType]] = {
        "lines": pa.list_(pa.struct([("number", pa.int32()), ("digest", pa.int64())]))
    }
    flags: ClassVar[Mapping[str, pa.DataType]] = {"cut": pa.list_(pa.int32())}
    state_columns: ClassVar[Mapping[str, pa.DataType]] = {
        "digest": pa.int64(),
        "count": pa.int64(),
        "first_part": pa.int32(),
        "first_position": pa.int64(),
    }
    reach_bytes: ClassVar[int] = MAX_KEY_BYTES

    head_lines: Annotated[Count, Unit("lines")] = 5
    """Lines from the top of a text that count."""
    tail_lines: Annotated[Count, Unit("lines")] = 5
    """Lines from the bottom of a text that count."""
    max_occurrences: Annotated[Positive, Unit("occurrences")] = 200
    """Occurrences of a line that stay, the first in crawl order."""

    def open_keys(self) -> Keys:
        """Number and digest of each head and tail line of each document."""

        def lines_of(text: str) -> list[dict[str, int]]:
            edges = edge_lines(text, self.head_lines, self.tail_lines)
            return [{"number": n, "digest": line_digest(line)} for n, line in edges]

        def compute(rows: Sequence[Row]) -> list[KeyRow]:
            return [{"lines": lines_of(row["text"] or "")} for row in rows]

        return compute

    def flag(self, keys: DataFrame, earlier: DataFrame | None) -> DataFrame:
        """Flag each document that has lines to cut with their numbers."""
        by_part = occurrences.count_by_part(keys)
        allowed = occurrences.allowances(by_part, earlier, self.max_occurrences)
        return occurrences.cut_beyond(keys, allowed)

    def reach(self, keys: DataFrame) -> Reach:
        """The counts of lines that this batch has."""
        return reach_of_keys(keys, "lines.digest", "digest")

    def state(
        self,
        keys: DataFrame,
        flags: DataFrame,  # noqa: ARG002 (a line counts, cut or not)
        earlier: DataFrame | None,  # noqa: ARG002 (counts add up when they are read)
    ) -> DataFrame:
        """How often each line occurs in this batch, cut or not, and where first."""
        return occurrences.count_lines(keys)

    @classmethod
    def merge(cls, earlier: DataFrame) -> DataFrame:
        """One row a line: the sum of its counts, and where it was seen first."""
        return occurrences.merge_counts(earlier)

    def recall(self, recorded: Self) -> Recall:
        """By the lines that were cut, where fewer would be: the first of each stay.

        Occurrences that stayed are in no column, so that fewer of them is unknown of what has any.
        """
        more, seen = self.max_occurrences - recorded.max_occurrences, Counter[int]()

        def judge_again(row: Row) -> Verdict | None:
            still: list[Edit] = []
            made = [edit for edit in row["edits"] or () if edit["stage"] == self.name]
            for edit in made:
                digest = line_digest(edit["text"].strip())
                seen[digest] += 1
                if seen[digest] > more:
                    still.append(Edit(edit["line"], edit["text"], edit["reason"]))
            if row["reason"] and len(still) == len(made):
                return remove(LineDedupReason.NOTHING_LEFT, "nothing is left", edits=tuple(still))
            return None if more < 0 else keep(edits=tuple(still))

        caveat = (
            "of a line that earlier batches had too, fewer may come back"
            if more > 0
            else "which documents hold the lines that stayed is not stored"
        )
        return Recall(
            frozenset({"max_occurrences"}), ("edits", "reason"), judge_again, caveat=caveat
        )

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
