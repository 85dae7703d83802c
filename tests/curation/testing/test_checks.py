"""Each check refuses a stage that breaks what it checks."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import pyarrow as pa
import pytest

from curation.testing import check_stage, samples
from curation.testing.checks import gives_the_same_verdicts_over_any_partitions
from schemas.verdict import keep, remove
from stages.base import CorpusStage, DocumentStage, one_by_one
from stages.identity import Identity


class Fault(StrEnum):
    TOO_SHORT = "too_short"
    THERE = "there"


@dataclass(frozen=True)
class Good(DocumentStage):
    name: ClassVar[str] = "good"
    reads: ClassVar[tuple[str, ...]] = ("text",)
    writes: ClassVar[Mapping[str, pa.DataType]] = {"length": pa.int64()}
    min_chars: int = 3

    def open(self):
        return one_by_one(self.judge)

    def judge(self, row):
        length = len(row["text"])
        if length < self.min_chars:
            return remove(Fault.TOO_SHORT, f"{length} characters")
        return keep({"length": length})


@dataclass(frozen=True)
class NameOfOurs(Good):
    name: ClassVar[str] = "language"


@dataclass(frozen=True)
class NoArrowType(Good):
    writes: ClassVar[Mapping[str, pa.DataType]] = {"length": int}


@dataclass(frozen=True)
class ReadsWhatNobodyWrites(Good):
    reads: ClassVar[tuple[str, ...]] = ("text", "colour")


@dataclass(frozen=True)
class ChangesItsSettings(Good):
    def __post_init__(self):
        object.__setattr__(self, "min_chars", self.min_chars + 1)


@dataclass(frozen=True)
class ForgetsItsSettings(Good):
    min_chars: int = 3

    def __reduce__(self):
        return type(self), (self.min_chars + 1,)


@dataclass(frozen=True)
class SkipsTheLast(Good):
    def open(self):
        return lambda rows: [self.judge(row) for row in rows[: max(1, len(rows) - 1)]]


@dataclass(frozen=True)
class WritesUndeclared(Good):
    def judge(self, row):
        return keep({"width": len(row["text"])})


@dataclass(frozen=True)
class JudgesNothing(Good):
    def open(self):
        return lambda rows: [self.judge(row) for row in rows] or [keep()]


@dataclass(frozen=True)
class SeesItsBatch(Good):
    def open(self):
        return lambda rows: [keep({"length": len(rows)}) for _ in rows]


@dataclass(frozen=True)
class SeesItsOrder(Good):
    def open(self):
        seen = []

        def judge(row):
            seen.append(row)
            return keep({"length": len(seen)})

        return one_by_one(judge)


@dataclass(frozen=True)
class EditsInPlace(Good):
    def judge(self, row):
        verdict = super().judge(row)
        row["text"] = row["text"].upper()
        return verdict


@dataclass(frozen=True)
class FailsInTheChain(Good):
    def judge(self, row):
        return super().judge({"text": row["text"] or 1 / 0})


@dataclass(frozen=True)
class UndeclaredKeys(Identity):
    name: ClassVar[str] = "undeclared_keys"

    def open_keys(self):
        return lambda rows: [{"colour": row["text"]} for row in rows]


@dataclass(frozen=True)
class SeesItsPartition(CorpusStage):
    name: ClassVar[str] = "sees_its_partition"
    reads: ClassVar[tuple[str, ...]] = ("text",)
    keys: ClassVar[Mapping[str, pa.DataType]] = {"chars": pa.int32()}
    flags: ClassVar[Mapping[str, pa.DataType]] = {"partition": pa.int32()}

    def open_keys(self):
        return lambda rows: [{"chars": len(row["text"])} for row in rows]

    def flag(self, keys, earlier):
        from pyspark.sql.functions import spark_partition_id

        return keys.select("part", "position", spark_partition_id().alias("partition"))

    def open(self):
        return one_by_one(lambda row: remove(Fault.THERE, f"partition {row['flag']['partition']}"))


def test_a_stage_that_keeps_every_promise_passes():
    check_stage(Good())


@pytest.mark.parametrize(
    ("stage", "fault"),
    [
        (NameOfOurs(), "is called 'language', which is the name of stages.language:Language"),
        (NoArrowType(), "writes['length'] is no Arrow type"),
        (ReadsWhatNobodyWrites(), "reads ['colour'], which not all documents have"),
        (ChangesItsSettings(), "ChangesItsSettings(min_chars=4) became "),
        (ForgetsItsSettings(), "ForgetsItsSettings(min_chars=3) became "),
        (SkipsTheLast(), "10 verdicts for 11 documents"),
        (WritesUndeclared(), "gives columns ['width'], which writes does not declare"),
        (JudgesNothing(), "verdicts for no documents"),
        (SeesItsBatch(), "in a batch: "),
        (SeesItsOrder(), "in a batch: "),
        (EditsInPlace(), "made {'text': 'THE RIVER RISES"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, DocumentStage) else "",
)
def test_a_stage_that_breaks_a_promise_is_told_which(stage, fault):
    with pytest.raises(AssertionError) as refused:
        check_stage(stage)
    assert fault in str(refused.value)


def test_a_stage_that_fails_on_a_document_raises_its_own_error():
    with pytest.raises(ZeroDivisionError):
        check_stage(FailsInTheChain())


def test_a_stage_is_tried_on_the_documents_that_are_given():
    documents = [{**row, "colour": "red"} for row in samples.documents()]
    check_stage(ReadsWhatNobodyWrites(), documents)


def test_a_corpus_stage_needs_a_session():
    with pytest.raises(ValueError, match="identity is a corpus stage: give check_stage a Spark"):
        check_stage(Identity())


@pytest.mark.spark
def test_keys_that_are_not_declared_are_told(spark):
    with pytest.raises(AssertionError, match=r"keys \['colour'\], declared \['digest', 'lot'\]"):
        check_stage(UndeclaredKeys(), spark=spark)


@pytest.mark.spark
def test_a_verdict_that_depends_on_partitions_is_told(spark):
    documents = samples.documents()
    with pytest.raises(AssertionError, match="depend on partitions"):
        gives_the_same_verdicts_over_any_partitions(SeesItsPartition(), documents, spark)
