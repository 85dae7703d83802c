"""Bad input ends in one line that says what to do, and an exit code that scripts can use."""

import re
import shlex
import subprocess
import sys

import click
import pytest

from conf import locate
from curation.cli.examples import commands_below
from curation.cli.main import main
from curation.testing.samples import ENGLISH
from tests.commands import curate, message
from tests.curation.small_runs import SMALL, crawl

LOCAL = str(locate("local.toml"))


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_has_help(command):
    ran = curate(command, "--help")
    assert ran.exit_code == 0
    assert main.commands[command].help.split("\n")[0] in " ".join(ran.stdout.split())


COMMANDS = dict(commands_below(main))


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_help_of_every_command_has_an_example_that_the_command_takes(name):
    shown = curate(*name.split(), "--help").stdout
    examples = re.findall(r"^ +curate ([^|]+?)(?: \|.*)?$", shown, re.MULTILINE)
    assert examples
    for example in examples:
        words = shlex.split(example)
        assert words[: len(name.split())] == name.split()
        given = words[len(name.split()) :]
        COMMANDS[name].make_parser(click.Context(COMMANDS[name])).parse_args(given)


HEAVY = {"numba", "numpy", "pyarrow", "pyspark", "stages"}


def test_the_command_line_starts_without_what_single_commands_need():
    """Numba alone took a second of each command, for one that was not asked for."""
    code = "import sys, curation.cli.main; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert not HEAVY & set(ran.stdout.split())


ROOTS = {
    name: option
    for name, command in COMMANDS.items()
    for option in command.params
    if "--root" in option.opts and name != "train"  # which opens runs in its own process alone
}


def test_the_commands_on_runs_have_a_root():
    assert {"run", "plan", "why", "takedown", "verify", "doctor", "diff", "distil"} <= {*ROOTS}


@pytest.mark.parametrize("name", sorted(ROOTS))
@pytest.mark.parametrize("uri", ["s3://bucket/runs", "hdfs://host/runs", "file:///data/runs"])
def test_a_root_is_the_same_place_for_every_process_of_a_run(name, uri, tmp_path, monkeypatch):
    def given(value):
        return ROOTS[name].process_value(click.Context(COMMANDS[name]), value)

    monkeypatch.chdir(tmp_path)
    assert given("runs") == given("./runs/") == f"{tmp_path}/runs"
    assert given(uri) == uri


def test_a_root_that_is_named_from_here_is_told_as_it_is_opened(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert message(curate("batches", "--root", "runs")).startswith(f"--root {tmp_path}/runs: ")


def test_a_process_ends_with_the_exit_code_and_the_one_line(tmp_path):
    command = [sys.executable, "-m", "curation", "run", LOCAL, "absent.warc.gz", "--root", "runs"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("curate: no such file or folder: absent.warc.gz")
    assert len(ran.stderr.splitlines()) == 1


def test_a_missing_path(tmp_path):
    ran = curate("run", LOCAL, tmp_path / "absent.warc.gz", "--root", tmp_path / "runs")
    assert ran.exit_code == 2
    assert f"no such file or folder: {tmp_path}/absent.warc.gz" in message(ran)


def test_a_missing_configuration(tmp_path):
    ran = curate("run", tmp_path / "absent.toml", tmp_path, "--root", tmp_path / "runs")
    assert ran.exit_code == 2
    assert "absent.toml: no such file" in message(ran)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('nam = "x"', "step: must be"),
        (SMALL.replace('["language"]', '["nope"]'), "step.0.stages = 'nope': is not a stage"),
    ],
)
def test_a_configuration_that_cannot_be(tmp_path, text, fault):
    path = tmp_path / "bad.toml"
    path.write_text(text)
    ran = curate("run", path, tmp_path, "--root", tmp_path / "runs")
    assert ran.exit_code == 2
    assert fault in message(ran)


@pytest.mark.spark
@pytest.mark.usefixtures("tests_own_session")
def test_an_unknown_stage_is_refused_with_those_that_there_are(tmp_path):
    conf, root = tmp_path / "small.toml", tmp_path / "runs"
    conf.write_text(SMALL)
    assert curate("run", conf, crawl(tmp_path / "in", a=[ENGLISH]), "--root", root).exit_code == 0
    ran = curate("stage", "nope", conf, "--root", root)
    assert ran.exit_code == 2
    assert "runs no stage 'nope'; its stages: language, identity" in message(ran)


@pytest.mark.parametrize("command", [("stage", "rules", LOCAL), ("pack", LOCAL), ("why", "a.test")])
def test_what_needs_a_run_says_that_there_is_none(tmp_path, command):
    ran = curate(*command, "--root", tmp_path / "runs")
    assert ran.exit_code == 2
    assert "holds no run" in message(ran)
    assert not (tmp_path / "runs").exists()


def test_a_root_that_cannot_be_written(tmp_path):
    root = tmp_path / "file"
    root.write_text("")
    (tmp_path / "a.jsonl").write_text("")
    ran = curate("run", LOCAL, tmp_path / "a.jsonl", "--root", root)
    assert ran.exit_code == 2
    assert f"{root}/local/default cannot be written to (Not a directory)" in message(ran)
    assert root.is_file()


def test_a_plan_starts_and_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("JAVA_HOME", "/absent")
    (tmp_path / "a.jsonl").write_text('{"url": "http://a.example/", "text": "x"}\n')
    ran = curate("plan", LOCAL, tmp_path / "a.jsonl", "--root", tmp_path / "runs")
    assert ran.exit_code == 0, ran.stderr
    assert "to run" in ran.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl"]


def test_a_plan_shows_what_was_set_beside_the_file_and_has_its_steps(tmp_path):
    (tmp_path / "a.jsonl").write_text("")
    arguments = (LOCAL, tmp_path / "a.jsonl", "--root", tmp_path / "runs")
    plain = curate("plan", *arguments).stdout
    settings = ("stage.language.languages=['zh']", "jsonl={}")
    ran = curate("plan", *arguments, *(part for one in settings for part in ("--set", one)))
    assert ran.stdout.splitlines()[-2:] == [f"--set {one}" for one in settings]
    rows, before = (
        re.findall(r"^│ (\d\d \w+) .* (\w{12}) ", shown, re.MULTILINE)
        for shown in (ran.stdout, plain)
    )
    assert [name for name, _ in rows] == [*(name for name, _ in before), "10 jsonl"]
    assert not set(rows) & set(before)


def test_an_unknown_key_beside_the_file_is_refused(tmp_path):
    ran = curate("run", LOCAL, tmp_path, "--root", tmp_path / "runs", "--set", "export.sede=1")
    assert ran.exit_code == 2
    assert message(ran) == "--set: export.sede = 1: is not a known key; did you mean 'seed'?"


def test_no_java(tmp_path, monkeypatch):
    monkeypatch.setenv("JAVA_HOME", "/absent")
    ran = curate("run", LOCAL, crawl(tmp_path / "in", a=["x"]), "--root", tmp_path / "runs")
    assert ran.exit_code == 2
    assert "JAVA_HOME is /absent" in message(ran)


@pytest.mark.spark
@pytest.mark.usefixtures("tests_own_session")
@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "empty_file"), (b"no archive at all\n" * 9, "not_an_archive")]
)
def test_a_crawl_of_nothing_but_losses(tmp_path, content, reason):
    (tmp_path / "a.warc.gz").write_bytes(content)
    ran = curate("run", LOCAL, tmp_path / "a.warc.gz", "--root", tmp_path / "runs")
    assert ran.exit_code == 3, ran.stderr
    assert f"source/{reason} 1" in message(ran)
