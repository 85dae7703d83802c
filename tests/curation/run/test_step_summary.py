"""The summary of a step says what its files say, however the step was cut and merged."""

from dataclasses import replace

import pyarrow.parquet as pq
import pytest

from curation.config import PipelineConfig, StepConfig
from curation.storage import list_files
from curation.summaries.documents import summarise
from curation.summaries.files import read_summary, write_summary
from curation.summaries.summary import add, total_of
from curation.summaries.twins import find_twins, twins_wanted
from curation.testing.samples import CHINESE, ENGLISH
from schemas.verdict import Decision
from stages.identity import Identity
from stages.language import Language
from tests.curation.small_runs import crawl, run

CONFIG = PipelineConfig(
    name="summed",
    step=(StepConfig("prepare", ("language",)), StepConfig("identity", ("identity",))),
    stage={"language": Language(), "identity": Identity()},
    part_bytes=1,
)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    texts = [ENGLISH, CHINESE, ENGLISH, "Ceci n'est pas une langue que nous gardons, mon ami."]
    files = {
        name: [f"{text} {name}" if n else text for n, text in enumerate(texts)] for name in "abcdef"
    }
    return crawl(tmp_path_factory.mktemp("in"), **files)


@pytest.fixture(scope="module")
def outcomes(spark, inputs, tmp_path_factory):
    return run(spark, CONFIG, inputs, tmp_path_factory.mktemp("runs"))


def read_decision(outcome, decision):
    for _, file in outcome.manifest.files(decision):
        yield pq.read_table(f"{outcome.step.folder}/{file.name}", partitioning=None)


@pytest.mark.spark
def test_it_is_that_of_all_documents_that_the_step_wrote(outcomes, tmp_path):
    for outcome in outcomes:
        assert len(outcome.manifest.parts) > 1
        tables = [(t, d) for d in Decision for t in read_decision(outcome, d)]
        limits = outcome.manifest.limits
        whole = total_of(summarise(*each, limits) for each in tables)
        wanted = twins_wanted(whole)
        assert bool(wanted) == (outcome.step.name == "identity")
        twins = [
            find_twins(f"{outcome.step.folder}/{file.name}", decision, wanted)
            for decision in Decision
            for _, file in outcome.manifest.files(decision)
        ]
        expected = write_summary(add([whole, *twins]), str(tmp_path), "step")
        assert outcome.manifest.summary == expected


@pytest.mark.spark
def test_the_document_that_stays_is_held_beside_its_copies(outcomes):
    identity = outcomes[1]
    found = read_summary(f"{identity.step.folder}/{identity.manifest.summary.name}")
    held = {one["doc_id"]: one for one in found.documents.to_pylist()}
    copies = [one for one in held.values() if one["reason"] == "same_text"]
    assert copies
    assert {held[one["twin"]]["text"] for one in copies} == {one["text"] for one in copies}


@pytest.mark.spark
def test_every_file_of_a_step_is_listed_in_its_manifest(outcomes):
    for outcome in outcomes:
        done = outcome.manifest
        files = [(*part.files.values(), part.summary, part.lookup) for part in done.parts]
        listed = [file.name for some in files for file in some if file]
        listed += [f"state/{file.name}" for file in done.state]
        listed += [done.summary.name, "_manifest.json"]
        assert list_files(outcome.step.folder) == sorted(listed)


@pytest.mark.slow
@pytest.mark.spark
def test_parts_of_other_sizes_and_other_merges_make_the_same_file(
    spark, inputs, outcomes, tmp_path, monkeypatch
):
    whole = run(spark, replace(CONFIG, part_bytes=1 << 30), inputs, tmp_path / "whole")
    monkeypatch.setattr("curation.run.step_summary.MERGED_TOGETHER", 2)
    merged = run(spark, CONFIG, inputs, tmp_path / "merged")
    for one, other, third in zip(outcomes, whole, merged, strict=True):
        assert len(one.manifest.parts) > len(other.manifest.parts)
        assert one.manifest.summary == other.manifest.summary == third.manifest.summary
    assert list_files(merged[0].step.folder) == list_files(outcomes[0].step.folder)


@pytest.mark.spark
def test_a_crawl_without_pages_has_no_summary(spark, tmp_path):
    outcomes = run(spark, CONFIG, crawl(tmp_path / "in", a=[]), tmp_path / "runs")
    for outcome in outcomes:
        assert (outcome.manifest.rows_in > 0) is (outcome.manifest.summary is not None)
