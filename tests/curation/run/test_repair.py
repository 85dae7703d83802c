"""Damage to a finished run is noticed by the next run, named by `verify`, and made good by `repair`."""

import json
import shutil
from pathlib import Path

import pytest
from rich.console import Console

from curation.batches.records import find_batch
from curation.config import PipelineConfig, StepConfig
from curation.errors import DamageError, RecordError
from curation.inspect.verification import verify
from curation.outputs.export import Export
from curation.run.planning import make_plan
from curation.run.repair import repair
from curation.run.runner import Runner
from curation.sources.inputs.expand import expand
from curation.testing.samples import CHINESE, ENGLISH
from stages.identity import Identity
from stages.language import Language
from tests.commands import curate, output
from tests.curation.small_runs import crawl, run

pytestmark = pytest.mark.spark

RECORDS = ("_run.json", "_inputs.json")  # which every run writes
CONFIG = PipelineConfig(
    name="whole",
    step=(StepConfig("prepare", ("language",)), StepConfig("identity", ("identity",))),
    stage={"language": Language(), "identity": Identity()},
    outputs={"export": Export()},
    part_bytes=1,
)


@pytest.fixture(scope="module")
def finished(spark, tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    inputs = crawl(folder / "in", a=[ENGLISH, CHINESE, "Mon ami"], b=[ENGLISH, f"{ENGLISH} Two."])
    run(spark, CONFIG, inputs, folder / "runs")
    return folder


@pytest.fixture
def batch(finished, tmp_path):
    """A copy of the finished run."""
    shutil.copytree(finished / "runs", tmp_path / "runs")
    return tmp_path / "runs/whole/default"


def cut(path):
    path.write_bytes(path.read_bytes()[:-5])


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 4
    path.write_bytes(data)


def recount(path):
    record = json.loads(path.read_text())
    record["keep"] += 1
    path.write_text(json.dumps(record))


def empty(path):
    path.write_bytes(b"")


DAMAGES = [
    ("01-*/decision=keep/*.parquet", Path.unlink),
    ("01-*/decision=remove/*.parquet", cut),
    ("01-*/decision=keep/*.parquet", flip),
    ("01-*/summary/step-*.parquet", flip),
    ("02-*/state/*.parquet", Path.unlink),
    ("02-*/state/*.parquet", flip),
    ("02-*/_manifest.json", recount),
    ("02-*/_manifest.json", empty),
    ("02-*/_manifest.json", Path.unlink),
    ("03-export-*/*.parquet", Path.unlink),
    ("03-export-*/*.parquet", flip),
    ("03-export-*/README.md", cut),
]


def contents(batch):
    """Every file of the run but for the times in its records."""
    found = {}
    for path in sorted(batch.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            is_record = path.name == "_manifest.json"
            data = json.loads(path.read_text()) if is_record else path.read_bytes()
            if is_record:
                for of_this_time in ("seconds", "processor_s", "finished", "checksum"):
                    del data[of_this_time]
            found[str(path.relative_to(batch))] = data
    return found


def planned(finished, batch):
    root = str(batch.parents[1])
    inputs = expand([str(finished / "in")])
    return make_plan(CONFIG, inputs, find_batch(root, CONFIG.name, "default"))


@pytest.mark.slow
@pytest.mark.parametrize(("pattern", "damage"), DAMAGES)
def test_what_is_damaged_is_named_and_made_again_and_nothing_else(
    spark, finished, batch, pattern, damage
):
    before = contents(batch)
    path = min(batch.glob(pattern))
    damage(path)
    found = verify(str(batch), deep=True)
    assert found.faults
    assert all(str(path) in str(fault) for fault in found.faults)
    plan = planned(finished, batch)
    made = repair(plan, Runner(lambda *_: spark, Console(quiet=True)))
    step = next(step for step in plan.all_steps if str(path).startswith(f"{step.folder}/"))
    assert list(made) == [step.name]
    assert contents(batch) == before
    assert verify(str(batch), deep=True).faults == []


def test_a_run_that_is_whole_is_left_alone(spark, finished, batch):
    stamps = {path: path.stat().st_mtime_ns for path in batch.rglob("*") if path.is_file()}
    found = verify(str(batch), deep=True)
    assert (found.faults, found.unfinished, found.steps) == ([], [], 3)
    assert repair(planned(finished, batch), Runner(lambda *_: spark, Console(quiet=True))) == {}
    after = {path: path.stat().st_mtime_ns for path in batch.rglob("*") if path.is_file()}
    assert {p: t for p, t in after.items() if p.name not in RECORDS} == {
        p: t for p, t in stamps.items() if p.name not in RECORDS
    }


@pytest.mark.parametrize(
    ("pattern", "damage", "error"),
    [
        ("01-*/decision=keep/*.parquet", Path.unlink, DamageError),
        ("02-*/state/*.parquet", cut, DamageError),
        ("03-export-*/*.parquet", cut, DamageError),
        ("02-*/_manifest.json", recount, RecordError),
    ],
)
def test_the_next_run_does_not_take_what_is_damaged_for_done(
    spark, finished, batch, pattern, damage, error
):
    path = min(batch.glob(pattern))
    damage(path)
    with pytest.raises(error, match=path.name):
        run(spark, CONFIG, str(finished / "in"), batch.parents[1])


def test_a_bit_that_flips_before_the_next_step_reads_it_ends_the_run(spark, finished, batch):
    shutil.rmtree(next(batch.glob("02-*")))
    path = min(batch.glob("01-*/decision=keep/*.parquet"))
    flip(path)
    with pytest.raises(DamageError, match=path.name):
        run(spark, CONFIG, str(finished / "in"), batch.parents[1])


def test_verify_says_in_a_line_each_what_is_wrong_and_ends_so(batch):
    root = batch.parents[1]
    assert "3 steps" in output("verify", "--root", root, "--deep")
    assert ": whole" in output("verify", "--root", root)
    path = min(batch.glob("01-*/decision=keep/*.parquet"))
    flip(path)
    ran = curate("verify", "--root", root, "--deep")
    assert ran.exit_code == DamageError.exit_code
    fault, summary = ran.stdout.splitlines()
    assert fault.startswith(f"{path}: does not have the bytes that were written")
    assert summary.startswith(f"{batch}: ")
    assert "1 faults" in summary
    (batch / "_run.json").write_text("{}")
    ran = curate("verify", "--root", root)
    assert ran.exit_code == DamageError.exit_code
    assert "_run.json: is damaged" in ran.stdout
