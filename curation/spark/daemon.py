"""The process that Spark's Python workers fork from, with what they need imported and opened.

Spark runs it as ``python -m curation.spark.daemon pyspark.worker`` in the place of
``pyspark.daemon`` (its setting ``spark.python.daemon.module``). Each worker then starts with some
1,000 modules that it would take 1 s of processor time to import, and with the lists, dictionaries
and weights of its run (see ``preparation``), and shares their memory with the others.

They are frozen: ``pyspark.daemon`` collects garbage after every task of a worker, and would look
through all of them each time. An empty task takes a worker 7 ms of processor time so, and 90 ms
otherwise (``python -m benchmarks.workers``).
"""

from __future__ import annotations

import gc
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pyspark.worker  # noqa: F401 - it and the stages are imported for the workers
from pyspark import daemon

import stages.registry  # noqa: F401
from curation.spark.preparation import VARIABLE, prepare


@contextmanager
def prints_to_log() -> Iterator[None]:
    """Send what is printed meanwhile to standard error: Spark reads a port from the other."""
    printed = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(printed, 1)
        os.close(printed)


Worker = Callable[[socket.socket, bool], int]


def ends_quietly(worker: Worker) -> Worker:
    """A worker that exits where Spark has closed the connection, as it does at a session's end.

    PySpark's raises: its daemon then prints a traceback for each worker, of which the session's end
    may leave the first line. What Spark has against a task it tells itself.
    """

    def work(connection: socket.socket, authenticated: bool) -> int:
        try:
            return worker(connection, authenticated)
        except ConnectionError:
            return 1

    return work


def main() -> None:
    """Prepare, freeze, fork; where what was prepared cannot be shared, start over without it."""
    with prints_to_log():
        may_be_forked = prepare(os.environ)
    if not may_be_forked:
        del os.environ[VARIABLE]
        os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - this very command
    gc.collect()
    gc.freeze()
    daemon.worker = ends_quietly(daemon.worker)  # type: ignore[assignment]
    daemon.manager()


if __name__ == "__main__":
    main()
