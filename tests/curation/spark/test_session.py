import logging
import stat
import sys
from pathlib import Path

import py4j.java_gateway
import pytest

from curation.spark.session import sockets_in
from curation.spark.tasks import run_tasks


@pytest.mark.spark
def test_workers_are_spoken_to_over_sockets_that_only_their_user_can_reach(spark):
    run_tasks(spark, [0], abs)
    folder = Path(spark.conf.get("spark.python.unix.domain.socket.dir"))
    assert any(stat.S_ISSOCK(path.stat().st_mode) for path in folder.iterdir())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_whose_sockets_would_have_too_long_paths_is_not_used():
    assert sockets_in("/" + 59 * "a")
    assert not sockets_in("/" + 60 * "a")


@pytest.mark.spark
def test_what_py4j_logs_of_a_java_that_has_ended_is_not_printed(spark, caplog):
    assert spark.version
    said = {}
    for module in (py4j.java_gateway, sys.modules[__name__]):
        with caplog.at_level(logging.INFO):
            exec(compile("logging.error('gone')", module.__file__, "exec"), {"logging": logging})
        said[module.__name__] = caplog.messages.count("gone")
        caplog.clear()
    assert said == {"py4j.java_gateway": 0, __name__: 1}


@pytest.mark.spark
@pytest.mark.parametrize(
    ("error", "is_told"), [(EOFError(), False), (ConnectionResetError(), False), (KeyError(), True)]
)
def test_java_that_ends_is_no_traceback_of_the_server_that_counts(spark, capsys, error, is_told):
    def serve():
        raise error

    try:
        serve()
    except type(error):
        spark.sparkContext._accumulatorServer.handle_error(None, "")
    assert ("Traceback" in capsys.readouterr().err) == is_told


@pytest.mark.spark
@pytest.mark.parametrize(
    ("message", "is_told"),
    [
        ("Failed to update accumulator 7 (org.apache.spark.api.python.PythonAccumulatorV2)", False),
        ("Failed to update accumulator 7 (org.apache.spark.util.LongAccumulator)", True),
        ("Job 7 failed", True),
    ],
)
def test_that_a_killed_driver_learns_no_counts_is_not_told(spark, message, is_told):
    log4j = spark._jvm.org.apache.logging.log4j
    builder = log4j.core.impl.Log4jLogEvent.newBuilder().setLevel(log4j.Level.ERROR)
    event = builder.setMessage(log4j.message.SimpleMessage(f"{message} for task 1")).build()
    loggers = log4j.LogManager.getContext(False).getConfiguration()
    scheduler = loggers.getLoggerConfig("org.apache.spark.scheduler.DAGScheduler")
    assert scheduler.isFiltered(event) is not is_told
