"""A run keeps Spark's event log, and Spark's history server opens it; what a run writes to be scraped."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from curation.cli.history import history
from curation.run.metrics import METRICS_FILE, STEPS_FILE
from curation.run.prometheus import MEANINGS
from curation.spark.event_log import EventLog, bring, find_logs
from curation.testing.samples import CHINESE, ENGLISH
from tests.commands import curate, message, output
from tests.curation.conftest import Bucket
from tests.curation.small_runs import SMALL, crawl

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
DOCS = (ROOT / "docs" / "running.md").read_text("utf-8")
SAMPLE = re.compile(r'^curation_(\w+)\{((?:\w+="(?:[^"\\]|\\.)*",?)*)\} (\S+)$')


@pytest.fixture(scope="module")
def process(tmp_path_factory):
    """A run in a process of its own, with its root and its folder of text files."""
    folder = tmp_path_factory.mktemp("history")
    crawl(folder / "in", a=[ENGLISH, ENGLISH, CHINESE])
    (folder / "small.toml").write_text(SMALL)
    (folder / "textfiles").mkdir()
    command = ("curation", "run", "small.toml", "in", "--root", "runs", "--master", "local[1]")
    ran = subprocess.run(
        [sys.executable, "-m", *command, "--metrics", "textfiles"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return folder


@pytest.mark.spark
def test_a_run_ends_with_a_whole_log_and_a_line_for_the_end_of_spark(process):
    [name] = find_logs(str(process / "runs" / "small" / "default"))
    log = process / "runs" / "small" / "default" / "_spark" / name
    assert [path.name for path in log.iterdir() if path.name.startswith("events_")]
    assert not list(log.glob("*.inprogress"))


@pytest.mark.spark
@pytest.mark.timeout(600)
def test_the_history_server_shows_the_run_on_loopback_until_it_is_ended(process):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "curation", "history", "--root", "runs", "--port", str(port)],
        cwd=process,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        line = server.stdout.readline()  # it is printed when the server answers
        assert line == f"http://127.0.0.1:{port}: 1 session of small/default; end it with Ctrl-C\n"
        base = f"http://127.0.0.1:{port}/api/v1/applications"
        [application] = json.load(urllib.request.urlopen(base, timeout=120))
        assert application["name"] == "small/default"
        jobs = json.load(urllib.request.urlopen(f"{base}/{application['id']}/jobs", timeout=120))
        described = {job["description"] for job in jobs}
        assert {"01/02 prepare", "02/02 identity"} <= described
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(120) == 143
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port))


@pytest.mark.spark
def test_how_to_start_the_server_is_printed_where_nothing_shall_start(process):
    printed = output("history", "--root", process / "runs", "--port", 4, "--print")
    assert "SPARK_LOCAL_IP=127.0.0.1" in printed
    assert f"logDirectory={(process / 'runs/small/default/_spark').as_uri()}" in printed
    assert printed.rstrip().endswith("org.apache.spark.deploy.history.HistoryServer")


def test_a_root_without_a_log_and_a_port_that_is_taken_are_told(tmp_path):
    ran = curate("history", "--root", tmp_path)
    assert (ran.exit_code, "holds no run" in message(ran)) == (2, True)
    assert history.params[-2].default == 18080


@pytest.mark.spark
def test_a_port_that_is_taken_is_refused(process):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = curate("history", "--root", process / "runs", "--port", port)
    assert (ran.exit_code, message(ran)) == (
        2,
        f"--port {port}: cannot be listened on (Address already in use); name another",
    )


def samples_of(text):
    """Metrics by name and labels, parsed as the format says."""
    found, announced = {}, None
    for line in text.splitlines():
        if line.startswith("# "):
            announced = line.split()[2].removeprefix("curation_")
            continue
        name, labels, value = SAMPLE.match(line).groups()
        assert name == announced  # a metric's lines stand together, below what it means
        pairs = re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', labels)
        key = name, tuple(sorted(pair for pair in pairs if pair[0] not in ("pipeline", "batch")))
        assert key not in found
        found[key] = float(value)
    return found


@pytest.mark.spark
def test_the_text_file_says_what_became_of_each_step(process):
    batch = process / "runs" / "small" / "default"
    text = (batch / METRICS_FILE).read_text()
    assert (process / "textfiles" / "curation-small-default.prom").read_text() == text
    assert text.endswith("\n")
    found = samples_of(text)
    identity = ("step", "02 identity")
    assert found["step_rows_in", (identity,)] == 3
    rows = {d: found["step_rows", (("decision", d), identity)] for d in ("keep", "remove")}
    assert rows == {"keep": 2, "remove": 1}
    assert found["step_tasks", (identity,)] >= 1
    assert found["step_processor_seconds", (identity,)] > 0
    states = {s: found["run_state", (("state", s),)] for s in ("running", "done", "failed")}
    assert states == {"running": 0, "done": 1, "failed": 0}
    assert abs(found["run_updated_timestamp_seconds", ()] - time.time()) < 3600
    assert ("step_running", (identity,)) not in found
    assert not list(batch.glob(".*.tmp"))


@pytest.mark.spark
def test_there_is_a_line_of_json_for_each_step(process):
    lines = (process / "runs" / "small" / "default" / STEPS_FILE).read_text().splitlines()
    prepare, identity = map(json.loads, lines)
    assert (prepare["step"], identity["step"]) == ("prepare", "identity")
    assert (identity["rows_in"], identity["keep"], identity["remove"]) == (3, 2, 1)
    assert identity["reasons"][0]["stage"] == "identity"
    assert identity["done_before"] is False
    assert identity["written_bytes"] > 0
    assert set(prepare) == set(identity)
    assert [key for key in prepare if f"`{key}`" not in DOCS] == []


@pytest.mark.parametrize("metric", MEANINGS)
def test_every_metric_is_documented(metric):
    assert f"| `curation_{metric}` |" in DOCS


def test_a_folder_of_text_files_that_is_not_there_is_refused(tmp_path):
    (tmp_path / "small.toml").write_text(SMALL)
    inputs = crawl(tmp_path / "in", a=[ENGLISH])
    absent = tmp_path / "absent"
    ran = curate(
        "run", tmp_path / "small.toml", inputs, "--root", tmp_path / "r", "--metrics", absent
    )
    assert (ran.exit_code, message(ran)) == (2, f"--metrics {absent}: is no folder; make it first")
    assert not (tmp_path / "r").exists()


@pytest.fixture
def bucket(s3_server, s3_environment):
    s3_environment(s3_server)
    return Bucket(s3_server, "history")


def test_a_log_that_spark_cannot_write_into_the_store_is_copied_there_as_it_grows(
    bucket, tmp_path, monkeypatch
):
    monkeypatch.setattr(
        "curation.spark.event_log.session_folder", lambda: str(tmp_path / "scratch")
    )
    log = EventLog(f"{bucket.uri}/runs/small/default")
    settings = log.settings("small/default", {})
    assert settings["spark.eventLog.dir"] == (tmp_path / "scratch" / "_spark").as_uri()
    events = log.written_to / "eventlog_v2_local-1" / "events_1_local-1.zstd"
    events.parent.mkdir()
    for content in (b"one", b"one, two"):
        events.write_bytes(content)
        log.keep()
    assert find_logs(log.batch_folder) == ["eventlog_v2_local-1"]
    (tmp_path / "logs").mkdir()
    bring(log.batch_folder, "eventlog_v2_local-1", tmp_path / "logs")
    there = tmp_path / "logs" / "eventlog_v2_local-1" / "events_1_local-1.zstd"
    assert there.read_bytes() == b"one, two"


def test_who_has_chosen_where_the_log_lies_is_left_alone(tmp_path):
    chosen = {"spark.eventLog.enabled": "false"}
    log = EventLog(str(tmp_path / "batch"))
    assert log.settings("small/default", chosen) == {"spark.app.name": "small/default"}
    assert not (tmp_path / "batch").exists()
