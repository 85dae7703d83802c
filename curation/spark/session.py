"""The Spark session: the cluster's own under spark-submit, an embedded one otherwise."""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from conf import locate
from curation.spark.java import ends_with_this_process, spark_java_home
from curation.spark.preparation import DAEMON
from curation.spark.scratch import session_folder

if TYPE_CHECKING:
    from socketserver import BaseServer

    from pyspark.sql import SparkSession

DEFAULTS: Mapping[str, str] = {
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "4096",
    "spark.sql.execution.arrow.maxBytesPerBatch": str(8 << 20),
    "spark.sql.session.timeZone": "UTC",
    # Spark takes a frame that Python reads for as small as the list of its files, and would send
    # the keys of a whole corpus to every executor. What a shuffle has measured is to be believed.
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    "spark.sql.adaptive.autoBroadcastJoinThreshold": "10m",
    # A frame made of Arrow batches has a partition for each of them, whatever its size: that is
    # how lists of files and parts become tasks without a shuffle.
    "spark.sql.execution.arrow.localRelationThreshold": "0",
    # Spark keeps workers by their environment, in which this one setting tells those that serve a
    # frame from those that serve a list: with it off, both are served by the same workers, and
    # what one has opened serves the other.
    "spark.sql.execution.pyspark.udf.simplifiedTraceback.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.python.worker.faulthandler.enabled": "true",
}
"""Set unless the configuration or the cluster says otherwise."""

LOCAL_DIRS = "SPARK_LOCAL_DIRS"
"""The variable by which users, and cluster managers, say where shuffles spill."""

ONE_COMPILER = "-XX:TieredStopAtLevel=1"
PARALLEL_COLLECTOR = "-XX:+UseParallelGC"
GIVEN_TO_JAVA = ("SPARK_SUBMIT_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS")
"""The variables by which users give options to Spark's Java."""

EMBEDDED: Mapping[str, str] = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.ui.enabled": "false",
    "spark.python.daemon.module": DAEMON,
}
"""Set when the session runs inside this process's machine only, where workers have this code."""

TRIES = 4
"""Of a task, as clusters have it."""

MAX_SOCKET_FOLDER_BYTES = 60
"""A socket's path has 104 bytes at most on macOS, 108 on Linux; Spark's names have 42."""


def embedded_java_options(environment: Mapping[str, str]) -> str:
    """The options of the Java of an embedded session.

    It lives for minutes and lets Python do the work: Java's second compiler, and a collector that
    runs beside the tasks, cost more than they give. Of a sample crawl of 1,200 pages Java takes
    15 s of processor time so, and 31 s otherwise. Java does not start with two collectors: one that
    the ``environment`` chooses stays.
    """
    options = [f"-Dlog4j2.configurationFile={locate('log4j2.properties')}", ONE_COMPILER]
    if not any("GC" in environment.get(name, "") for name in GIVEN_TO_JAVA):
        options.append(PARALLEL_COLLECTOR)
    return " ".join(options)


def start_session(
    settings: Mapping[str, str],
    *,
    master: str | None = None,
    defaults: Mapping[str, str] = MappingProxyType({}),
) -> SparkSession:
    """Start (or join) the session. ``settings`` are Spark's own keys and win over the defaults.

    ``defaults`` are more of those that yield to what spark-submit was given.

    Under spark-submit the master is the one it was given; otherwise ``master``, or two threads per
    default with up to four tries of a task. Raises JavaNotFoundError.
    """
    logging.getLogger().addFilter(is_not_of_py4j)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    submitted = "PYSPARK_GATEWAY_PORT" in os.environ
    if not submitted:
        os.environ["JAVA_HOME"] = str(spark_java_home(os.environ))
    from pyspark import SparkConf, SparkContext
    from pyspark.sql import SparkSession

    if submitted:  # or the next line would know nothing of what spark-submit was given
        SparkContext._ensure_initialized()  # noqa: SLF001 - as PySpark's own shell does
    given = SparkConf()
    chosen = dict(DEFAULTS) | dict(defaults)
    if not submitted:
        where = master or "local[*,4]"
        if where.startswith("local"):
            os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
            folder = session_folder()
            chosen |= {**EMBEDDED, **sockets_in(folder)}
            if LOCAL_DIRS not in os.environ:
                chosen["spark.local.dir"] = folder
            chosen["spark.driver.extraJavaOptions"] = embedded_java_options(os.environ)
        chosen["spark.master"] = with_tries(where)
    chosen = {key: value for key, value in chosen.items() if not given.contains(key)}
    builder = SparkSession.builder.appName("curation")
    for key, value in (chosen | dict(settings)).items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    if not submitted:
        ends_with_this_process()
    say_nothing_of_ends(session.sparkContext._accumulatorServer)  # noqa: SLF001
    return session


def say_nothing_of_ends(server: BaseServer) -> None:
    """Let a server of PySpark's print no traceback where who speaks to it has ended.

    The one that counts pages did when Java was killed, beside the line that the run ends with.
    """
    say = partial(type(server).handle_error, server)  # its own, however often this is called

    def handle_error(request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), EOFError | OSError):
            say(request, client_address)  # type: ignore[arg-type]

    server.handle_error = handle_error  # type: ignore[method-assign]


def is_not_of_py4j(record: logging.LogRecord) -> bool:
    """Whether a record of the root logger is ours or a user's.

    py4j logs a traceback there for each call to a Java that has ended; the caller gets an error for
    each besides, and tells it in a line.
    """
    return "py4j" not in Path(record.pathname).parts


def with_tries(master: str) -> str:
    """A local master that tries a task again: Spark's own tries once where it is not told.

    A document that ends its worker is found by the next try (``curation.parts.guard``).

    >>> with_tries("local[2]"), with_tries("local[2,1]"), with_tries("local")
    ('local[2,4]', 'local[2,1]', 'local[1,4]')
    """
    threads = re.fullmatch(r"local(?:\[(\*|\d+)\])?", master)
    return f"local[{threads[1] or 1},{TRIES}]" if threads else master


def sockets_in(folder: str) -> dict[str, str]:
    """Settings by which Spark and its workers speak over Unix sockets in a folder.

    Over TCP a task waits 40 ms for its peer's delayed acknowledgement, over these it does not.
    Where the paths would be too long for sockets it is TCP all the same.
    """
    if len(os.fsencode(folder)) > MAX_SOCKET_FOLDER_BYTES:
        return {}
    return {
        "spark.python.unix.domain.socket.enabled": "true",
        "spark.python.unix.domain.socket.dir": folder,
    }
