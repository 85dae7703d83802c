"""Identity removal over ever more documents in the same small memory, and one text a million times.

    python -m benchmarks.identity [--rows N] [--heap 512m]

Keys are made in Spark: a fifth of the digests are of twins. Every size runs in a session of its own
with two threads and one heap for all. What is told of it: seconds, the most memory that the JVM had
resident, what it spilled to disk, and the longest task beside the median one. "One text" gives a
million rows the same digest.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from pyspark.sql import functions as sf

from benchmarks.processes import peak_bytes
from benchmarks.spark_usage import log_settings, read_tasks
from curation.spark.session import start_session
from stages.copies import flag_copies

HOT_ROWS = 1_000_000


def measure(rows: int, hot_rows: int, heap: str, answers: multiprocessing.Queue[Any]) -> None:
    with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryDirectory() as logs:
        settings = {
            **log_settings(Path(logs)),
            "spark.driver.memory": heap,
            "spark.sql.shuffle.partitions": "16",
            "spark.local.dir": scratch,
        }
        spark = start_session(settings, master="local[2]")
        keys = make_keys(spark, rows, hot_rows)
        started = time.monotonic()
        flagged = flag_copies(keys, None, sf.col("lot")).count()
        seconds = time.monotonic() - started
        # The launcher's process becomes Java.
        gateway: Any = spark.sparkContext._gateway  # noqa: SLF001
        memory = peak_bytes(gateway.proc.pid) / 2**20
        spark.stop()
        tasks = list(read_tasks(Path(logs)))
        spilled = sum(task.spilled_bytes for task in tasks) / 2**20
        answers.put((flagged, seconds, memory, spilled, [task.seconds * 1000 for task in tasks]))


def make_keys(spark: Any, rows: int, hot_rows: int) -> Any:
    """The columns that identity's keys have, ``rows`` of them and ``hot_rows`` with one digest."""
    text = sf.col("id") % int(rows * 0.8) if rows else sf.lit(0)
    text = sf.when(sf.col("id") < hot_rows, sf.lit(-1)).otherwise(text)
    return spark.range(0, rows + hot_rows, numPartitions=16).select(
        sf.spark_partition_id().alias("part"),
        sf.col("id").alias("position"),
        sf.md5(sf.concat(sf.lit("d"), sf.col("id").cast("string"))).alias("doc_id"),
        sf.unhex(sf.md5(text.cast("string"))).alias("digest"),
        sf.xxhash64("id").alias("lot"),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="of the smallest size")
    parser.add_argument("--heap", default="512m")
    options = parser.parse_args()
    sizes = [(options.rows * times, 0) for times in (1, 2, 4, 8)] + [(options.rows, HOT_ROWS)]
    print(f"heap {options.heap}, two threads")
    print(
        "| rows | of one text | flagged | s | resident MB | spilled MB | median task ms | longest |"
    )
    print("|---|---|---|---|---|---|---|---|")
    spawn = multiprocessing.get_context("spawn")
    for rows, hot in sizes:
        answers = spawn.Queue()
        worker = spawn.Process(target=measure, args=(rows, hot, options.heap, answers))
        worker.start()
        flagged, seconds, memory, spilled, durations = answers.get()
        worker.join()
        print(
            f"| {rows + hot:,} | {hot:,} | {flagged:,} | {seconds:.1f} | {memory:.0f} | "
            f"{spilled:.0f} | {median(durations):.0f} | {max(durations):.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
