"""What a batch pays for all those before it: reading their state as they left it, and merged.

    python -m benchmarks.batches [1000]

As many batches as given, each with 20,000 lines in four files of state, made without running them.
Measured once with what each left and once with all of it merged: planning (which state is there,
and does it stand), and reading it as a frame with Spark on two threads, digests summed.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import SparkSession
from pyspark.sql import functions as sf

from curation import storage
from curation.batches import merging
from curation.batches.earlier import EarlierBatches, EarlierState
from curation.batches.lineage import NO_LINEAGE, extend
from curation.batches.run_record import RunRecord
from curation.batches.state_files import read_state
from curation.run.resources import describe
from curation.spark.session import start_session
from curation.storage.manifest import Manifest
from stages.line_dedup import LineDedup

LINES, FILES = 20_000, 4
STEP = "02-lines"


def write_batches(pipeline: Path, count: int) -> None:
    lineage = NO_LINEAGE
    for number in range(count):
        folder = pipeline / f"batch-{number:04d}"
        step = f"{STEP}-{number:012x}"
        files = write_state(folder / step, number)
        stages = (describe(LineDedup()),)
        made = Manifest("lines", 2, step, stages, 0, 0, 0, 0, (), {}, 0.0, (), files)
        made.save(str(folder / step))
        states, against = {"line_dedup": step}, {"line_dedup": lineage}
        RunRecord(number, {}, (), (step,), states, against).save(str(folder))
        lineage = extend(lineage, step)


def write_state(folder: Path, number: int) -> tuple[storage.StoredFile, ...]:
    """Half of a batch's lines are its own; the others come in many batches."""
    random = np.random.default_rng(number)
    digests = random.integers(1 << 40, 1 << 62, LINES)
    digests[::2] = np.arange(0, LINES, 2) + random.integers(2, size=LINES // 2)
    files = []
    for part, some in enumerate(np.array_split(np.unique(digests), FILES)):
        table = pa.table(
            {
                "digest": some,
                "count": random.integers(1, 9, len(some)),
                "first_part": np.full(len(some), part, np.int32),
                "first_position": random.integers(1 << 40, size=len(some)),
            }
        )
        (folder / "state").mkdir(parents=True, exist_ok=True)
        path = folder / "state" / f"part-{part}.parquet"
        pq.write_table(table, path, compression="zstd")
        files.append(storage.StoredFile(path.name, len(some), path.stat().st_size, ""))
    return tuple(files)


def plan(pipeline: str, count: int) -> tuple[EarlierState, float]:
    started = time.monotonic()
    state = EarlierBatches.before(pipeline, count).state(describe(LineDedup()))
    return state, time.monotonic() - started


def read(spark: SparkSession, state: EarlierState) -> tuple[tuple[int, int], float]:
    """How many lines there are and how often they occur, and the time that took."""
    started = time.monotonic()
    rows = read_state(spark, state.files, LineDedup.state_columns or {})
    counts = rows.groupBy("digest").agg(sf.sum("count").alias("count"))
    [(lines, occurrences)] = counts.agg(sf.count("*"), sf.sum("count")).collect()
    return (lines, occurrences), time.monotonic() - started


def main(count: int) -> None:
    settings = {"spark.sql.shuffle.partitions": "8"}
    spark = start_session(settings, master="local[2,4]")
    with tempfile.TemporaryDirectory() as folder:
        pipeline = str(Path(folder, "pipeline"))
        write_batches(Path(pipeline), count)
        state, _ = plan(pipeline, count)
        read(spark, state)  # Spark's first job takes longer
        print(f"{count:,} batches    | files |  MiB | plan s | read s")
        single = tell(spark, pipeline, count, "as they left it")
        started = time.monotonic()
        [merge] = merging.plan_merges(pipeline)
        merging.merge(spark, merge)
        spent = time.monotonic() - started
        if tell(spark, pipeline, count, "merged         ") != single:
            raise SystemExit("the merged state says something else")
        print(f"merging took {spent:.1f} s")
    spark.stop()


def tell(spark: SparkSession, pipeline: str, count: int, name: str) -> tuple[int, int]:
    state, plan_s = plan(pipeline, count)
    found, read_s = read(spark, state)
    size = sum(file.bytes for file in state.files) / 2**20
    print(f"{name:15} | {len(state.files):5,} | {size:4.0f} | {plan_s:6.2f} | {read_s:6.2f}")
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
