"""A forecast: which pieces of a crawl are a sample, and what follows from what samples took."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from curation.batches.records import find_batch
from curation.config import load_config
from curation.errors import UsageError
from curation.run.forecast.growth import is_known, pairs, seconds_of_pairs
from curation.run.forecast.judging import Judged, cost_of_judging
from curation.run.forecast.model import BUSY, Measured, Samples, WholeCrawl, forecast_steps
from curation.run.forecast.sample import MIN_PIECE_BYTES, draw, plan_of
from curation.run.forecast.whole import Forecast
from curation.run.laps import Lap
from curation.run.outcome import StepOutcome, StepUsage
from curation.run.plan import PlannedStep
from curation.run.planning import make_plan
from curation.sources.inputs.input_file import InputFile, RecordRange
from curation.spark.progress import Beginnings
from curation.spark.stage_totals import StageTotals
from curation.storage import StoredFile
from curation.storage.manifest import Manifest, PartResult
from curation.storage.stage_description import StageDescription
from curation.testing.samples import CHINESE, ENGLISH
from stages.identity import Identity
from stages.semantic_dedup import SemanticDedup
from tests.commands import curate, output
from tests.curation.small_runs import SMALL, crawl

MIB = 1 << 20
CRAWL = [InputFile(f"/crawl/{n}.warc.gz", 40 * MIB, "") for n in range(5)]


def places(sample):
    return [(piece.file_number, piece.split.start) for piece, _ in sample.slices]


@pytest.mark.parametrize("share", [0.001, 0.01, 0.05])
def test_a_sample_is_about_the_share_that_was_asked_for_and_spread_over_the_files(share):
    sample, small = draw(CRAWL, share, seed=0)
    wanted = 200 * MIB * share
    assert wanted <= sample.bytes <= wanted + max(wanted / 16, MIN_PIECE_BYTES)
    assert places(sample) == sorted(places(sample))
    assert len({number for number, _ in places(sample)}) >= 2
    assert set(places(small)) < set(places(sample))
    assert sample.share == sample.bytes / (200 * MIB)


def test_a_seed_draws_the_same_pieces_wherever_and_another_seed_others():
    first, again, other = (draw(CRAWL, 0.01, seed)[0] for seed in (1, 1, 2))
    assert first == again
    assert places(first) != places(other)


def test_files_that_cannot_be_entered_are_drawn_whole():
    files = [InputFile(f"/crawl/{n}.parquet", MIB, "") for n in range(100)]
    sample, _ = draw(files, 0.05, seed=0)
    assert [(piece.split.start, piece.split.end) for piece, _ in sample.slices] == [(0, None)] * 5


def test_records_of_a_list_are_drawn_as_their_ranges():
    ranges = tuple(RecordRange(n * 100_000, 90_000) for n in range(2_000))
    file = InputFile("/crawl/a.warc.gz", 2_000 * 90_000, "", ranges)
    sample, _ = draw([file], 0.05, seed=0)
    drawn = [each for piece, _ in sample.slices for each in piece.split.ranges]
    assert set(drawn) < set(ranges)
    assert sum(each.length for each in drawn) == sample.bytes


@pytest.mark.parametrize("sizes", [[50_000], [MIB], []])
def test_a_crawl_of_which_a_sample_would_be_most_is_refused(sizes):
    files = [InputFile(f"/crawl/{n}.parquet", size, "") for n, size in enumerate(sizes)]
    with pytest.raises(UsageError, match=r"too few to be sampled at 1\.0%"):
        draw(files, 0.01, seed=0)


def test_the_plan_of_a_sample_lies_in_a_root_of_its_own_with_the_fingerprints_of_the_run(tmp_path):
    conf = tmp_path / "small.toml"
    conf.write_text('name = "small"\n[[step]]\nname = "a"\nstages = ["language"]\n[export]\n')
    plan = make_plan(load_config(conf), CRAWL, find_batch(str(tmp_path / "runs"), "small", "one"))
    sample, _ = draw(CRAWL, 0.01, seed=0)
    moved = plan_of(plan, sample, str(tmp_path / "scratch"))
    assert {Path(step.folder).parent for step in moved.all_steps} == {
        tmp_path / "scratch/small/one"
    }
    assert [one.fingerprint for one in moved.all_steps] == [
        one.fingerprint for one in plan.all_steps
    ]
    assert moved.outputs[0].made_of == moved.steps[0]
    assert (moved.slices, moved.share) == (sample.slices, sample.share)


def outcome(stage, rows, lap, judged_s, *, workers_s, beginnings, **sizes):
    """A step of one part that took so much; its tasks as much as its workers."""
    key_bytes, written, shuffled = (sizes.get(n, 0) for n in ("key_bytes", "written", "shuffled"))
    stages = (stage,) if stage else ()
    step = PlannedStep(1, "a", "f", "runs/1", stages)
    described = tuple(StageDescription(one.name, 1, {}, {}) for one in stages)
    manifest = Manifest(
        *(step.name, 1, "f", described, rows, rows, 0, 0, (), {}, lap.seconds),
        parts=(PartResult(0, rows, {}),) if stage else (),
        products=(StoredFile("a", rows, written * rows, ""),),
    )
    usage = StepUsage(
        lap=lap,
        judged_s=judged_s if stage else 0.0,
        beginnings=beginnings,
        workers_s=workers_s,
        key_bytes=key_bytes * rows,
        peak_bytes=None,
        workers_bytes=None,
        tasks=StageTotals(4, 1.0, shuffled * rows, 0, processor_s=0.0),
    )
    return StepOutcome(step, manifest, cached=False, usage=usage)


def runs(stage, *, fixed, warm_fixed, a_byte, a_part=0.0, beginning_s=(0.0, 0.0, 0.0), **sizes):
    """Samples of 100 bytes cold and warm, and of 500, of a step that takes so much for a byte.

    Half of that is judging, with ``a_part`` once. In each, a worker may take so much to begin.
    """
    made = []
    given = ((100, fixed), (100, warm_fixed), (500, warm_fixed))
    for (size, start), more_s in zip(given, beginning_s, strict=True):
        judged_s = a_part + a_byte * size / 2
        begun = Beginnings(1, judged_s + more_s, judged_s) if more_s else Beginnings()
        in_tasks = judged_s + a_byte * size / 2 + begun.first_s
        used = start + in_tasks
        one = outcome(
            *(stage, size, Lap(2 * used, used), judged_s),
            workers_s=in_tasks,
            beginnings=begun,
            **sizes,
        )
        made.append(Measured(size, [one]))
    return Samples(*made)


def whole(size, parts=1, workers=1):
    return WholeCrawl(size, parts, workers)


def test_what_is_fixed_is_told_from_what_a_byte_costs_and_warming_up_counts_once():
    measured = runs(Identity(), fixed=8.0, warm_fixed=1.0, a_byte=0.01, written=3, shuffled=2)
    [step] = forecast_steps(measured, whole(10_000))
    assert step.fixed_s == pytest.approx(8.0)
    assert step.processor_s == pytest.approx(8.0 + 0.01 * 10_000)
    assert step.documents == 10_000
    assert step.written_bytes == pytest.approx(30_000)
    assert step.shuffled_bytes == 20_000
    assert not step.is_guess


def test_what_an_output_takes_for_a_byte_is_measured_however_much_is_fixed():
    measured = runs(None, fixed=9.0, warm_fixed=8.0, a_byte=0.001)
    [step] = forecast_steps(measured, whole(1_000_000))
    assert step.processor_s == pytest.approx(9.0 + 1_000)


def test_what_a_part_costs_is_taken_once_for_each_part_of_the_whole():
    measured = runs(Identity(), fixed=3.0, warm_fixed=1.0, a_byte=0.001, a_part=0.2)
    [step] = forecast_steps(measured, whole(100_000, parts=8))
    assert step.processor_s == pytest.approx(3.0 + 8 * 0.2 + 0.001 * 100_000)


def test_what_workers_take_to_begin_is_taken_once_for_each_and_for_no_document():
    measured = runs(
        Identity(), fixed=3.0, warm_fixed=1.0, a_byte=0.001, beginning_s=(0.5, 0.0, 3.0)
    )
    one, four = (
        forecast_steps(measured, whole(100_000, parts=8, workers=n))[0].processor_s for n in (1, 4)
    )
    assert one == pytest.approx(3.0 + 0.5 + 0.001 * 100_000)
    assert four == pytest.approx(one + 3 * 0.5)


@pytest.mark.parametrize("large", [Judged(0.1, 1, 500), Judged(0.0, 1, 500), Judged(9.0, 1, 500)])
def test_no_part_of_a_cost_is_negative_and_the_large_sample_is_explained(large):
    cost = cost_of_judging(Judged(0.5, 1, 100), large)
    assert min(cost.part_s, cost.byte_s) >= 0
    assert cost.of(large.parts, large.bytes) == pytest.approx(large.seconds)


def test_an_output_judges_nothing():
    assert cost_of_judging(Judged(0.0, 0, 100), Judged(0.0, 0, 500)).of(8, 10_000) == 0


def test_cores_share_what_a_byte_costs_and_nothing_else():
    measured = runs(None, fixed=8.0, warm_fixed=1.0, a_byte=0.01, written=10 * MIB)
    [step] = forecast_steps(measured, whole(10_000))
    assert step.seconds(1) == pytest.approx(8.0 + 100 / BUSY)
    assert step.seconds(50) == pytest.approx(8.0 + 100 / 50 / BUSY)


def test_few_keys_are_compared_by_one_core_and_so_is_a_small_output_written():
    measured = runs(Identity(), fixed=0.0, warm_fixed=0.0, a_byte=0.01, key_bytes=1)
    [few] = forecast_steps(measured, whole(10_000))
    assert few.serial_s == pytest.approx(50, rel=0.02)  # half of it is comparing
    measured = runs(Identity(), fixed=0.0, warm_fixed=0.0, a_byte=0.01, key_bytes=MIB)
    assert forecast_steps(measured, whole(10_000))[0].serial_s == 0
    [output] = forecast_steps(runs(None, fixed=1, warm_fixed=1, a_byte=0.01), whole(10_000))
    assert output.seconds(1) == pytest.approx(output.seconds(64))


def test_pairs_grow_with_the_square_of_a_cluster_and_then_with_the_clusters():
    assert pairs(20_000, 20_000) / pairs(10_000, 20_000) == pytest.approx(4)
    assert pairs(4_000_000, 20_000) / pairs(2_000_000, 20_000) == pytest.approx(2)
    stage = SemanticDedup()
    few, many = (seconds_of_pairs(stage, n, n * 4 * 64) for n in (1_000, 1_000_000))
    assert many > 1_000 * few > 0
    assert seconds_of_pairs(Identity(), 1_000_000, 1e9) == 0


def test_a_stage_of_which_nobody_knows_is_said_to_be_a_guess():
    class Unheard(Identity):
        name = "unheard"

    assert not is_known(Unheard())
    measured = runs(Unheard(), fixed=1, warm_fixed=1, a_byte=0.01)
    assert forecast_steps(measured, whole(10_000))[0].is_guess


def test_the_whole_is_its_steps_and_what_is_around_them():
    measured = runs(Identity(), fixed=8.0, warm_fixed=1.0, a_byte=0.01)
    steps = forecast_steps(measured, whole(10_000))
    forecast = Forecast(10_000, 500, 50, 2, steps, {"plan": Lap(9.0, 2.0)}, 3 * MIB, MIB)
    assert forecast.pages == 1_000
    assert forecast.processor_s == pytest.approx(110)
    assert forecast.fixed_s == pytest.approx(10)
    assert forecast.memory_bytes(4) == 7 * MIB
    assert forecast.seconds(1) == pytest.approx(2 + steps[0].seconds(1))
    assert forecast.as_json(2)["steps"][0]["seconds"] == steps[0].seconds(2)
    cheaper = replace(forecast, steps=())
    assert cheaper.processor_s == 2.0


@pytest.mark.slow
@pytest.mark.spark
@pytest.mark.usefixtures("tests_own_session")
def test_a_forecast_is_printed_and_leaves_nothing_anywhere(tmp_path, monkeypatch):
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    (tmp_path / "small.toml").write_text(f"{SMALL}[export]\n")
    # So long that a few of them take more than a tick of the clock.
    english, chinese = (50 * f"{text}\n" for text in (ENGLISH, CHINESE))
    texts = {f"f{n}": [english, f"{english} Nr. {n}", chinese] * (1 + n % 5) for n in range(60)}
    what = (tmp_path / "small.toml", crawl(tmp_path / "in", **texts), "--root", tmp_path / "runs")
    said = json.loads(output("plan", *what, "--forecast", "--sample", "0.05", "--json"))
    steps = {step["name"]: step for step in said["steps"]}
    assert list(steps) == ["01 prepare", "02 identity", "03 export"]
    assert said["pages"] == pytest.approx(540, rel=0.5)
    assert steps["01 prepare"]["documents"] == pytest.approx(said["pages"])
    assert said["processor_s"] > said["fixed_s"] > 0
    assert sum(step["written_bytes"] for step in steps.values()) > 0
    assert not (tmp_path / "runs").exists()
    assert [path.name for path in (tmp_path / "scratch").iterdir()] == []


def test_a_share_out_of_bounds_is_refused(tmp_path):
    ran = curate(
        "plan", "conf/local.toml", tmp_path, "--root", tmp_path, "--forecast", "--sample", "0.5"
    )
    assert ran.exit_code == 2
    assert "0.5 is not in the range 0.001<=x<=0.05" in ran.stderr
