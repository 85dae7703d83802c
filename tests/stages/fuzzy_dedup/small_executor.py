"""Compares bands on an executor of 512 MB and says what it found and how much it put on disk.

    python -m tests.stages.fuzzy_dedup.small_executor FOLDER

Documents have 128 bands of their own; number 9, 19, … share one with the document before, and
number 5, 25, … one with each other. Prints, as JSON, the places of losers and the bytes spilled.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

DOCUMENTS = 30_000  # 123 MB of records in one partition, against 64 MB that Spark may use
PART = 5_000
KEYS = "part int, position long, bands array<long>, rank long"


def make_keys(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for part in batch.column("part").to_pylist():
            for first in range(part * PART, (part + 1) * PART, 500):
                bands = np.random.default_rng(first).integers(-(1 << 63), 1 << 63, (500, 128))
                bands[9::10, 0] = bands[8::10, 0]
                bands[5::20, 1] = 7
                yield pa.RecordBatch.from_pydict(
                    {
                        "part": pa.array([part] * 500, pa.int32()),
                        "position": pa.array(range(first, first + 500), pa.int64()),
                        "bands": pa.array(bands.tolist(), pa.list_(pa.int64())),
                        "rank": pa.array([0] * 500, pa.int64()),
                    }
                )


def bytes_spilled(folder: Path) -> int:
    events = (json.loads(line) for file in folder.rglob("events_*") for line in file.open())
    ends = (event for event in events if event["Event"] == "SparkListenerTaskEnd")
    return sum(end["Task Metrics"]["Disk Bytes Spilled"] for end in ends)


def main(folder: Path) -> None:
    from curation.spark.session import start_session
    from stages.fuzzy_dedup.collisions import collide

    settings = {
        "spark.sql.shuffle.partitions": "1",
        "spark.executor.memory": "512m",
        "spark.memory.fraction": "0.3",
        "spark.eventLog.enabled": "true",
        "spark.eventLog.compress": "false",
        "spark.eventLog.dir": f"file://{folder}",
    }
    spark = start_session(settings, master="local-cluster[1,1,512]")
    parts = DOCUMENTS // PART
    numbers = spark.range(parts, numPartitions=parts).selectExpr("CAST(id AS INT) AS part")
    hits = collide(numbers.mapInArrow(make_keys, KEYS), None).collect()
    spark.stop()
    losers = sorted(row["position"] for row in hits)
    sys.stdout.write(json.dumps({"losers": losers, "spilled": bytes_spilled(folder)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
