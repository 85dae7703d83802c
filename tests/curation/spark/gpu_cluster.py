"""A cluster of one machine whose worker says that it has two GPUs: run as a script, prints JSON."""

import json
import sys
import time
from pathlib import Path

import pyarrow as pa

FINDER = '#!/bin/sh\necho \'{"name": "gpu", "addresses": ["0", "1"]}\'\n'


def look(number):
    """The GPU that the task was given, as Spark and as our models know it, and when it ran."""
    from pyspark import TaskContext

    from curation.spark.gpus import take_own_gpu
    from models.transformer import device

    take_own_gpu()
    given = TaskContext.get().resources().get("gpu")
    began = time.time()
    time.sleep(0.3)
    return [given.addresses if given else None, [*device._assigned], began, time.time()]


def look_at(batches):
    for batch in batches:
        yield look(batch.num_rows)


def main(folder: Path) -> None:
    from curation.spark.gpus import gpu_profile
    from curation.spark.session import start_session
    from curation.spark.tasks import run_on_partitions, run_tasks

    finder = folder / "find-gpus"
    finder.write_text(FINDER)
    finder.chmod(0o755)
    settings = {
        "spark.executor.memory": "512m",
        "spark.worker.resource.gpu.amount": "2",
        "spark.worker.resource.gpu.discoveryScript": str(finder),
        "spark.executor.resource.gpu.amount": "2",
        "spark.ui.enabled": "false",
    }
    spark = start_session(settings, master="local-cluster[1,4,512]")
    profile = gpu_profile(spark, "large", 1)
    frame = spark.createDataFrame(pa.table({"n": list(range(4))})).repartition(4)
    found = {
        "with": run_tasks(spark, range(4), look, profile),
        "of_frame": run_on_partitions(frame, look_at, profile),
        "without": run_tasks(spark, range(4), look),
    }
    spark.stop()
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
