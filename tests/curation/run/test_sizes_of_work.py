"""What a run gives hangs neither on cores nor on how much is compared at once."""

import pytest

from curation import storage
from curation.config import PipelineConfig, StepConfig
from curation.run import steps
from curation.spark import sizing
from curation.testing.samples import CHINESE, ENGLISH
from stages.fuzzy_dedup import FuzzyDedup
from stages.identity import Identity
from stages.language import Language
from stages.line_dedup import LineDedup
from tests.curation.small_runs import crawl, kept, reasons_of, run

pytestmark = pytest.mark.spark

CONFIG = PipelineConfig(
    name="sizes",
    step=(
        StepConfig("prepare", ("language",)),
        StepConfig("identity", ("identity",)),
        StepConfig("lines", ("line_dedup",)),
        StepConfig("fuzzy", ("fuzzy_dedup",)),
    ),
    stage={
        "language": Language(),
        "identity": Identity(),
        "line_dedup": LineDedup(max_occurrences=2),
        "fuzzy_dedup": FuzzyDedup(),
    },
)


@pytest.fixture
def inputs(tmp_path):
    """Equal texts, lines that many share, and near copies, over files of different sizes."""
    texts = {
        name: [
            ENGLISH,
            f"Read this first\n{ENGLISH}\nIn the {name} house.",
            *[f"{CHINESE}\n{name} {n}" for n in range(3)],
        ]
        for name in "abcdef"
    }
    return crawl(tmp_path / "in", **texts, g=[ENGLISH + CHINESE] * 40)


def accounts(outcomes):
    return [
        (o.manifest.rows_in, o.manifest.keep, reasons_of(o.manifest), kept(o)) for o in outcomes
    ]


@pytest.fixture
def in_small_parts(monkeypatch):
    """As a crawl of many gigabytes is cut, for as many cores as a test says."""

    def cores(count, min_part_bytes=4):
        monkeypatch.setattr("curation.run.part_sizes.MIN_PART_BYTES", min_part_bytes)
        monkeypatch.setattr(steps, "core_count", lambda _: count)

    return cores


def test_many_keys_in_many_parts_give_what_few_in_one_task_give(
    spark, inputs, tmp_path, in_small_parts, monkeypatch
):
    in_small_parts(1)
    few = run(spark, CONFIG, inputs, tmp_path / "few")
    assert sizing.fit_one_task(1000)
    monkeypatch.setattr(sizing, "TASK_BYTES", 1)
    in_small_parts(8)
    many = run(spark, CONFIG, inputs, tmp_path / "many")
    assert len(many[0].manifest.parts) > len(few[0].manifest.parts)
    assert accounts(many) == accounts(few)
    assert all(outcome.manifest.remove for outcome in few[1::2])


def test_a_run_goes_on_with_another_number_of_cores(spark, inputs, tmp_path, in_small_parts):
    in_small_parts(8)
    first = run(spark, CONFIG, inputs, tmp_path / "runs")
    found = accounts(first)
    for outcome in first[2:]:
        storage.delete_file(f"{outcome.step.folder}/_manifest.json")
    in_small_parts(1, min_part_bytes=1 << 20)
    again = run(spark, CONFIG, inputs, tmp_path / "runs")
    assert [outcome.cached for outcome in again] == [True, True, False, False]
    assert len(again[3].manifest.parts) < len(first[3].manifest.parts)
    assert accounts(again) == found


def test_keys_are_made_ahead_by_the_step_before_and_leave_no_trace(spark, inputs, tmp_path):
    whole = run(spark, CONFIG, inputs, tmp_path / "runs")
    assert [bool(outcome.keys_ahead) for outcome in whole] == [True, True, True, False]
    for outcome in whole:
        assert not storage.exists(f"{outcome.step.folder}/keys")


def test_the_keys_of_a_step_that_is_done_are_not_made(spark, inputs, tmp_path):
    found = accounts(first := run(spark, CONFIG, inputs, tmp_path / "runs"))
    storage.delete_file(f"{first[0].step.folder}/_manifest.json")
    again = run(spark, CONFIG, inputs, tmp_path / "runs")
    assert [outcome.cached for outcome in again] == [False, True, True, True]
    assert not again[0].keys_ahead
    assert accounts(again) == found


def test_keys_that_a_run_left_when_it_stopped_are_not_taken_for_those_of_the_next(
    spark, inputs, tmp_path
):
    first = run(spark, CONFIG, inputs, tmp_path / "runs")
    found, folder = accounts(first), first[1].step.folder
    storage.delete_file(f"{folder}/_manifest.json")
    storage.write_bytes(f"{folder}/keys/part-00000-stray.parquet", b"half a file")
    again = run(spark, CONFIG, inputs, tmp_path / "runs")
    assert not storage.exists(f"{folder}/keys")
    assert accounts(again) == found
