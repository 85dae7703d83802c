"""Stages whose verdicts are plain to see, for tests of what looks at runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Self

import pyarrow as pa

from schemas.verdict import keep, quarantine, remove
from stages.base import DocumentStage, one_by_one
from stages.recall import Bound, Recall, Threshold


class Fault(StrEnum):
    TOO_LOW = "too_low"
    ODD_LENGTH = "odd_length"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Scored(DocumentStage):
    """Removes what scores low: a document's score is its length modulo 100, by 100."""

    min_score: float = 0.3
    language: str = "en"

    name: ClassVar[str] = "scored"
    reads: ClassVar[tuple[str, ...]] = ("text",)
    writes: ClassVar[Mapping[str, pa.DataType]] = {"score": pa.float64(), "language": pa.string()}
    thresholds: ClassVar[Mapping[str, Threshold]] = {
        "min_score": Threshold("score", Bound.AT_LEAST)
    }

    def open(self):
        return one_by_one(lambda row: self.judged(len(row["text"]) % 100 / 100))

    def judged(self, score):
        columns = {"score": score, "language": self.language if score > 0.5 else "zh"}
        if score == 0.99:
            return quarantine(Fault.UNREADABLE, "as long as that", columns)
        if score < self.min_score:
            return remove(Fault.TOO_LOW, f"{score} < {self.min_score}", columns)
        return keep(columns)

    def recall(self, recorded: Self):
        return Recall(frozenset({"min_score"}), ("score",), lambda row: self.judged(row["score"]))


@dataclass(frozen=True)
class Even(DocumentStage):
    """Removes texts of an odd length."""

    name: ClassVar[str] = "even"
    reads: ClassVar[tuple[str, ...]] = ("text",)

    def open(self):
        def judge(row):
            return remove(Fault.ODD_LENGTH, "odd") if len(row["text"]) % 2 else keep()

        return one_by_one(judge)
