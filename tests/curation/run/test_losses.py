"""A row that the engine loses, doubles or exchanges ends the run, wherever that happens."""

import shutil

import pytest

from curation import storage
from curation.config import PipelineConfig, StepConfig
from curation.errors import LedgerError
from curation.parts import process
from curation.run import steps
from curation.testing.samples import CHINESE, ENGLISH
from stages.identity import Identity
from stages.language import Language
from tests.curation.small_runs import crawl, run

pytestmark = pytest.mark.spark

CONFIG = PipelineConfig(
    name="losing",
    step=(StepConfig("prepare", ("language",)), StepConfig("identity", ("identity",))),
    stage={"language": Language(), "identity": Identity()},
)


@pytest.fixture
def inputs(tmp_path):
    return crawl(tmp_path / "in", a=[ENGLISH, CHINESE, f"{ENGLISH} Two.", f"{CHINESE}三。"])


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch):
    """Parts are done here, where a function can be exchanged for one that errs."""

    def run_parts(_, parts, work, *__):
        return [work(part, {}) for part in parts]

    monkeypatch.setattr(steps, "run_parts", run_parts)


def err(monkeypatch, name, make):
    """Exchange a function of ``process`` for one that is made of it."""
    monkeypatch.setattr(process, name, make(getattr(process, name)))


def with_documents(change):
    def make(read):
        def reading(*arguments):
            yield from change(list(read(*arguments)))

        return reading

    return make


def exchange_last(documents):
    documents[-1].columns["doc_id"] = "another"
    return documents


LOSE_LAST = with_documents(lambda documents: documents[:-1])
DOUBLE_FIRST = with_documents(lambda documents: [documents[0], *documents[:-1]])
EXCHANGE_LAST = with_documents(exchange_last)


def test_what_is_whole_passes(spark, tmp_path, inputs):
    prepare, _ = run(spark, CONFIG, inputs, tmp_path / "runs")
    [part] = prepare.manifest.parts
    assert (part.records, part.rows_in, part.skipped) == (4, 4, {})


@pytest.mark.parametrize(
    ("name", "make", "message"),
    [
        ("read_documents", LOSE_LAST, "the source found 4 records, of which 3 came in"),
        ("read_documents", DOUBLE_FIRST, "position 0 comes after position 0"),
        (
            "batched",
            with_documents(lambda given: [d[:-1] for d in given]),
            "4 rows came in, 3 went",
        ),
        (
            "batched",
            with_documents(lambda given: [[d[0], *d[:-1]] for d in given]),
            "the rows that were written are not those that came in",
        ),
    ],
)
def test_what_is_lost_in_the_first_step_is_seen(
    spark, tmp_path, inputs, monkeypatch, name, make, message
):
    err(monkeypatch, name, make)
    with pytest.raises(LedgerError, match=message):
        run(spark, CONFIG, inputs, tmp_path / "runs")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (LOSE_LAST, "the step before kept"),
        (DOUBLE_FIRST, "comes after position"),
        (EXCHANGE_LAST, "as many rows came in as the step before kept, but not the same"),
    ],
)
def test_what_is_lost_between_two_steps_is_seen(
    spark, tmp_path, inputs, monkeypatch, make, message
):
    run(spark, CONFIG, inputs, tmp_path / "runs")
    shutil.rmtree(next((tmp_path / "runs/losing/default").glob("02-*")))
    err(monkeypatch, "read_documents", make)
    with pytest.raises(LedgerError, match=message):
        run(spark, CONFIG, inputs, tmp_path / "runs")


def test_the_result_of_a_part_that_does_not_come_back_is_missed(
    spark, tmp_path, inputs, monkeypatch
):
    def lose_one(_, parts, work, *__):
        return [work(part, {}) for part in parts[1:]]

    monkeypatch.setattr(steps, "run_parts", lose_one)
    with pytest.raises(LedgerError, match="parts 0 are not among them"):
        run(spark, CONFIG, inputs, tmp_path / "runs")


def test_what_a_try_that_was_given_up_left_is_deleted(spark, tmp_path, inputs, monkeypatch):
    def leave_more(_, parts, work, *__):
        for name in ("decision=keep/part-00000-other.parquet", "summary/part-00000-other.parquet"):
            storage.write_bytes(storage.join(work.args[0].folder, name), b"of another try")
        return [work(part, {}) for part in parts]

    monkeypatch.setattr(steps, "run_parts", leave_more)
    for outcome in run(spark, CONFIG, inputs, tmp_path / "runs"):
        listed = {"_manifest.json", *(file.name for file in outcome.manifest.all_files())}
        assert set(storage.list_files(outcome.step.folder)) == listed
