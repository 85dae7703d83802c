"""What the process that workers fork from does before it forks the first of them.

It travels in the workers' environment, by which Spark keeps these processes apart: one that has
prepared for one session never serves another.
"""

from __future__ import annotations

import pickle
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from stages.sandbox.threads import count_threads

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

VARIABLE = "CURATION_WORKER_PREPARATION"
DAEMON = "curation.spark.daemon"
MAX_CHARS = 100_000
"""Linux takes no more than 128 KiB for one variable."""

Preparation = Callable[[], None]


def prepare_workers(spark: SparkSession, preparation: Preparation) -> None:
    """Have it done once on each node, by the daemon, for all workers of the session.

    The first of a session stands: another would make every node start a second daemon. Nothing is
    done where the daemon is Spark's own, nor for what is too large to travel.
    """
    from pyspark import cloudpickle

    if spark.conf.get("spark.python.daemon.module", None) != DAEMON:
        return
    pickled: bytes = cloudpickle.dumps(preparation)  # type: ignore[no-untyped-call]
    encoded = b64encode(pickled).decode()
    if len(encoded) <= MAX_CHARS:
        spark.sparkContext.environment.setdefault(VARIABLE, encoded)


def prepare(environment: Mapping[str, str]) -> bool:
    """Do what the environment asks for; whether the process may be forked from afterwards.

    A preparation that raises is told of on standard error and done by each worker for itself. One
    that leaves threads behind must not be forked from: a fork has the locks that they hold, and not
    the threads that would release them.
    """
    if VARIABLE not in environment:
        return True
    before = count_threads()
    try:
        preparation: Preparation = pickle.loads(b64decode(environment[VARIABLE]))  # noqa: S301 - the driver's
        preparation()
    # Whatever it is, a worker meets it where it costs a task, or nothing, and not all of them.
    except Exception as error:  # noqa: BLE001
        _tell(f"{type(error).__name__}: {error}")
    started = count_threads() - before
    if started > 0:
        _tell("what opens it starts threads")
    return started <= 0


def _tell(problem: str) -> None:
    sys.stderr.write(f"curation: workers open what they need for themselves: {problem}\n")
