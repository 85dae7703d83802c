import gc
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path

import pyarrow as pa
import pyspark.daemon
import pytest
from py4j.protocol import Py4JJavaError

from curation.run.failures import last_line
from curation.spark.daemon import ends_quietly
from curation.spark.preparation import VARIABLE, prepare, prepare_workers
from curation.spark.processes import family, workers_now
from curation.spark.tasks import run_tasks


@pytest.mark.spark
def test_a_worker_starts_with_the_stages_imported_and_frozen(spark):
    def look(_):
        parent = Path(f"/proc/{os.getppid()}/cmdline").read_bytes().split(b"\0")
        found = {
            "stages": ["stages.registry" in sys.modules],
            "frozen": [gc.get_freeze_count()],
            "parent": [parent[2].decode()],
        }
        yield pa.RecordBatch.from_pydict(found)

    schema = "stages boolean, frozen long, parent string"
    [row] = spark.range(1, numPartitions=1).mapInArrow(look, schema).collect()
    assert row["parent"] == "curation.spark.daemon"
    assert row["stages"]
    assert row["frozen"] > 100_000


@pytest.fixture
def unprepared(spark, monkeypatch):
    """The session as it was before anything was prepared for its workers."""
    monkeypatch.setattr(spark.sparkContext, "environment", dict(spark.sparkContext.environment))
    spark.sparkContext.environment.pop(VARIABLE, None)
    return spark


