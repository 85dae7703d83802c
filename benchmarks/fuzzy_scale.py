"""Fuzzy deduplication from 50 thousand to 1.6 million documents: does a document cost the same?

    python -m benchmarks.fuzzy_scale [DOCUMENTS ...] [--heap 2g]

The text is generated: 70 words in Chinese or English a document; of ten documents one is a near
copy of the one before it, and one of twenty is one site's template with a few words of its own, so
that its bands are shared by 5% of the corpus. Signatures are the real ones, 2,048 minima in 128
bands. Every size runs in a process of its own with Spark on two cores and ``--heap``, in parts
of 12,500 documents and a partition of each shuffle for every two parts, as a crawl would.

Printed for each size: processor time a document of all processes, for the keys and for the
comparison; wall time; peak resident memory of all processes; bytes a document that were shuffled
(compressed) and spilled; the longest task against the mean of its stage; and how many of those that
were made to be copies are flagged.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import mean

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark import StorageLevel

from benchmarks.spark_usage import Meter, Task, log_settings, read_tasks
from curation.parts.keys import keys_schema
from curation.spark.frames import read_frame
from curation.spark.session import start_session
from stages.fuzzy_dedup import FuzzyDedup

SIZES = (50_000, 100_000, 200_000, 400_000, 800_000, 1_600_000)
PART = 12_500
WORDS = 70
PERIOD = 20  # documents 9 and 19 of twenty are near copies, document 5 is of the template


def vocabulary() -> np.ndarray:
    """Words of both languages, 4,000 each; jieba's lexicon knows few of the Chinese ones."""
    draw = np.random.default_rng(1)
    latin = ["".join(draw.choice(list("abdeiklmnoprstu"), n)) for n in draw.integers(3, 9, 4000)]
    han = ["".join(map(chr, draw.integers(0x4E00, 0x6E00, 2))) for _ in range(4000)]
    return np.array([latin, han])


def written(number: int, words: np.ndarray) -> str:
    """The text of a document: it hangs on its number alone."""
    place = number % PERIOD
    template = place == 5
    original = -1 if template else number - (place in (9, 19))
    draw = np.random.default_rng(original + 1)
    chosen = words[0 if template else original % 2][draw.integers(0, words.shape[1], WORDS)]
    if template or original != number:
        own = np.random.default_rng(number + 10**9)
        chosen[-1] = words[0][own.integers(0, words.shape[1])]
    return " ".join(chosen)


def is_copy(number: int) -> bool:
    """Whether a document was made as a copy of an earlier one."""
    return number % PERIOD in (9, 19) or (number % PERIOD == 5 and number > 5)


def write_keys(folder: str, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Generate the documents of a part and write their keys, as the engine does."""
    stage = FuzzyDedup()
    schema, keys, words = keys_schema(stage), stage.open_keys(), vocabulary()
    for batch in batches:
        for part in batch.column("part").to_pylist():
            with pq.ParquetWriter(f"{folder}/{part:05d}.parquet", schema) as writer:
                for first in range(part * PART, (part + 1) * PART, 500):
                    rows = [
                        {"doc_id": f"{n:032x}", "text": written(n, words), "position": n}
                        for n in range(first, first + 500)
                    ]
                    made = [
                        {"part": part, "position": row["position"], "doc_id": row["doc_id"], **key}
                        for row, key in zip(rows, keys(rows), strict=True)
                    ]
                    writer.write_batch(pa.RecordBatch.from_pylist(made, schema=schema))
        yield pa.RecordBatch.from_pydict({"done": pa.array([1], pa.int32())})


def longest_to_mean(tasks: Sequence[Task]) -> float:
    """The longest task against the mean of its stage; stages of less than 10 s are left out."""
    seconds = defaultdict(list)
    for task in tasks:
        seconds[task.stage].append(task.seconds)
    long = [times for times in seconds.values() if sum(times) >= 10 and len(times) > 1]
    return max((max(times) / mean(times) for times in long), default=0.0)


def run_size(documents: int, heap: str, folder: Path) -> None:
    parts = documents // PART
    settings = {
        "spark.driver.memory": heap,
        "spark.sql.shuffle.partitions": str(max(parts // 2, 2)),
        "spark.local.dir": str(folder / "spark"),
        **log_settings(folder / "events"),
    }
    keys_folder = folder / "keys"
    for made in (keys_folder, folder / "events"):
        made.mkdir()
    spark = start_session(settings, master="local[2,4]")
    numbers = spark.range(parts, numPartitions=parts).selectExpr("CAST(id AS INT) AS part")
    FuzzyDedup().open_keys()([{"doc_id": "", "text": "a"}])  # compiles the kernels, once
    making, comparing = Meter(), Meter()
    making.measure(numbers.mapInArrow(partial(write_keys, str(keys_folder)), "done int").collect)
    stage = FuzzyDedup()
    files = sorted(map(str, keys_folder.iterdir()))
    keys = read_frame(spark, files, keys_schema(stage)).persist(StorageLevel.DISK_ONLY)
    flags = stage.flag(keys, None).select("position")
    flagged = comparing.measure(flags.toArrow)["position"].to_pylist()
    spark.stop()
    tasks = list(read_tasks(folder / "events"))
    shuffled = sum(task.shuffled_bytes for task in tasks)
    spilled = sum(task.spilled_bytes for task in tasks)
    wanted = {number for number in range(documents) if is_copy(number)}
    print(
        f"{documents:>10,}{making.processor_s / documents * 1e6:>9.0f}"
        f"{comparing.processor_s / documents * 1e6:>9.0f}{making.wall_s:>8.0f}"
        f"{comparing.wall_s:>8.0f}{max(making.peak_bytes, comparing.peak_bytes) / 2**20:>9,.0f}"
        f"{shuffled / documents:>9,.0f}{spilled / documents:>9,.0f}{longest_to_mean(tasks):>9.1f}"
        f"{len(wanted & set(flagged)):>9,} of {len(wanted):,}, {len(set(flagged) - wanted)} more",
        flush=True,
    )


HEADER = """             processor, us      wall, s       peak, bytes a document  longest
 documents     keys  compare    keys compare      MiB shuffled  spilled  to mean flagged"""


def main(sizes: Sequence[int], heap: str) -> None:
    print(HEADER, flush=True)
    for documents in sizes:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "benchmarks.fuzzy_scale", "--one", folder]
            subprocess.run([*command, str(documents), "--heap", heap], check=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("documents", type=int, nargs="*", default=SIZES)
    parser.add_argument("--heap", default="2g")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        run_size(given.documents[0], given.heap, given.one)
    else:
        main(given.documents, given.heap)
