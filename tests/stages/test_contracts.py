"""What every stage promises, whatever it judges."""

import pickle

import pyarrow as pa
import pytest

from schemas.verdict import Decision
from stages.base import CorpusStage, DocumentStage
from stages.chain import Document, open_chain, run_chain
from stages.registry import STAGES
from tests.stages import samples
from tests.stages.corpus import run_corpus_stage

DOCUMENT_STAGES = sorted(n for n, s in STAGES.items() if issubclass(s, DocumentStage))
CORPUS_STAGES = sorted(n for n, s in STAGES.items() if issubclass(s, CorpusStage))


def rows_for(stage):
    """The sample documents with the columns that the stage reads, and no other."""
    return [{name: row[name] for name in stage.reads} for row in samples.documents()]


@pytest.mark.parametrize("name", sorted(STAGES))
def test_a_stage_is_registered_under_its_name_and_says_what_it_writes(name):
    stage = STAGES[name]()
    assert stage.name == name
    assert all(isinstance(kind, pa.DataType) for kind in stage.writes.values())
    assert all(isinstance(v, str) and v for v in stage.resources().values())


@pytest.mark.parametrize("name", sorted(STAGES))
def test_a_stage_travels_to_a_worker_unchanged(name):
    stage = STAGES[name]()
    assert pickle.loads(pickle.dumps(stage)) == stage


@pytest.mark.parametrize("name", DOCUMENT_STAGES)
def test_every_document_gets_one_verdict_and_only_the_columns_that_the_stage_writes(name):
    stage = STAGES[name]()
    rows = rows_for(stage)
    verdicts = stage.open()(rows)
    assert len(verdicts) == len(rows)
    for verdict in verdicts:
        assert set(verdict.columns) <= set(stage.writes)
        assert (verdict.reason == "") == (verdict.decision is Decision.KEEP)
        schema = pa.schema([(n, stage.writes[n]) for n in verdict.columns])
        pa.RecordBatch.from_pylist([dict(verdict.columns)], schema=schema)


@pytest.mark.parametrize("name", DOCUMENT_STAGES)
def test_no_batch_is_no_verdict(name):
    assert list(STAGES[name]().open()([])) == []


@pytest.mark.parametrize("name", DOCUMENT_STAGES)
def test_a_verdict_depends_on_no_other_document(name):
    stage = STAGES[name]()
    rows = rows_for(stage)
    judge = stage.open()
    together = list(judge(rows))
    assert [judge([row])[0] for row in reversed(rows)] == together[::-1]
    assert list(stage.open()(rows)) == together


@pytest.mark.parametrize("name", DOCUMENT_STAGES)
def test_a_judge_leaves_its_documents_as_they_were(name):
    stage = STAGES[name]()
    rows = rows_for(stage)
    stage.open()(rows)
    assert rows == rows_for(stage)


@pytest.mark.parametrize("name", DOCUMENT_STAGES)
def test_a_stage_quarantines_none_of_the_ordinary_documents(name):
    chain = open_chain([STAGES[name]()])
    documents = [Document(row) for row in samples.documents()]
    run_chain(chain, documents)
    assert [d.detail for d in documents if d.decision is Decision.QUARANTINE] == []


@pytest.mark.spark
@pytest.mark.parametrize("name", CORPUS_STAGES)
def test_a_corpus_stage_gives_the_same_verdicts_over_one_and_seven_partitions(name, spark):
    stage = STAGES[name]()
    documents = samples.documents()
    one, _ = run_corpus_stage(spark, stage, documents, partitions=1)
    seven, _ = run_corpus_stage(spark, stage, documents[::-1], partitions=7)
    assert one == seven
    assert len(one) == len(documents)
