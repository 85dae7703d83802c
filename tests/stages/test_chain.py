from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import pyarrow as pa
import pytest

from models.base import DeviceError
from schemas.verdict import Decision, Edit, keep, remove
from stages.base import CorpusStage, DocumentStage, one_by_one
from stages.chain import Document, open_chain, run_chain


class Fault(StrEnum):
    ODD = "odd"


@dataclass(frozen=True)
class Halve(DocumentStage):
    name: ClassVar[str] = "halve"
    reads: ClassVar[tuple[str, ...]] = ("n",)
    writes: ClassVar = {"n": pa.int64()}

    def open(self):
        return one_by_one(self._judge)

    def _judge(self, row):
        if row["n"] == 13:
            raise RuntimeError("thirteen")
        if row["n"] % 2:
            return remove(Fault.ODD, f"{row['n']} is odd", {"n": row["n"]})
        return keep({"n": row["n"] // 2}, (Edit(0, "cut", "test"),))


def documents(*numbers):
    return [Document({"n": n, "other": "x"}) for n in numbers]


def test_a_document_passes_every_stage_and_keeps_what_each_wrote():
    [document] = batch = documents(8)
    run_chain(open_chain([Halve(), Halve()]), batch)
    assert document.decision is Decision.KEEP
    assert document.columns == {"n": 2, "other": "x"}
    assert [edit["stage"] for edit in document.edits] == ["halve", "halve"]


def test_a_removed_document_stops_at_the_stage_that_removed_it():
    [document] = batch = documents(2)
    run_chain(open_chain([Halve(), Halve(), Halve()]), batch)
    assert (document.decision, document.stage, document.reason) == ("remove", "halve", "odd")
    assert document.detail == "1 is odd"
    assert document.columns["n"] == 1


@pytest.mark.parametrize("others", [(), (4,), (4, 6)])
def test_a_document_that_makes_a_stage_raise_is_quarantined_and_costs_no_other(others):
    batch = documents(13, *others)
    run_chain(open_chain([Halve()]), batch)
    assert [d.decision for d in batch] == ["quarantine", *("keep" for _ in others)]
    assert batch[0].reason == "stage_failed"
    assert "RuntimeError: thirteen" in batch[0].detail


def test_a_device_that_fails_fails_the_task_and_quarantines_nothing():
    @dataclass(frozen=True)
    class OnLostDevice(Halve):
        def _judge(self, row):
            raise DeviceError("CUDA error: unspecified launch failure")

    batch = documents(1, 2)
    with pytest.raises(DeviceError, match="unspecified launch failure"):
        run_chain(open_chain([OnLostDevice()]), batch)
    assert [document.decision for document in batch] == [Decision.KEEP] * 2


def test_a_stage_that_loses_a_document_is_refused():
    class Forgetful(Halve):
        def open(self):
            return lambda _rows: []

    with pytest.raises(ValueError, match="0 verdicts for 2 documents"):
        run_chain(open_chain([Forgetful()]), documents(2, 4))


def test_a_stage_sees_only_the_columns_that_it_reads():
    seen = []

    class Curious(Halve):
        def _judge(self, row):
            seen.append(dict(row))
            return keep()

    run_chain(open_chain([Curious()]), documents(2))
    assert seen == [{"n": 2}]


def test_only_the_corpus_stage_sees_the_flag():
    seen = {}

    @dataclass(frozen=True)
    class Flagged(CorpusStage):
        name: ClassVar[str] = "flagged"
        reads: ClassVar[tuple[str, ...]] = ()

        def open(self):
            return one_by_one(lambda row: seen.update(flag=row["flag"]) or keep())

        def open_keys(self): ...

        def flag(self, keys, earlier): ...

    batch = documents(2)
    batch[0].flag = {"survivor": "a"}
    run_chain(open_chain([Flagged(), Halve()]), batch)
    assert seen == {"flag": {"survivor": "a"}}
    assert batch[0].decision is Decision.KEEP
