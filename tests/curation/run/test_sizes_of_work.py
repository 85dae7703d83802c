"""What a run gives hangs neither on cores nor on how much is compared at once."""

import shutil
from pathlib import Path

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

pytestmark = [pytest.mark.spark, pytest.mark.slow]

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


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    """Equal texts, lines that many share, and near copies, over files of different sizes."""
    texts = {
        name: [
            ENGLISH,
            f"Read this first\n{ENGLISH}\nIn the {name} house.",
            *[f"{CHINESE}\n{name} {n}" for n in range(3)],
        ]
        for name in "abcdef"
    }
    return crawl(tmp_path_factory.mktemp("in"), **texts, g=[ENGLISH + CHINESE] * 40)


@pytest.fixture(scope="module")
def done(spark, inputs, tmp_path_factory):
    """A root with a run of this machine's cores, and its outcomes."""
    root = tmp_path_factory.mktemp("done")
    return root, run(spark, CONFIG, inputs, root)


@pytest.fixture
def first(done):
    return done[1]


@pytest.fixture
def root(done, tmp_path):
    return shutil.copytree(done[0], tmp_path / "runs")


def folder_of(root, outcome):
    """Of a step, in a copy of the root."""
    return root / "sizes" / "default" / Path(outcome.step.folder).name


def accounts(outcomes):
    return [
        (o.manifest.rows_in, o.manifest.keep, reasons_of(o.manifest), kept(o)) for o in outcomes
    ]


def cut_for(monkeypatch, cores, min_part_bytes):
    """Cut parts for so many cores, as small as those of a crawl of many gigabytes are beside it."""
    monkeypatch.setattr("curation.run.part_sizes.MIN_PART_BYTES", min_part_bytes)
    monkeypatch.setattr(steps, "core_count", lambda _: cores)


@pytest.fixture(scope="module")
def many(spark, inputs, tmp_path_factory):
    """A root with a run in many parts, whose keys several tasks compare, and its outcomes."""
    root = tmp_path_factory.mktemp("many")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sizing, "TASK_BYTES", 1)
        cut_for(patched, 8, 4)
        return root, run(spark, CONFIG, inputs, root)


def test_many_keys_in_many_parts_give_what_few_in_one_task_give(first, many):
    assert sizing.fit_one_task(1000)
    assert len(many[1][0].manifest.parts) > len(first[0].manifest.parts)
    assert accounts(many[1]) == accounts(first)
    assert all(outcome.manifest.remove for outcome in first[1::2])


def test_a_run_goes_on_with_another_number_of_cores(spark, inputs, many, tmp_path, monkeypatch):
    root, outcomes = shutil.copytree(many[0], tmp_path / "runs"), many[1]
    for outcome in outcomes[2:]:
        (folder_of(root, outcome) / "_manifest.json").unlink()
    cut_for(monkeypatch, 1, 1 << 20)
    again = run(spark, CONFIG, inputs, root)
    assert [outcome.cached for outcome in again] == [True, True, False, False]
    assert len(again[3].manifest.parts) < len(outcomes[3].manifest.parts)
    assert accounts(again) == accounts(outcomes)


def test_keys_are_made_ahead_by_the_step_before_and_leave_no_trace(first):
    assert [bool(outcome.keys_ahead) for outcome in first] == [True, True, True, False]
    for outcome in first:
        assert not storage.exists(f"{outcome.step.folder}/keys")


def test_the_keys_of_a_step_that_is_done_are_not_made(spark, inputs, first, root):
    (folder_of(root, first[0]) / "_manifest.json").unlink()
    again = run(spark, CONFIG, inputs, root)
    assert [outcome.cached for outcome in again] == [False, True, True, True]
    assert not again[0].keys_ahead
    assert accounts(again) == accounts(first)


def test_keys_that_a_run_left_when_it_stopped_are_not_taken_for_those_of_the_next(
    spark, inputs, first, root
):
    folder = folder_of(root, first[1])
    (folder / "_manifest.json").unlink()
    storage.write_bytes(f"{folder}/keys/part-00000-stray.parquet", b"half a file")
    again = run(spark, CONFIG, inputs, root)
    assert not (folder / "keys").exists()
    assert accounts(again) == accounts(first)
