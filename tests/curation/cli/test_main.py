"""Bad input ends in one line that says what to do, and an exit code that scripts can use."""

import os
import subprocess
import sys

import pytest

from conf import locate
from curation.cli.main import main

LOCAL = str(locate("local.toml"))


def curate(*arguments, **environment):
    command = [sys.executable, "-m", "curation", *map(str, arguments)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
        timeout=240,
    )


def told(ran):
    """The one line on standard error that is ours."""
    [line] = [line for line in ran.stderr.splitlines() if line.startswith("curate: ")]
    return line.removeprefix("curate: ")


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_has_help(command):
    text = main.commands[command].get_help(
        main.make_context("curate", [command, "--help"], resilient_parsing=True)
    )
    assert len(text.splitlines()) > 3


def test_a_missing_path(tmp_path):
    ran = curate("run", LOCAL, tmp_path / "absent.warc.gz", "--root", tmp_path / "runs")
    assert ran.returncode == 2
    assert "absent.warc.gz" in told(ran)


def test_a_missing_configuration(tmp_path):
    ran = curate("run", tmp_path / "absent.toml", tmp_path, "--root", tmp_path / "runs")
    assert ran.returncode == 2
    assert "absent.toml: no such file" in told(ran)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('nam = "x"', "step = None"),
        ('name = "x"\n[[step]]\nname = "a"\nstages = ["nope"]', "is not a stage"),
    ],
)
def test_a_configuration_that_cannot_be(tmp_path, text, message):
    path = tmp_path / "bad.toml"
    path.write_text(text)
    ran = curate("run", path, tmp_path, "--root", tmp_path / "runs")
    assert ran.returncode == 2
    assert message.replace("step = None", "step: must be") in told(ran)


def test_an_unknown_stage(tmp_path):
    crawl = tmp_path / "crawl.jsonl"
    crawl.write_text('{"url": "http://a.example/", "text": "x"}\n')
    ran = curate("stage", "nope", LOCAL, "--root", tmp_path / "runs")
    assert ran.returncode == 2
    assert "holds no run" in told(ran)
    assert not (tmp_path / "runs").exists()


def test_a_root_that_cannot_be_written(tmp_path):
    root = tmp_path / "file"
    root.write_text("")
    (tmp_path / "a.jsonl").write_text("")
    ran = curate("run", LOCAL, tmp_path / "a.jsonl", "--root", root)
    assert ran.returncode == 2
    assert f"{root}/local/default cannot be written to (Not a directory)" in told(ran)
    assert root.is_file()


def test_a_plan_starts_and_writes_nothing(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"url": "http://a.example/", "text": "x"}\n')
    ran = curate(
        *("plan", LOCAL, tmp_path / "a.jsonl", "--root", tmp_path / "runs"), JAVA_HOME="/absent"
    )
    assert ran.returncode == 0, ran.stderr
    assert "to run" in ran.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl"]


def test_no_java(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"url": "http://a.example/", "text": "x"}\n')
    ran = curate("run", LOCAL, tmp_path / "a.jsonl", "--root", tmp_path / "r", JAVA_HOME="/absent")
    assert ran.returncode == 2
    assert "JAVA_HOME is /absent" in told(ran)


@pytest.mark.spark
@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "empty_file"), (b"no archive at all\n" * 9, "not_an_archive")]
)
def test_a_crawl_of_nothing_but_losses(tmp_path, content, reason):
    (tmp_path / "a.warc.gz").write_bytes(content)
    ran = curate("run", LOCAL, tmp_path / "a.warc.gz", "--root", tmp_path / "runs")
    assert ran.returncode == 3, ran.stderr
    assert f"source/{reason} 1" in told(ran)


def test_why_without_a_run(tmp_path):
    ran = curate("why", "http://a.example/", "--root", tmp_path)
    assert ran.returncode == 2
    assert "holds no run" in told(ran)
