"""A series of kills draws the same ones again, sees what is wrong with an end, and finds its victims."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from random import Random

from benchmarks.processes import by_role, of_session
from tests.faults.processes import Victim, strike
from tests.faults.runs import Begun, digests
from tests.faults.trial import Clean, _differences, _faults_of_end, draw

CLEAN = Clean({"a": "1", "b": "2"}, [2.0, 0.5, 8.0])
TREE = """
import os, shutil, sys, time
if len(sys.argv) > 1:
    name, *rest = sys.argv[1].split(",")
    open("/proc/self/comm", "w").write(name)
    for _ in range(2 if name == "daemon" else 1):
        if rest and not os.fork():
            os.execv(sys.executable, [sys.executable, sys.argv[0], ",".join(rest)])
time.sleep(60)
"""


def test_a_series_draws_every_victim_and_step_and_the_same_again():
    drawn = [draw(1, number, CLEAN) for number in range(70)]
    assert [str(one) for one in drawn] == [str(draw(1, n, CLEAN)) for n in range(70)]
    assert set(Counter(one.victim for one in drawn).values()) == {10}
    assert {one.step for one in drawn} == {1, 2, 3}
    assert all(0 <= one.after_s <= CLEAN.seconds[one.step - 1] for one in drawn)
    assert [draw(2, n, CLEAN).after_s for n in range(9)] != [one.after_s for one in drawn[:9]]


def test_a_step_has_begun_when_the_metrics_name_it_or_a_later_one(tmp_path):
    begun, batch = Begun(tmp_path, process=None), tmp_path / "runs" / "faults" / "default"
    batch.mkdir(parents=True)
    assert not begun.has_come_to(1)
    running, done = (
        'curation_step_running{batch="default",step="%s"} 1',
        'curation_step_rows{step="%s"} 9',
    )
    told = [
        "curation_run_steps 4",
        running % "01 prepare",
        done % "01 prepare",
        running % "02 identity",
    ]
    steps = []
    for line in told:
        (batch / "metrics.prom").write_text(f"{line}\n")
        steps.append([step for step in (1, 2, 3) if begun.has_come_to(step)])
    assert steps == [[], [1], [1], [1, 2]]


def test_an_end_is_clear_where_one_line_says_why():
    line = "curate: step prepare failed: Spark's Java process has ended: run again to resume"
    assert _faults_of_end(0, "01/05 prepare") == []
    assert _faults_of_end(-9, "") == []
    assert _faults_of_end(5, f"01/05 prepare\n{line}\n") == []
    assert _faults_of_end(130, "01/05 prepare\n") == ["0 lines say why"]
    assert _faults_of_end(5, f"{line}\n{line}\n") == ["2 lines say why"]
    assert _faults_of_end(5, f"{line}\n\tat java.base/java.net\n")[0].startswith("says")
    tried_again = "spark: Exception in task 0.0\n\tat org.a(B.java:1)\n\tat org.a(B.java:2)\n"
    assert _faults_of_end(0, tried_again + "02/05 rules") == []
    assert _faults_of_end(0, tried_again + "\tat org.a(B.java:3)\n")[0].startswith("says")
    [code, trace, lines] = _faults_of_end(1, "Traceback (most recent call last)")
    assert "exit code 1" in code
    assert "Traceback" in trace
    assert lines == "0 lines say why"


def test_a_file_that_is_gone_new_or_another_is_a_difference():
    assert _differences({"a": "1", "b": "2"}, CLEAN.digests) == []
    assert _differences({"a": "1"}, CLEAN.digests) == ["1 files differ, such as b"]
    assert _differences({"a": "9", "b": "2", "c": "3"}, CLEAN.digests) == [
        "2 files differ, such as a"
    ]


def test_what_says_when_a_run_was_is_not_compared(tmp_path):
    (tmp_path / "_spark").mkdir()
    for name in ("_run.json", "metrics.prom", "_spark/events", "part.parquet"):
        (tmp_path / name).write_text("a")
    assert list(digests(tmp_path)) == ["part.parquet"]


def test_each_victim_is_found_by_what_started_it(tmp_path):
    script = tmp_path / "tree.py"
    script.write_text(TREE)
    command = [sys.executable, str(script), "driver,java,daemon,worker,child"]
    run = subprocess.Popen(command, start_new_session=True)
    try:
        deadline = time.monotonic() + 60
        while len(by_role(run.pid)["child"]) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        counts = {role: len(ids) for role, ids in by_role(run.pid).items()}
        assert counts == {"driver": 1, "java": 1, "daemon": 1, "worker": 2, "child": 2}
        [daemon] = by_role(run.pid)["daemon"]
        assert strike(Victim.DAEMON, run.pid, Random(1))
        while daemon in of_session(run.pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not by_role(run.pid)["daemon"]
        assert not strike(Victim.WORKER, run.pid, Random(1))
        assert strike(Victim.DRIVER_TERM, run.pid, Random(1))
        assert run.wait(60) == -signal.SIGTERM
    finally:
        for one in of_session(run.pid):
            os.kill(one, signal.SIGKILL)
