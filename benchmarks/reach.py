"""What a delivery pays in `fuzzy_dedup` for all before it, with and without a filter of its keys.

    python -m benchmarks.reach [EARLIER ...] [--documents 20000]

A delivery of random band keys is compared with the state of so many earlier documents, in files of
20,000, of which one in a hundred shares a band with a document of the delivery. Spark has two cores
and 2 GB. Printed for each: processor time of all processes, wall time, and bytes that were
shuffled, for the whole of the state and for what the delivery can meet; both flag the same.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark import StorageLevel
from pyspark.sql import DataFrame

from benchmarks.spark_usage import Meter, log_settings, read_tasks
from curation.batches.state_files import StateFile, read_state
from curation.parts.keys import keys_schema
from curation.spark.frames import read_frame
from curation.spark.session import start_session
from stages.fuzzy_dedup import FuzzyDedup

EARLIER = (0, 100_000, 300_000, 600_000)
FILE = 20_000
STAGE = FuzzyDedup()
SHARES_A_BAND = 100  # one earlier document of so many


def random_documents(count: int, seed: int) -> dict[str, pa.Array]:
    """Documents with keys and sketches that no others have."""
    dice = np.random.default_rng(seed)
    columns = {}
    for name, width in (("bands", STAGE.bands), ("sketch", STAGE.num_permutations // 64)):
        values = dice.integers(-(2**63), 2**63 - 1, count * width)
        columns[name] = pa.FixedSizeListArray.from_arrays(pa.array(values), width)
    return {
        "position": pa.array(range(count), pa.int64()),
        "doc_id": pa.array([f"{seed:08x}{n:024x}" for n in range(count)]),
        **columns,
    }


def write(path: Path, columns: dict[str, pa.Array], schema: pa.Schema) -> None:
    """Rows as the engine leaves them."""
    arrays = [columns[name].cast(schema.field(name).type) for name in schema.names]
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), path, compression="zstd")


def write_keys(path: Path, documents: int) -> None:
    """The keys of the delivery."""
    made = random_documents(documents, 1 << 20)
    ranks = pa.array(np.zeros(documents, np.int64))
    parts = pa.array(np.zeros(documents, np.int32))
    write(path, {**made, "rank": ranks, "part": parts}, keys_schema(STAGE))


def write_state(folder: Path, keys: Path, earlier: int) -> list[StateFile]:
    """The state of earlier documents, of which some have a band of one of the delivery."""
    schema = pa.schema([*(STAGE.state_columns or {}).items()])
    theirs = pq.read_table(keys)["bands"].combine_chunks()
    files = []
    for number in range(earlier // FILE):
        made = random_documents(FILE, number)
        bands = np.array(made["bands"].flatten()).reshape(FILE, STAGE.bands)
        shared = np.array(theirs.flatten()).reshape(-1, STAGE.bands)
        rows = np.arange(0, FILE, SHARES_A_BAND)
        bands[rows, 7] = shared[(rows + number) % len(shared), 7]
        made["bands"] = pa.FixedSizeListArray.from_arrays(pa.array(bands.ravel()), STAGE.bands)
        path = folder / f"{number:05d}.parquet"
        write(path, {**made, "part": pa.array(np.zeros(FILE, np.int32))}, schema)
        files.append(StateFile(str(path), FILE, path.stat().st_size, number))
    return files


def run_one(documents: int, earlier: int, narrow: bool, folder: Path) -> None:
    """Compare once, and print a row."""
    for name in ("events", "state", "spark"):
        (folder / name).mkdir()
    keys_file = folder / "keys.parquet"
    write_keys(keys_file, documents)
    files = write_state(folder / "state", keys_file, earlier)
    settings = {
        "spark.driver.memory": "2g",
        "spark.sql.shuffle.partitions": str(
            max(2, (documents + (0 if narrow else earlier)) // 12_500)
        ),
        "spark.local.dir": str(folder / "spark"),
        **log_settings(folder / "events"),
    }
    spark = start_session(settings, master="local[2,4]")

    def keys() -> DataFrame:
        return read_frame(spark, [str(keys_file)], keys_schema(STAGE))

    def compare() -> int:
        before = None
        if files:
            reach = STAGE.reach(keys()) if narrow else None
            before = read_state(spark, files, STAGE.state_columns or {}, reach=reach)
            before = before.persist(StorageLevel.DISK_ONLY) if narrow else before
        return STAGE.flag(keys().persist(StorageLevel.DISK_ONLY), before).count()

    meter = Meter()
    flagged = meter.measure(compare)
    spark.stop()
    shuffled = sum(task.shuffled_bytes for task in read_tasks(folder / "events"))
    print(
        f"{earlier:>10,}{'what it can meet' if narrow else 'whole':>18}{meter.processor_s:>8.1f}"
        f"{meter.wall_s:>8.1f}{shuffled / 2**20:>12,.0f}{flagged:>10,}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("earlier", nargs="*", type=int, default=EARLIER)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--one", type=Path)
    parser.add_argument("--narrow", action="store_true")
    given = parser.parse_args()
    if given.one:
        run_one(given.documents, given.earlier[0], given.narrow, given.one)
        return
    print("   earlier             state  proc, s wall, s  shuffled MiB   flagged", flush=True)
    for earlier in given.earlier:
        for narrow in ([], ["--narrow"]) if earlier else ([],):
            with tempfile.TemporaryDirectory() as folder:
                command = [sys.executable, "-m", "benchmarks.reach", str(earlier), "--one", folder]
                subprocess.run([*command, "--documents", str(given.documents), *narrow], check=True)


if __name__ == "__main__":
    main()
