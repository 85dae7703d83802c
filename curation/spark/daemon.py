"""The process that Spark's Python workers fork from, with what they need imported and opened.

Spark runs it as ``python -m curation.spark.daemon pyspark.worker`` in the place of
``pyspark.daemon`` (its setting ``spark.python.daemon.module``). Each worker then starts with some
1,000 modules that it would take 1 s of processor time to import, and with the lists, dictionaries
and weights of its run (see ``preparation``), and shares their memory with the others.

They are frozen: ``pyspark.daemon`` collects garbage after every task of a worker, and would look
through all of them each time. An empty task takes a worker 25 ms of processor time so, and 111 ms
otherwise.
"""

from __future__ import annotations

import gc
import os
import sys

import pyspark.worker  # noqa: F401 - it and the stages are imported for the workers
from pyspark.daemon import manager

import stages.registry  # noqa: F401
from curation.spark.preparation import VARIABLE, prepare


def main() -> None:
    """Prepare, freeze, fork; where what was prepared cannot be shared, start over without it."""
    if not prepare(os.environ):
        del os.environ[VARIABLE]
        os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - this very command
    gc.collect()
    gc.freeze()
    manager()


if __name__ == "__main__":
    main()
