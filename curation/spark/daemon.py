"""The process that Spark's Python workers fork from, with what they need already imported.

Spark runs it as ``python -m curation.spark.daemon pyspark.worker`` in the place of
``pyspark.daemon`` (its setting ``spark.python.daemon.module``). Each worker then starts with some
1,000 modules that it would take 1 s of processor time to import, and shares their memory with the
others.

They are frozen: ``pyspark.daemon`` collects garbage after every task of a worker, and would look
through all of them each time. An empty task takes a worker 25 ms of processor time so, and 111 ms
otherwise.
"""

from __future__ import annotations

import gc

import pyspark.worker  # noqa: F401 - it and the stages are imported for the workers
from pyspark.daemon import manager

import stages.registry  # noqa: F401

if __name__ == "__main__":
    gc.freeze()
    manager()
