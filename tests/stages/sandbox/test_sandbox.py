import importlib.util
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from stages.sandbox import Answer, Failure, FailureReason, Limits, Sandbox

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def misbehaviour():
    """The module of misdeeds under a name that the child can import too."""
    sys.path.insert(0, str(HERE))
    yield importlib.import_module("misbehaviour")
    sys.path.remove(str(HERE))


@pytest.fixture
def open_sandbox(misbehaviour):
    opened = []

    def open_one(*arguments, **limits):
        defaults = {"max_cpu_s": 10.0, "max_memory_bytes": 1 << 30}
        factory = partial(misbehaviour.make, *arguments)
        sandbox = Sandbox(factory, Limits(**{**defaults, **limits}))
        opened.append(sandbox)
        return sandbox

    yield open_one
    for sandbox in opened:
        sandbox.close()


def test_an_ordinary_item_gives_the_value_of_the_function(open_sandbox):
    assert open_sandbox("hello ")("world") == Answer("hello world")


@pytest.fixture
def crowded_core():
    """One core for this process, its children and three that never rest."""
    if not hasattr(os, "sched_setaffinity"):
        pytest.skip("this platform cannot keep processes to a core")
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(3)]
    yield
    for process in busy:
        process.kill()
        process.wait()
    os.sched_setaffinity(0, cores)


def test_beside_busy_processes_an_item_has_its_cpu_time_and_no_more(open_sandbox, crowded_core):
    sandbox = open_sandbox(max_cpu_s=0.5)
    sandbox("first")
    started = time.monotonic()
    assert sandbox("burn 0.3") == Answer("burn 0.3")
    assert time.monotonic() - started > 0.5, "the core was not crowded"
    assert sandbox("loop").detail == "more than 0.5 s of CPU time"


@pytest.mark.parametrize("deed", ["loop", "match", "count"])
def test_an_item_that_never_rests_is_timed_out_in_python_and_in_compiled_loops(open_sandbox, deed):
    outcome = open_sandbox(max_cpu_s=0.5)(deed)
    assert outcome == Failure(FailureReason.TIMED_OUT, "more than 0.5 s of CPU time")


def test_an_item_that_sleeps_ends_by_the_wall_clock(open_sandbox):
    outcome = open_sandbox(max_wall_s=0.5)("hang")
    assert outcome == Failure(FailureReason.TIMED_OUT, "no answer in 0.5 s")


def test_an_answer_that_took_too_much_cpu_time_does_not_count(open_sandbox):
    """Whether it came before this process looked depends on the load."""
    assert open_sandbox(max_cpu_s=0.001)("burn 0.003").reason is FailureReason.TIMED_OUT


def test_an_item_that_was_late_only_in_a_used_child_succeeds_in_a_fresh_one(open_sandbox):
    sandbox = open_sandbox(max_cpu_s=0.5)
    sandbox("first")
    assert sandbox("late") == Answer("late")


def test_an_item_that_a_fresh_child_does_not_survive_is_not_tried_again(open_sandbox, tmp_path):
    tries = tmp_path / "tries"
    assert open_sandbox(max_cpu_s=0.2)(f"note {tries}").reason is FailureReason.TIMED_OUT
    assert tries.read_text() == "tried\n"


@pytest.mark.parametrize(
    ("deed", "cause"),
    [
        ("segfault", "killed by SIGSEGV"),
        ("kill", "killed by SIGKILL"),
        ("exit", "exit code 3"),
    ],
)
def test_an_item_that_ends_the_child_is_crashed_and_the_cause_is_told(open_sandbox, deed, cause):
    assert open_sandbox()(deed) == Failure(FailureReason.CRASHED, cause)


def test_an_item_that_eats_memory_is_out_of_memory(open_sandbox):
    assert open_sandbox()("eat").reason is FailureReason.OUT_OF_MEMORY


@pytest.mark.parametrize(("deed", "cause"), [("raise", "ZeroDivision"), ("recurse", "Recursion")])
def test_an_item_that_raises_names_the_error(open_sandbox, deed, cause):
    outcome = open_sandbox()(deed)
    assert outcome.reason is FailureReason.RAISED
    assert outcome.detail.startswith(cause)


@pytest.mark.parametrize("deed", ["hang", "loop", "segfault", "exit", "eat", "raise", "print"])
def test_the_item_after_a_bad_one_is_served(open_sandbox, deed):
    sandbox = open_sandbox(max_cpu_s=1.0, max_wall_s=5.0)
    before, _, after = (sandbox(item) for item in ("before", deed, "after"))
    assert (before, after) == (Answer("before"), Answer("after"))


def test_a_child_serves_no_more_items_than_allowed(open_sandbox):
    sandbox = open_sandbox(max_items_per_child=2)
    children = [sandbox("pid").value for _ in range(5)]
    assert children[0] == children[1]
    assert len(set(children)) == 3


def test_an_item_larger_than_a_pipe_goes_through(open_sandbox):
    text = "页" * 5_000_000
    assert open_sandbox()(text).value == text


def test_an_item_larger_than_the_memory_limit_is_out_of_memory(open_sandbox):
    outcome = open_sandbox(max_memory_bytes=500 << 20)("x" * (600 << 20))
    assert outcome.reason is FailureReason.OUT_OF_MEMORY


def test_a_child_imports_what_its_parent_does_wherever_it_is_started(
    open_sandbox, tmp_path, monkeypatch
):
    (tmp_path / "stages").mkdir()
    (tmp_path / "stages" / "__init__.py").write_text("raise ImportError('somebody else')")
    monkeypatch.chdir(tmp_path)
    assert open_sandbox()("item") == Answer("item")


def test_a_recipe_that_fails_is_an_error_of_the_caller(misbehaviour):
    with pytest.raises(RuntimeError, match="did not start"):
        Sandbox(misbehaviour.fail, Limits())("item")


@pytest.mark.skipif(sys.platform != "linux", reason="needs PR_SET_PDEATHSIG")
def test_a_child_dies_with_a_parent_that_was_killed(misbehaviour):
    script = (
        "import misbehaviour, threading, time\n"
        "from stages.sandbox import Limits, Sandbox\n"
        "sandbox = Sandbox(misbehaviour.make, Limits())\n"
        "print(sandbox('pid').value.split()[1], flush=True)\n"
        "sandbox('hang')\n"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(p or str(Path.cwd()) for p in sys.path),
    }
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment
    ) as parent:
        child = int(parent.stdout.readline())
        os.kill(parent.pid, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while Path(f"/proc/{child}").exists() and "Z" not in _state(child):
        assert time.monotonic() < deadline, "the child outlived its parent"
        time.sleep(0.05)


def _state(process: int) -> str:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return "Z"