@pytest.mark.spark
def test_workers_have_what_was_prepared_once_before_they_were_forked(unprepared):
    def preparation():
        sys.prepared_by = os.getpid()

    def look(_):
        return sys.prepared_by, os.getppid(), gc.get_freeze_count()

    prepare_workers(unprepared, preparation)
    prepare_workers(unprepared, lambda: 1 // 0)  # the first of a session stands
    for prepared_by, daemon, frozen in run_tasks(unprepared, range(4), look):
        assert prepared_by == daemon
        assert frozen > 100_000


@pytest.mark.slow
@pytest.mark.spark
def test_a_daemon_that_could_not_be_forked_from_starts_over_without_preparation(unprepared):
    def preparation():
        sys.prepared_by = os.getpid()
        threading.Thread(target=threading.Event().wait, daemon=True).start()

    def look(_):
        threads = len(list(Path(f"/proc/{os.getppid()}/task").iterdir()))
        return hasattr(sys, "prepared_by"), VARIABLE in os.environ, threads

    [(_, _, threads)] = run_tasks(unprepared, [0], look)
    prepare_workers(unprepared, preparation)
    assert run_tasks(unprepared, [0], look) == [(False, False, threads)]


@pytest.mark.spark
def test_nothing_is_prepared_that_is_too_large_for_an_environment(unprepared):
    large = os.urandom(200_000)
    prepare_workers(unprepared, lambda: large)
    assert VARIABLE not in unprepared.sparkContext.environment
    assert run_tasks(unprepared, [1], abs) == [1]


def prepare_by_name():
    """Say on workers which process has prepared them."""
    sys.prepared_by = os.getpid()


def who(_):
    return os.getpid(), os.getppid(), sys.prepared_by


@pytest.fixture
def set_spark(unprepared):
    """Change what Spark looks up whenever a task needs a worker."""
    settings = unprepared.sparkContext._jsc.sc().conf()
    before = {}

    def set_one(key, value):
        before.setdefault(key, settings.get(key, ""))
        settings.set(key, value)

    yield set_one
    for key, value in before.items():
        settings.set(key, value) if value else settings.remove(key)


@pytest.mark.slow
@pytest.mark.spark
@pytest.mark.parametrize("reuse", [True, False])
def test_workers_share_whether_they_serve_one_task_or_many(unprepared, set_spark, reuse):
    set_spark("spark.python.worker.reuse", str(reuse).lower())
    prepare_workers(unprepared, prepare_by_name)
    found = run_tasks(unprepared, range(6), who)
    assert all(prepared_by == daemon for _, daemon, prepared_by in found)
    assert len({daemon for _, daemon, _ in found}) == 1
    workers = len({worker for worker, *_ in found})
    assert workers <= 2 if reuse else workers == 6


@pytest.mark.spark
def test_a_worker_that_was_killed_in_a_task_is_replaced_by_one_that_shares(unprepared, tmp_path):
    def die_once(item):
        died = tmp_path / "died"
        if not died.exists():
            died.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return item, *who(item)

    prepare_workers(unprepared, prepare_by_name)
    found = run_tasks(unprepared, range(4), die_once)
    assert [item for item, *_ in found] == [0, 1, 2, 3]
    assert (tmp_path / "died").exists()
    assert all(prepared_by == daemon for _, _, daemon, prepared_by in found)


@pytest.mark.slow
@pytest.mark.spark
def test_a_daemon_that_was_killed_is_replaced_by_one_that_prepares_again(unprepared):
    prepare_workers(unprepared, prepare_by_name)
    [(_, killed, _)] = run_tasks(unprepared, [0], who)
    os.killpg(killed, signal.SIGKILL)  # its workers too
    found = run_tasks(unprepared, range(4), who)
    assert all(prepared_by == daemon != killed for _, daemon, prepared_by in found)


@pytest.mark.slow
@pytest.mark.spark
def test_a_preparation_may_print(unprepared):
    def preparation():
        prepare_by_name()
        sys.stdout.write("loading")
        os.write(1, b"loading")

    prepare_workers(unprepared, preparation)
    [(_, daemon, prepared_by)] = run_tasks(unprepared, [0], who)
    assert prepared_by == daemon


@pytest.mark.spark
def test_a_daemon_that_cannot_be_imported_fails_the_run_with_the_reason(unprepared, set_spark):
    set_spark("spark.python.daemon.module", "nowhere.daemon")
    with pytest.raises(Py4JJavaError) as error:
        run_tasks(unprepared, [0], who)
    line = last_line(str(error.value))
    assert line.startswith("workers did not start: ")
    assert line.endswith(
        "Error while finding module specification for 'nowhere.daemon' "
        "(ModuleNotFoundError: No module named 'nowhere')"
    )


@pytest.fixture
def environment_with(unprepared):
    def make(preparation):
        prepare_workers(unprepared, preparation)
        return unprepared.sparkContext.environment

    return make


@pytest.mark.spark
def test_a_preparation_that_fails_is_told_of_once_and_left_to_workers(environment_with, capsys):
    def preparation():
        raise OSError("words.txt: has gone")

    assert prepare(environment_with(preparation))
    assert capsys.readouterr().err == (
        "curation: workers open what they need for themselves: OSError: words.txt: has gone\n"
    )


@pytest.mark.spark
def test_a_process_with_threads_that_a_preparation_left_must_not_be_forked(
    environment_with, capsys
):
    may_end = threading.Event()
    # A lock does not travel: the test's own event is looked up where the preparation runs.
    threading.may_end = may_end
    try:

        def preparation():
            threading.Thread(target=threading.may_end.wait).start()

        assert not prepare(environment_with(preparation))
    finally:
        may_end.set()
        del threading.may_end
    assert "what opens it starts threads" in capsys.readouterr().err


def test_a_worker_whose_connection_spark_has_closed_exits_without_a_word(capfd, monkeypatch):
    monkeypatch.setenv("PYTHON_DAEMON_KILL_WORKER_ON_FLUSH_FAILURE", "1")  # as Spark sets it
    theirs, ours = socket.socketpair()
    theirs.close()
    process = os.fork()
    if not process:
        try:
            os._exit(ends_quietly(pyspark.daemon.worker)(ours, True))
        finally:
            os._exit(9)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 1
    assert capfd.readouterr().err == ""


def test_a_process_that_is_asked_for_nothing_may_be_forked():
    assert prepare({})


@pytest.mark.spark
def test_what_a_worker_and_its_children_took_is_not_lost_with_it(spark):
    def burn(_):
        has_burnt, burns = os.pipe()
        ended = time.process_time() + 0.5
        child = os.fork()
        while time.process_time() < ended:
            pass
        if not child:
            os.write(burns, b".")
            while True:  # it outlives its parent, which Spark may kill
                signal.pause()
        os.read(has_burnt, 1)
        return os.getpid()

    before = workers_now()
    [worker] = run_tasks(spark, [0], burn)
    [orphan] = [process for process in family(worker) if process != worker]
    for process in (worker, orphan):
        os.kill(process, signal.SIGKILL)
        wait_until_gone(process)
    assert workers_now() - before > 0.9


def wait_until_gone(process):
    deadline = time.monotonic() + 60
    while Path(f"/proc/{process}").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
