"""Cores, memory and GPUs, against what a configuration asks of them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from conf.records import ConfigError
from curation.cli.doctor.finding import Finding, ok, problem, warning
from curation.spark.session import EMBEDDED as EMBEDDED_SESSION
from models.embedding import needs_no_checkpoint

if TYPE_CHECKING:
    from curation.config import PipelineConfig, SparkConfig

GIB = 1 << 30
CORE_BYTES = 3 * GIB  # docs/cluster.md: a worker, and the child that reads pages with its limit
MIN_WORKER_BYTES = GIB
DRIVER_MEMORY = "spark.driver.memory"
SUFFIXES: Mapping[str, int] = {"k": 1 << 10, "m": 1 << 20, "g": GIB, "t": 1 << 40}
FASTTEXT = (".bin", ".ftz")

CGROUP_MEMORY = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
MEMORY = Path("/proc/meminfo")


def cores(spark: SparkConfig) -> Finding:
    """How many there are, and how many tasks run at a time."""
    count = core_count()
    tasks = task_count(spark.master, count)
    if tasks is None:
        return ok("cores", f"{count} here; the cluster has its own ({spark.master})")
    seen = f"{count}, for {tasks} tasks at a time ({spark.master})"
    if tasks > count:
        return warning("cores", seen, f'set spark.master = "local[{count},4]"')
    if count == 1:
        return warning("cores", seen, "a run works, one task after the other: take more cores")
    return ok("cores", seen)


def memory(spark: SparkConfig) -> Finding:
    """Whether it is enough for Java and as many workers as there are tasks at a time."""
    total = memory_bytes()
    tasks = task_count(spark.master, core_count())
    if total is None or tasks is None:
        return ok("memory", "not known" if total is None else f"{total / GIB:.1f} GiB here")
    driver = java_bytes(spark.settings.get(DRIVER_MEMORY, EMBEDDED_SESSION[DRIVER_MEMORY]))
    seen = f"{total / GIB:.1f} GiB, for {driver / GIB:.1f} GiB of Java and {tasks} workers"
    served = (total - driver) // CORE_BYTES
    if total < driver + MIN_WORKER_BYTES:
        least = (driver + MIN_WORKER_BYTES) / GIB
        return problem("memory", seen, f"take a machine with {least:.0f} GiB or more")
    if served < tasks:
        fewer = f'set spark.master = "local[{max(1, served)},4]"'
        remedy = f"pages that need much may fail: {fewer}, or take more memory"
        return warning("memory", seen, remedy)
    return ok("memory", seen)


def gpus(checkpoints: Sequence[str]) -> Finding:
    """Whether there is one where the checkpoints of those stages are to run."""
    names = gpu_names()
    if not checkpoints:
        return ok("GPU", f"{', '.join(names) or 'none'}; the embedded models need none")
    asked = f"the checkpoints of {', '.join(checkpoints)}"
    if not names:
        remedy = "they run on the processor, slowly: take a machine with one"
        return warning("GPU", f"none, for {asked}", remedy)
    seen = f"{', '.join(names)}, for {asked}"
    try:
        import torch

        serves = torch.cuda.is_available()
    except ImportError:
        serves = False
    if not serves:
        remedy = "torch does not see it: install a build of torch for its driver"
        return warning("GPU", seen, remedy)
    return ok("GPU", seen)


def checkpoints_of(config: PipelineConfig) -> list[str]:
    """The stages whose model is a checkpoint, not an embedded one or a file of fastText."""
    models = {name: getattr(stage, "model", "") for name, stage in config.stage.items()}
    return [
        name
        for name, model in models.items()
        if model and not needs_no_checkpoint(model) and not str(model).endswith(FASTTEXT)
    ]


def core_count() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def memory_bytes() -> int | None:
    """The memory that this process may use; None where the system does not say."""
    try:
        [kib] = re.findall(r"^MemTotal:\s+(\d+) kB$", MEMORY.read_text(), re.MULTILINE)
    except (OSError, ValueError):
        return None
    limits = [path.read_text().strip() for path in CGROUP_MEMORY if path.is_file()]
    return min([int(kib) << 10, *(int(limit) for limit in limits if limit.isdecimal())])


def gpu_names() -> list[str]:
    """What the driver calls the GPUs; none if there is no driver."""
    asker = shutil.which("nvidia-smi")
    if asker is None:
        return []
    command = [asker, "--query-gpu=name,memory.total", "--format=csv,noheader"]
    try:
        asked = subprocess.run(  # noqa: S603 - a fixed command
            command, capture_output=True, text=True, check=False, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return asked.stdout.splitlines() if asked.returncode == 0 else []


def task_count(master: str, cores: int) -> int | None:
    """How many tasks a master runs at a time on a machine; None for one that is not this machine.

    >>> [task_count(master, 8) for master in ("local", "local[4]", "local[*,4]", "yarn")]
    [1, 4, 8, None]
    """
    local = re.fullmatch(r"local(?:\[(\*|\d+)(?:,\s*\d+)?\])?", master)
    if local is None:
        return None
    return cores if local[1] == "*" else int(local[1] or 1)


def java_bytes(size: str) -> int:
    """A size as Spark writes it. Raises ConfigError for what is none.

    >>> java_bytes("2g"), java_bytes("512m")
    (2147483648, 536870912)
    """
    found = re.fullmatch(r"(\d+)([kmgt]?)b?", size.lower())
    if found is None:
        raise ConfigError(f"{DRIVER_MEMORY} = {size!r}: is no size; write it as 512m or 2g")
    return int(found[1]) * SUFFIXES.get(found[2], 1 << 20)
