"""Disks that are full, read-only or emptied under a run: one line, nothing half done, and on it goes."""

import os
import random
import shutil
import subprocess

import pytest

from curation.config import PipelineConfig, StepConfig
from curation.errors import DamageError, StorageError, UsageError
from curation.outputs.base import Material
from curation.outputs.export import Export
from curation.outputs.pack import Pack
from curation.run import outputs, steps
from curation.run.plan import PlannedOutput, PlannedStep
from curation.run.resources import refuse_changed_output
from curation.testing.samples import CHINESE, ENGLISH
from stages.identity import Identity
from stages.language import Language
from tests.curation.small_runs import crawl, run
from tests.models.fasttext_file import write_model

pytestmark = pytest.mark.spark

CONFIG = PipelineConfig(
    name="full",
    step=(StepConfig("first", ("identity",)),),
    stage={"identity": Identity()},
    outputs={"export": Export(shards=2)},
)


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch):
    """Parts are done here, and what is to happen then is put before or after them."""

    def do(before=lambda: None, after=lambda: None):
        def run_parts(_, parts, work, *__):
            before()
            done = [work(part, {}) for part in parts]
            after()
            return done

        monkeypatch.setattr(steps, "run_parts", run_parts)

    return do


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    """Half a megabyte of text that does not compress much."""
    draw = random.Random(1)
    texts = [" ".join(f"{draw.randrange(1 << 60):x}" for _ in range(1_000)) for _ in range(30)]
    return crawl(tmp_path_factory.mktemp("in"), a=texts)


@pytest.fixture(scope="module")
def files_of_clean_run(spark, inputs, tmp_path_factory):
    done = run(spark, CONFIG, inputs, tmp_path_factory.mktemp("clean"))
    return [outcome.manifest.all_files() for outcome in done]


@pytest.fixture
def disk(tmp_path):
    """A disk of 8 MB of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("this user may not mount a disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(disk, left):
    """Leave so many bytes free."""
    free = shutil.disk_usage(disk).free
    (disk / "filler").write_bytes(bytes(free - left))


def files_below(disk):
    return [path.relative_to(disk).as_posix() for path in disk.rglob("*") if path.is_file()]


def nothing_looks_done(disk, *steps_done):
    manifests = [path.parent.name.split("-")[1] for path in disk.rglob("_manifest.json")]
    assert sorted(manifests) == sorted(steps_done)
    assert not [name for name in files_below(disk) if name.endswith((".tmp", ".writable"))]


def test_a_disk_that_is_full_ends_a_step_and_with_space_the_run_goes_on(
    spark, inputs, disk, in_this_process, files_of_clean_run
):
    in_this_process(before=lambda: fill(disk, 100_000))
    with pytest.raises(StorageError, match=r"step first failed: .*No space left.*free some space"):
        run(spark, CONFIG, inputs, disk / "runs")
    nothing_looks_done(disk)
    (disk / "filler").unlink()
    in_this_process()
    done = run(spark, CONFIG, inputs, disk / "runs")
    assert [outcome.manifest.all_files() for outcome in done] == files_of_clean_run


@pytest.mark.slow
def test_a_disk_that_is_full_in_the_middle_of_an_export_leaves_no_export(
    spark, inputs, disk, in_this_process, files_of_clean_run, monkeypatch
):
    in_this_process()

    def begin(*arguments, **named):
        fill(disk, 200_000)
        return Material(*arguments, **named)

    monkeypatch.setattr(outputs, "Material", begin)
    with pytest.raises(StorageError, match=r"step export failed: .*No space left") as ended:
        run(spark, CONFIG, inputs, disk / "runs")
    assert "\n" not in str(ended.value)
    nothing_looks_done(disk, "first")
    monkeypatch.setattr(outputs, "Material", Material)
    (disk / "filler").unlink()
    again = run(spark, CONFIG, inputs, disk / "runs")
    assert [outcome.cached for outcome in again] == [True, False]
    assert [outcome.manifest.all_files() for outcome in again] == files_of_clean_run


def test_a_disk_that_becomes_read_only_ends_a_run_in_a_line(spark, inputs, disk, in_this_process):
    def remount(how):
        subprocess.run(["mount", "-o", f"remount,{how}", str(disk)], check=True)

    in_this_process(before=lambda: remount("ro"))
    with pytest.raises(StorageError, match=r"step first failed: .*Read-only file system"):
        run(spark, CONFIG, inputs, disk / "runs")
    with pytest.raises(UsageError, match="cannot be written to"):
        run(spark, CONFIG, inputs, disk / "runs")
    remount("rw")
    nothing_looks_done(disk)


@pytest.mark.parametrize("what", ["decision=keep", "summary", "."])
def test_what_is_deleted_under_a_run_is_missed_before_the_step_counts_as_done(
    spark, inputs, tmp_path, in_this_process, what
):
    def delete():
        [step] = (tmp_path / "runs/full/default").glob("01-*")
        shutil.rmtree(tmp_path / "runs" if what == "." else step / what)

    in_this_process(after=delete)
    with pytest.raises(DamageError, match="gone"):
        run(spark, CONFIG, inputs, tmp_path / "runs")
    nothing_looks_done(tmp_path)


@pytest.fixture
def model(tmp_path):
    """A model of a user's own, and a pipeline that judges by it and packs."""
    path = tmp_path / "lid.bin"
    write_model(path, {"eng_Latn": ENGLISH, "cmn_Hani": CHINESE})
    config = PipelineConfig(
        name="tongues",
        step=(StepConfig("first", ("language",)),),
        stage={"language": Language(model=str(path))},
        outputs={"export": Export(shards=2)},
    )
    return path, config, crawl(tmp_path / "in", a=[ENGLISH] * 3, b=[CHINESE] * 3)


