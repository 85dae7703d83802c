import importlib.util
import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from stages.sandbox import Answer, Failure, FailureReason, Limits, Sandbox, threads

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def misbehaviour():
    """The module of misdeeds under a name that the child can import too."""
    sys.path.insert(0, str(HERE))
    yield importlib.import_module("misbehaviour")
    sys.path.remove(str(HERE))


@pytest.fixture(params=["fork", "interpreter"])
def open_sandbox(misbehaviour, request, monkeypatch):
    """Sandboxes whose children are forked from a fork of this process, or from an interpreter."""
    if request.param == "fork" and sys.platform != "linux":
        pytest.skip("processes are not forked here")
    monkeypatch.setattr(threads, "may_fork", lambda: request.param == "fork")
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


@pytest.mark.slow
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
    outcome = open_sandbox()(deed)
    assert (outcome.reason, outcome.detail) == (FailureReason.CRASHED, cause)


@pytest.mark.parametrize("is_fresh", [True, False])
@pytest.mark.parametrize("who", ["child", "server"])
def test_an_item_whose_child_is_killed_by_others_is_tried_again(
    open_sandbox, tmp_path, who, is_fresh
):
    sandbox, note = open_sandbox(), tmp_path / "note"
    note.touch()
    if not is_fresh:
        sandbox("first")
    item = f"kill {who} 2 {note}"
    assert sandbox(item) == Answer(item)


def test_the_third_child_that_is_killed_over_an_item_is_its_doing(open_sandbox, tmp_path):
    sandbox, note = open_sandbox(), tmp_path / "note"
    note.touch()
    outcome = sandbox(f"kill child 9 {note}")
    assert (outcome.reason, outcome.detail) == (FailureReason.CRASHED, "killed by SIGKILL")
    assert note.read_text() == "xxx"


def test_an_item_that_eats_memory_is_out_of_memory(open_sandbox):
    assert open_sandbox()("eat").reason is FailureReason.OUT_OF_MEMORY


@pytest.mark.parametrize(("deed", "cause"), [("raise", "ZeroDivision"), ("recurse", "Recursion")])
def test_an_item_that_raises_names_the_error(open_sandbox, deed, cause):
    outcome = open_sandbox()(deed)
    assert outcome.reason is FailureReason.RAISED
    assert outcome.detail.startswith(cause)


@pytest.mark.slow
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


@pytest.mark.slow
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


needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="needs fork, /proc and prctl")


@needs_linux
def test_children_have_what_their_parents_parent_loaded(misbehaviour, monkeypatch):
    monkeypatch.setattr(threads, "may_fork", lambda: True)
    sandbox = Sandbox(misbehaviour.load, Limits(max_items_per_child=1))
    sandbox.load()
    assert [sandbox("who").value for _ in range(2)] == [str(os.getpid())] * 2
    sandbox.close()


def test_one_server_forks_all_children(open_sandbox):
    sandbox = open_sandbox(max_items_per_child=1)
    assert len({sandbox("server").value for _ in range(3)}) == 1


def test_the_item_after_the_death_of_the_server_is_served(open_sandbox):
    sandbox = open_sandbox()
    os.kill(int(sandbox("server").value), signal.SIGKILL)
    assert sandbox("after") == Answer("after")


