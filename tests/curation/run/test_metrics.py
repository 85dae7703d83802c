"""Every command that does steps writes them for those who scrape, as a run does."""

import json
import re
import shutil
from pathlib import Path

import pytest

from curation.run.metrics import METRICS_FILE, STEPS_FILE
from curation.testing.samples import CHINESE, ENGLISH
from tests.commands import curate, output
from tests.curation.small_runs import SMALL, crawl

pytestmark = [pytest.mark.spark, pytest.mark.usefixtures("tests_own_session")]

STEPS = ["prepare", "identity", "export", "pack"]


@pytest.fixture(scope="module")
def finished(spark, tmp_path_factory):
    folder = tmp_path_factory.mktemp("finished")
    (folder / "small.toml").write_text(f"{SMALL}[export]\n[pack]\n")
    crawl(folder / "in", a=[ENGLISH, ENGLISH, CHINESE])
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("curation.spark.session.start_session", lambda *_, **__: spark)
        output("run", folder / "small.toml", folder / "in", "--root", folder / "runs")
    return folder


@pytest.fixture
def batch(finished, tmp_path):
    """A copy of the finished run, in which nothing was written for those who scrape."""
    shutil.copytree(finished / "runs", tmp_path / "runs")
    copied = tmp_path / "runs/small/default"
    (copied / METRICS_FILE).unlink()
    (copied / STEPS_FILE).unlink()
    return copied


def call(finished, batch, *words):
    """What a command with a folder for text files returns; its input is where it was."""
    (batch.parents[2] / "textfiles").mkdir()
    name, *more = words
    where = ("--root", batch.parents[1], "--metrics", batch.parents[2] / "textfiles")
    return curate(name, *more, finished / "small.toml", *where)


def lines(batch):
    return [json.loads(line) for line in (batch / STEPS_FILE).read_text().splitlines()]


def is_state(text, state):
    return re.search(rf'^curation_run_state{{.*state="{state}"}} 1$', text, re.MULTILINE)


def damage(batch):
    min(batch.glob("02-*/decision=keep/*.parquet")).unlink()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "done_now", "steps"),
    [
        (("stage", "identity"), ["trial of identity"], [*STEPS, "trial of identity"]),
        (("pack", "--sequence-length", "64"), ["pack"], STEPS),
        (("repair",), ["identity"], STEPS),
    ],
)
def test_a_command_that_does_a_step_writes_it_beside_those_done_before(
    finished, batch, words, done_now, steps
):
    if words == ("repair",):
        damage(batch)
    ran = call(finished, batch, *words)
    assert ran.exit_code == 0, ran.stderr
    written = lines(batch)
    assert [line["step"] for line in written] == steps
    assert [line["step"] for line in written if not line["done_before"]] == done_now
    assert all((line["processor_s"] or 0) > 0 for line in written if not line["done_before"])
    text = (batch / METRICS_FILE).read_text()
    assert is_state(text, "done")
    assert f'curation_run_steps{{pipeline="small",batch="default"}} {len(steps)}\n' in text
    assert re.search(rf'^curation_step_tasks{{.*step="\d\d {done_now[0]}"}} ', text, re.MULTILINE)
    copied = batch.parents[2] / "textfiles" / "curation-small-default.prom"
    assert copied.read_text() == text


def test_a_command_whose_step_fails_says_so_to_those_who_scrape(finished, batch, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("curation.outputs.pack.pack_shards", fail)
    assert call(finished, batch, "pack", "--sequence-length", "64").exit_code
    assert is_state((batch / METRICS_FILE).read_text(), "failed")
    assert [line["step"] for line in lines(batch)] == ["prepare", "identity", "export"]


def test_a_command_that_is_refused_leaves_what_was_written_before(finished, batch):
    (batch / METRICS_FILE).write_text("before")
    for shard in batch.glob("03-export-*/_manifest.json"):
        Path(shard).unlink()
    assert call(finished, batch, "pack", "--sequence-length", "64").exit_code == 2
    assert (batch / METRICS_FILE).read_text() == "before"