def test_a_model_that_goes_half_way_ends_the_run_and_back_in_its_place_it_goes_on(
    spark, model, tmp_path, in_this_process
):
    path, config, inputs = model
    clean = run(spark, config, inputs, tmp_path / "clean")
    moved = path.with_suffix(".away")
    in_this_process(before=lambda: path.rename(moved))
    with pytest.raises(StorageError, match=r"step first failed: .*lid\.bin"):
        run(spark, config, inputs, tmp_path / "runs")
    moved.rename(path)
    in_this_process(after=lambda: path.rename(moved))
    with pytest.raises(UsageError, match=r"stage language: .*lid\.bin"):
        run(spark, config, inputs, tmp_path / "runs")
    nothing_looks_done(tmp_path / "runs")
    moved.rename(path)
    in_this_process()
    done = run(spark, config, inputs, tmp_path / "runs")
    assert [one.manifest.all_files() for one in done] == [one.manifest.all_files() for one in clean]


def test_a_model_that_becomes_another_half_way_judges_nothing_under_the_former_ones_name(
    spark, model, tmp_path, in_this_process
):
    path, config, inputs = model
    in_this_process(after=lambda: write_model(path, {"eng_Latn": CHINESE, "cmn_Hani": ENGLISH}))
    with pytest.raises(UsageError, match=r"changed while it was done: model .*lid\.bin; .*again"):
        run(spark, config, inputs, tmp_path / "runs")
    nothing_looks_done(tmp_path / "runs")


def test_a_tokenizer_that_becomes_another_half_way_packs_nothing():
    step = PlannedStep(3, "pack", "0" * 12, "runs/03-pack")
    planned = PlannedOutput(Pack(), step, step, {**Pack().resources(), "tokenizer": "0"})
    with pytest.raises(UsageError, match="step pack: changed while it was done: tokenizer"):
        refuse_changed_output(planned)


def test_a_clock_that_goes_backwards_changes_nothing(
    spark, inputs, tmp_path, in_this_process, files_of_clean_run, monkeypatch
):
    now = iter(range(10**9, 0, -3600))
    monkeypatch.setattr("time.time", lambda: float(next(now)))
    in_this_process()
    done = run(spark, CONFIG, inputs, tmp_path / "runs")
    assert [outcome.manifest.all_files() for outcome in done] == files_of_clean_run
    assert all(outcome.manifest.seconds >= 0 for outcome in done)
