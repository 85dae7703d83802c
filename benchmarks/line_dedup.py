"""What it costs to find the lines to cut: time, memory, shuffle and the longest task, by size.

    python -m benchmarks.line_dedup
    python -m benchmarks.line_dedup --documents 12000000 --doublings 0 --lines 1 --heap 512m

Keys are generated as the pipeline writes them, a file for each part of 20,000 documents. The first
line of nine documents in ten is one and the same; of the other lines two fifths are drawn from a
million by Zipf's law and the rest are unique. With ``--lines 1`` a document has its first line
only: 12 million documents make 10.8 million occurrences of one line. Each size runs in a process of
its own on two threads, and what it flags is held to a count by numpy. Task times, shuffled bytes
and spills are those of Spark's event log; processor time and peak memory are those of the JVM and
its Python workers together, from start to end.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark import StorageLevel
from pyspark.sql import functions as sf

from benchmarks.spark_usage import log_settings, read_tasks
from curation.parts.keys import keys_schema
from curation.spark.frames import read_frame
from curation.spark.processes import family
from curation.spark.session import start_session
from stages.line_dedup import LineDedup

PART_DOCUMENTS = 20_000
MENU_LINES = 1_000_000
HOT, HOT_SHARE = 7, 0.9
POLL_S = 0.1


def part_of_keys(part: int, documents: int, lines: int) -> tuple[pa.Table, np.ndarray]:
    """The keys of one part, and the digests in it."""
    random = np.random.default_rng(part)
    digests = random.integers(1 << 40, 1 << 62, (documents, lines))
    menu = random.random((documents, lines)) < 0.4
    digests[menu] = 1000 + random.zipf(1.3, int(menu.sum())) % MENU_LINES
    digests[:, 0] = np.where(random.random(documents) < HOT_SHARE, HOT, digests[:, 0])
    numbers = np.tile(np.arange(lines, dtype=np.int32), documents)
    struct = pa.StructArray.from_arrays([numbers, digests.ravel()], ["number", "digest"])
    offsets = np.arange(documents + 1, dtype=np.int32) * lines
    first = part * PART_DOCUMENTS
    table = pa.table(
        {
            "part": np.full(documents, part, np.int32),
            "position": np.arange(first, first + documents) << 16,
            "doc_id": pa.array([f"{n:032x}" for n in range(first, first + documents)]),
            "lines": pa.ListArray.from_arrays(offsets, struct),
        }
    )
    return table, digests.ravel()


def write_keys(folder: Path, documents: int, lines: int, cap: int) -> int:
    """Write the keys and return how many occurrences are beyond the cap."""
    found, counts = np.empty(0, np.int64), np.empty(0, np.int64)
    for part in range(-(-documents // PART_DOCUMENTS)):
        size = min(PART_DOCUMENTS, documents - part * PART_DOCUMENTS)
        table, digests = part_of_keys(part, size, lines)
        pq.write_table(table, folder / f"part-{part:05d}.parquet", compression="zstd")
        # Unique lines are never beyond the cap, and need not be counted.
        few = np.concatenate([found, digests[digests < 1 << 40]])
        weights = np.concatenate([counts, np.ones(len(few) - len(found), np.int64)])
        found, inverse = np.unique(few, return_inverse=True)
        counts = np.bincount(inverse, weights).astype(np.int64)
    return int(np.maximum(counts - cap, 0).sum())


def flag_keys(folder: Path, heap: str, log: Path) -> dict[str, Any]:
    """Flag the keys in a folder, as a step would, and leave a state."""
    settings = {
        "spark.driver.memory": heap,
        **log_settings(log),
        "spark.sql.shuffle.partitions": "64",
    }
    spark = start_session(settings, master="local[2,4]")
    stage = LineDedup()
    files = sorted(str(file) for file in folder.glob("*.parquet"))
    started = time.monotonic()
    keys = read_frame(spark, files, keys_schema(stage)).persist(StorageLevel.DISK_ONLY)
    flags = stage.flag(keys, None).persist(StorageLevel.DISK_ONLY)
    [(cut,)] = flags.agg(sf.sum(sf.size("cut"))).collect()
    stage.state(keys, flags, None).write.format("noop").mode("overwrite").save()
    seconds = time.monotonic() - started
    spark.stop()
    return {"cut": cut or 0, "seconds": seconds}


@dataclass
class Usage:
    """What a process and all below it have used: peak memory, and the time of each process."""

    peak_bytes: int = 0
    seconds: dict[int, float] = field(default_factory=dict)

    def look(self, process: int) -> None:
        """Take the family as it is now."""
        now = family(process)
        self.seconds |= {number: member.own_s for number, member in now.items()}
        self.peak_bytes = max(self.peak_bytes, sum(m.resident_bytes for m in now.values()))


def watched(command: list[str]) -> tuple[str, Usage]:
    """Run a command; what it printed, and what it used."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    used = Usage()

    def watch() -> None:
        while process.poll() is None:
            used.look(process.pid)
            time.sleep(POLL_S)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    printed, _ = process.communicate()
    watcher.join()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return printed, used


def measure(documents: int, lines: int, heap: str, cap: int) -> dict[str, float]:
    """One size, start to end."""
    with tempfile.TemporaryDirectory() as folder:
        keys, log = Path(folder, "keys"), Path(folder, "log")
        keys.mkdir()
        log.mkdir()
        expected = write_keys(keys, documents, lines, cap)
        command = [sys.executable, "-m", "benchmarks.line_dedup", "--worker", folder]
        printed, used = watched([*command, "--heap", heap])
        made = json.loads(printed.splitlines()[-1])
        if made["cut"] != expected:
            raise SystemExit(f"{made['cut']} occurrences cut, {expected} are beyond {cap}")
        tasks = list(read_tasks(log))
    seconds = [task.seconds for task in tasks]
    return {
        "documents": documents,
        "seconds": made["seconds"],
        "processor": sum(used.seconds.values()),
        "shuffle_bytes": sum(task.shuffled_bytes for task in tasks) / documents,
        "spill": sum(task.spilled_bytes for task in tasks) / 2**20,
        "longest": max(seconds),
        "share": max(seconds) / sum(seconds),
        "peak": used.peak_bytes / 2**20,
        "cut": made["cut"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=200_000)
    parser.add_argument("--doublings", type=int, default=3)
    parser.add_argument("--lines", type=int, default=10, help="lines of a document")
    parser.add_argument("--heap", default="1g")
    parser.add_argument("--cap", type=int, default=200)
    parser.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        print(json.dumps(flag_keys(given.worker / "keys", given.heap, given.worker / "log")))
        return
    print(
        " documents |      cut | seconds | processor s | shuffled B/doc | spilled MiB | "
        "longest task s | its share | peak MiB"
    )
    for doubling in range(given.doublings + 1):
        row = measure(given.documents << doubling, given.lines, given.heap, given.cap)
        print(
            "{documents:10,} | {cut:8,} | {seconds:7.1f} | {processor:11.1f} | "
            "{shuffle_bytes:14.0f} | {spill:11.0f} | {longest:14.2f} | {share:9.3f} | "
            "{peak:8.0f}".format(**row),
            flush=True,
        )


if __name__ == "__main__":
    main()
