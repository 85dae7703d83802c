"""A run that is ended from outside says so in a line, with the code of the signal, and leaves nothing."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.processes import by_role, of_session
from curation.testing.samples import ENGLISH
from tests.curation.small_runs import crawl

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
CONF = """
name = "waiting"
[[step]]
name = "prepare"
stages = ["language", "tests.curation.waiting:Waiting"]
"""


@pytest.fixture
def process(tmp_path):
    """A run that has begun to judge, in a session and with a temporary folder of its own."""
    crawl(tmp_path / "in", a=[ENGLISH])
    (tmp_path / "conf.toml").write_text(CONF)
    (tmp_path / "tmp").mkdir()
    command = ("curation", "run", "conf.toml", "in", "--root", "runs", "--master", "local[1]")
    begun = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path / "tmp")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_for(lambda: list((tmp_path / "tmp").glob("*/pages-*")) or begun.poll() is not None)
    assert begun.poll() is None, begun.stderr.read()
    time.sleep(1)
    yield begun
    for one in of_session(begun.pid):
        os.kill(one, signal.SIGKILL)
    begun.wait()


def wait_for(happened):
    deadline = time.monotonic() + 120
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def left_by(process, tmp_path):
    wait_for(lambda: not of_session(process.pid))
    return sorted(
        path.name for path in (tmp_path / "tmp").iterdir() if path.name != "hsperfdata_root"
    )


@pytest.mark.spark
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["int", "term"]
)
def test_a_signal_ends_a_run_in_a_line_and_leaves_nothing(process, tmp_path, number, code):
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == code
    assert said.splitlines() == ["curate: stopped; what is done stays done, run again to go on"]
    assert left_by(process, tmp_path) == []
    assert not list((tmp_path / "runs/waiting/_lease").iterdir())


@pytest.mark.spark
def test_a_java_that_is_killed_ends_a_run_in_a_line(process, tmp_path):
    [java] = by_role(process.pid)["java"]
    os.kill(java, signal.SIGKILL)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 5
    line = said.splitlines()[-1]  # above it how far the step was
    assert line.startswith("curate: step prepare failed: Spark's Java process has ended")
    assert "Traceback" not in said
    assert "at java" not in said
    assert left_by(process, tmp_path) == []
