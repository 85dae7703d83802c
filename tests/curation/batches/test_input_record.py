"""A plan names the inputs that are not those of the last run, and only they are done again."""

import os
import shutil
from pathlib import Path

import pytest

from curation.batches.input_record import differences, load_inputs, save_inputs
from curation.batches.records import find_batch
from curation.config import load_config
from curation.run.planning import make_plan
from curation.sources.inputs.expand import expand
from curation.sources.inputs.input_file import InputFile
from tests.commands import curate, message, output
from tests.curation.small_runs import crawl

CONF = """
name = "small"
[source]
identity = "content"
[[step]]
name = "prepare"
stages = ["language"]
"""


def test_inputs_are_told_to_be_other_new_or_gone(tmp_path):
    files = [InputFile(name, 7, "then") for name in ("a.warc", "b.warc", "c.warc")]
    save_inputs(str(tmp_path), files)
    now = [files[0], InputFile("b.warc", 8, "now"), InputFile("d.warc", 7, "then")]
    former = load_inputs(str(tmp_path))
    assert list(differences(former, files)) == []
    assert list(differences(former, now)) == [
        "changed: b.warc: 8 bytes, was 7",
        "new: d.warc",
        "gone: c.warc",
    ]


def test_a_batch_that_never_ran_has_no_record_of_inputs(tmp_path):
    assert load_inputs(str(tmp_path)) is None


@pytest.fixture
def planned(tmp_path):
    """Plans of a crawl as it is, with what a run keeps of its inputs kept."""
    (tmp_path / "conf.toml").write_text(CONF)
    crawl(tmp_path / "in", a=["one"], b=["two"])

    def plan(identity="content"):
        config = load_config(tmp_path / "conf.toml", [f'source.identity="{identity}"'])
        batch = find_batch(str(tmp_path / "runs"), config.name, "default")
        plan = make_plan(config, expand([str(tmp_path / "in")]), batch)
        plan.record().save(batch.folder)
        save_inputs(batch.folder, plan.inputs)
        return plan.steps[0].fingerprint

    return plan


def copy_anew(folder):
    """The same files with other dates."""
    shutil.copytree(folder, folder.with_name("copy"))
    shutil.rmtree(folder)
    folder.with_name("copy").rename(folder)
    for path in folder.iterdir():
        os.utime(path, (5, 5))


def test_by_content_a_crawl_that_was_copied_anew_is_done_and_by_date_it_is_not(planned, tmp_path):
    by_content, by_date = planned(), planned("modified")
    copy_anew(tmp_path / "in")
    assert planned() == by_content
    assert planned("modified") != by_date


def test_by_content_a_change_that_keeps_size_and_date_is_seen(planned, tmp_path):
    path = tmp_path / "in" / "a.jsonl"
    os.utime(path, (5, 5))
    by_content, by_date = planned(), planned("modified")
    path.write_text(path.read_text().replace("one", "two"))
    os.utime(path, (5, 5))
    assert planned("modified") == by_date
    assert planned() != by_content


def test_a_plan_names_what_has_changed(planned, tmp_path):
    planned()
    asked = ("plan", tmp_path / "conf.toml", tmp_path / "in", "--root", tmp_path / "runs")
    assert "changed" not in output(*asked)
    (tmp_path / "in" / "b.jsonl").write_text('{"url": "http://b.example/", "text": "2"}\n')
    (tmp_path / "in" / "c.jsonl").write_text('{"url": "http://c.example/", "text": "3"}\n')
    before, after = output(*asked), output(*asked)
    assert before == after  # a plan changes nothing
    lines = [line for line in after.splitlines() if line.startswith(("changed", "new", "gone"))]
    assert [line.split(":")[0] for line in lines] == ["changed", "new"]
    assert "b.jsonl" in lines[0]


def test_an_input_whose_content_cannot_be_read_is_a_usage_error(tmp_path, monkeypatch):
    (tmp_path / "conf.toml").write_text(CONF)
    folder = Path(crawl(tmp_path / "in", a=["one"]))
    monkeypatch.setattr("curation.sources.inputs.identity._digest", refuse)
    ran = curate("plan", tmp_path / "conf.toml", folder, "--root", tmp_path / "runs")
    assert ran.exit_code == 2
    assert message(ran).startswith("source.identity: content of an input cannot be read: ")


def refuse(path):
    raise PermissionError(13, "Permission denied", path)
