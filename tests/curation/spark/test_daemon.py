import gc
import os
import sys
import threading
from pathlib import Path

import pyarrow as pa
import pytest

from curation.spark.preparation import VARIABLE, prepare, prepare_workers
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


def test_a_process_that_is_asked_for_nothing_may_be_forked():
    assert prepare({})
