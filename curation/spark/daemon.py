"""The process that Spark's Python workers fork from, with what they need imported and opened.

Spark runs it as ``python -m curation.spark.daemon pyspark.worker`` in the place of
``pyspark.daemon`` (its setting ``spark.python.daemon.module``). Each worker then starts with some
1,000 modules that it would take 1 s of processor time to import, and with the lists, dictionaries
and weights of its run (see ``preparation``), and shares their memory with the others.

They are frozen: ``pyspark.daemon`` collects garbage after every task of a worker, and would look
through all of them each time. An empty task takes a worker 7 ms of processor time so, and 90 ms
otherwise (``python -m benchmarks.workers``).

What workers took counts for it when they have ended: Spark kills those that had nothing to do for a
minute, and ``pyspark.daemon`` waits for none, so that the kernel forgets what they took, and what
their own children took, minutes of a step.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pyspark.worker  # noqa: F401 - it and the stages are imported for the workers
from pyspark import daemon

import stages.registry  # noqa: F401
from curation.spark.preparation import VARIABLE, prepare

PR_SET_CHILD_SUBREAPER = 36


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


def keep_account() -> None:
    """Wait from now on for children that end, and for theirs, so that their time is not lost.

    Children go on as ``pyspark.daemon`` has them: it sets the signal once, before it forks.
    """
    this = os.getpid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    def listen() -> None:
        if os.getpid() == this:
            signal.signal(signal.SIGCHLD, _wait_for_ended)

    def ignore() -> None:
        if os.getppid() == this:
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)

    os.register_at_fork(before=listen, after_in_child=ignore)


def _wait_for_ended(*_: object) -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def main() -> None:
    """Prepare, freeze, fork; where what was prepared cannot be shared, start over without it."""
    with prints_to_log():
        may_be_forked = prepare(os.environ)
    if not may_be_forked:
        del os.environ[VARIABLE]
        os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - this very command
    gc.collect()
    gc.freeze()
    keep_account()
    daemon.worker = ends_quietly(daemon.worker)  # type: ignore[assignment]
    daemon.manager()


if __name__ == "__main__":
    main()