def resident_mib():
    """What this process holds: some of it may be free, in a process that has run many tests."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20


@needs_linux
def test_a_child_may_map_as_much_whatever_its_parent_holds(open_sandbox):
    small = open_sandbox(max_memory_bytes=256 << 20)("grow")
    held = b"x" * (512 << 20)
    large = open_sandbox(max_memory_bytes=256 << 20)("grow")
    assert len(held) == 512 << 20
    # What the parent had mapped and free comes on top.
    assert 192 <= int(small.value) <= 320 + resident_mib()
    assert abs(int(large.value) - int(small.value)) <= 32


def test_a_function_may_call_itself_as_often_however_deep_its_caller_is(open_sandbox):
    def call(sandbox, depth):
        return call(sandbox, depth - 1) if depth else sandbox("depth").value

    assert call(open_sandbox(), 300) == open_sandbox()("depth").value


@pytest.mark.parametrize("deed", ["print", "write"])
def test_what_a_child_prints_goes_to_the_log_and_not_among_its_parents_output(
    open_sandbox, capfd, deed
):
    assert open_sandbox()(deed) == Answer(deed)
    out, log = capfd.readouterr()
    assert out == ""
    assert "noise" in log


@needs_linux
def test_a_child_has_no_descriptor_that_its_parent_opened(open_sandbox):
    before = open_sandbox()("descriptors").value
    pipes = [os.pipe() for _ in range(20)]
    for end in (end for pipe in pipes for end in pipe):
        os.set_inheritable(end, True)
    after = open_sandbox()("descriptors").value
    for end in (end for pipe in pipes for end in pipe):
        os.close(end)
    assert after == before


@needs_linux
def test_a_process_with_another_thread_is_not_forked():
    may_end = threading.Event()
    waiting = threading.Thread(target=may_end.wait)
    before = threads.count_threads()
    waiting.start()
    assert threads.count_threads() == before + 1
    assert not threads.may_fork()
    may_end.set()
    waiting.join()


@needs_linux
@pytest.mark.parametrize("other_threads", [0, 1])
def test_a_child_and_its_server_die_with_a_parent_that_was_killed(misbehaviour, other_threads):
    script = (
        "import misbehaviour, threading, time\n"
        "from stages.sandbox import Limits, Sandbox, threads\n"
        f"for _ in range({other_threads}):\n"
        "    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
        "sandbox = Sandbox(misbehaviour.make, Limits())\n"
        "print(threads.may_fork(), sandbox('server').value, sandbox('pid').value.split()[1], flush=True)\n"
        "sandbox('hang')\n"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(p or str(Path.cwd()) for p in sys.path),
    }
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment, text=True
    ) as parent:
        is_fork, server, child = parent.stdout.readline().split()
        os.kill(parent.pid, signal.SIGKILL)
    assert is_fork == str(not other_threads)
    deadline = time.monotonic() + 60
    while not _has_ended(child) or not _has_ended(server):
        assert time.monotonic() < deadline, "a process outlived its parent"
        time.sleep(0.05)


@needs_linux
@pytest.mark.parametrize("last", ["idle", "burn 0.4"])
def test_a_server_and_its_child_end_without_a_word_when_their_parent_does(
    open_sandbox, capfd, last
):
    """Else a run that has ended well may print the first line of a traceback: they die of it."""
    sandbox = open_sandbox()
    process = os.fork()
    if not process:
        try:
            server = int(sandbox("server").value)
            signal.signal(signal.SIGALRM, lambda *_: _leave(server))
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            sandbox(last)
            time.sleep(60)
        finally:
            os._exit(1)
    assert os.waitpid(process, 0)[1] == 0
    assert capfd.readouterr().err == ""


def _leave(server: int) -> None:
    """Close all, as the kernel does before it kills what is to die with a process, and wait."""
    os.closerange(3, 1 << 10)
    os._exit(os.waitstatus_to_exitcode(os.waitpid(server, 0)[1]) & 0xFF)


def _has_ended(process: str) -> bool:
    return not Path(f"/proc/{process}").exists() or _state(int(process)) == "Z"


def _state(process: int) -> str:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return "Z"


def test_a_fork_leaves_the_child_of_its_parent_alone_and_has_one_of_its_own(open_sandbox):
    sandbox = open_sandbox()
    before = sandbox("pid")
    process = os.fork()
    if not process:
        mine = sandbox("pid")
        os._exit(0 if isinstance(mine, Answer) and mine != before else 1)
    assert os.waitpid(process, 0)[1] == 0
    assert sandbox("pid") == before
