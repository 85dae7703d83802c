"""Tasks that need GPUs, by Spark's stage-level scheduling, and the GPU that a task was given.

The tasks of a step that asks for GPUs have a resource profile of their own: Spark runs as many of
them at a time as there are GPUs, and says to each which one is its own. The tasks of other steps
are scheduled as ever.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from models.transformer.device import assign

if TYPE_CHECKING:
    from pyspark import SparkConf
    from pyspark.resource import ResourceProfile
    from pyspark.sql import SparkSession

logger = logging.getLogger(__name__)

GPU = "gpu"
AMOUNT = f"spark.executor.resource.{GPU}.amount"
DYNAMIC = "spark.dynamicAllocation.enabled"
CLUSTERS = ("spark://", "local-cluster", "yarn", "k8s://")
"""The masters that know resource profiles begin so."""


def gpu_profile(spark: SparkSession, step: str, gpus: int) -> ResourceProfile | None:
    """The profile of the tasks of a step that asks for ``gpus`` each; None if it asks for none.

    None too where there is no stage-level scheduling, with one line in the log that says why.
    """
    if not gpus:
        return None
    conf = spark.sparkContext.getConf()
    lack = lacks_scheduling(conf, gpus)
    if lack:
        logger.warning(
            "step %s asks for gpus = %d, but %s: its tasks run as those of other steps do, and "
            "each worker takes one of the GPUs that it sees",
            step,
            gpus,
            lack,
        )
        return None
    return build_profile(conf, gpus)


def lacks_scheduling(conf: SparkConf, gpus: int) -> str:
    """What keeps Spark from scheduling tasks by GPUs, in words for the user; "" if nothing."""
    master = str(conf.get("spark.master", ""))
    if not master.startswith(CLUSTERS):
        return f"the master {master} has no stage-level scheduling"
    if is_dynamic(conf):
        return ""
    amount = str(conf.get(AMOUNT, "0"))
    if not amount.isdecimal() or int(amount) < gpus:
        return f"executors have {AMOUNT} = {amount} of them"
    return ""


def build_profile(conf: SparkConf, gpus: int) -> ResourceProfile:
    """One task for each ``gpus`` GPUs of an executor.

    Where executors come as they are needed, the profile asks for executors with GPUs: with as many
    as the default ones have, else with those of one task. Their cores and memory, and the script
    that finds GPUs, are those of the configuration. Where executors stand from the beginning they
    have their GPUs already, and only the tasks are said something of.
    """
    from pyspark.resource import (
        ExecutorResourceRequests,
        ResourceProfileBuilder,
        TaskResourceRequests,
    )

    tasks = TaskResourceRequests().cpus(int(conf.get("spark.task.cpus", "1") or 1))
    builder = ResourceProfileBuilder().require(tasks.resource(GPU, gpus))
    if is_dynamic(conf):
        amount = max(gpus, int(conf.get(AMOUNT, "0") or 0))
        script, vendor = (
            str(conf.get(f"spark.executor.resource.{GPU}.{name}", "") or "")
            for name in ("discoveryScript", "vendor")
        )
        executors = ExecutorResourceRequests().resource(GPU, amount, script, vendor)
        if conf.contains("spark.executor.cores"):
            executors = executors.cores(int(conf.get("spark.executor.cores") or 1))
        builder = builder.require(executors)
    return builder.build


def is_dynamic(conf: SparkConf) -> bool:
    """Whether executors come and go as they are needed."""
    return str(conf.get(DYNAMIC, "false")).lower() == "true"


def take_own_gpu() -> None:
    """Have this task's models run on the GPU that Spark has given it, if it has."""
    from pyspark import TaskContext

    context = TaskContext.get()
    given = context.resources().get(GPU) if context else None
    assign(given.addresses[0] if given and given.addresses else None)
