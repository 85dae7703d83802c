"""Clusters of 50, 200 and 800 thousand documents, by two levels of KMeans and by one.

    python -m benchmarks.semantic_scale [DOCUMENTS ...] [--heap 2g]

Vectors of 128 dimensions are generated: documents lie around topics, one for every 500 of them, of
which the first have most, and topics around 64 subjects. One document of ten is a near copy of
another one, with a cosine evenly between the stage's threshold and 1. With 2,000 documents a
cluster, 16 times the documents have 16 times the clusters. Every line is a process of its own with
Spark on two cores.

Printed: processor time a document of all processes for training the centroids, for assigning
documents to clusters, and for all of the flagging (which assigns, and compares pairs); the most
memory that all processes had resident while training and while flagging; the mean of 1 - cosine
between a document and its centroid; the share of the near copies that are in the cluster of their
original; the largest cell and cluster against the mean one; how many documents are flagged.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import mean

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession

from benchmarks.spark_usage import Meter
from curation.parts.keys import keys_schema
from curation.spark.frames import read_frame
from curation.spark.session import start_session
from models import embedding
from stages.lottery import draw
from stages.semantic_dedup import SemanticDedup, centroids
from stages.semantic_dedup.assignment import assign
from stages.semantic_dedup.centroids import CLUSTER
from stages.semantic_dedup.cosine_pairs import Vectors
from stages.semantic_dedup.kmeans import vectors_of

SIZES = (50_000, 200_000, 800_000)
DIMENSIONS = 128
SUBJECTS = 64
PER_TOPIC = 500
PER_CLUSTER = 2_000
PART = 12_500
COPY_EVERY = 10
STAGE = SemanticDedup(documents_per_cluster=PER_CLUSTER)
LEAST_COSINE = embedding.same_content(STAGE.model)


def unit(rows: np.ndarray) -> Vectors:
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


def topics(documents: int) -> Vectors:
    random = np.random.default_rng(1)
    count = documents // PER_TOPIC
    subjects = unit(random.normal(size=(SUBJECTS, DIMENSIONS)))
    own = unit(random.normal(size=(count, DIMENSIONS)))
    return unit(subjects[random.integers(SUBJECTS, size=count)] + own)


def original_of(number: int, documents: int) -> int:
    """The document that this one is a near copy of; its own number if it is none."""
    if number % COPY_EVERY:
        return number
    other = int(np.random.default_rng(number).integers(documents))
    return other + (other % COPY_EVERY == 0)


def vector(number: int, centres: Vectors, documents: int) -> np.ndarray:
    """The vector of a document: it hangs on its number, and on how many there are."""
    original = original_of(number, documents)
    if original == number:
        random = np.random.default_rng(number)
        topic = int(len(centres) * random.random() ** 2)
        return centres[topic] + 0.7 * unit(random.normal(size=DIMENSIONS))
    of = unit(vector(original, centres, documents))
    random = np.random.default_rng(number)
    drawn = random.normal(size=DIMENSIONS)
    aside = unit(drawn - (drawn @ of) * of)
    cosine = random.uniform(LEAST_COSINE, 1)
    return cosine * of + np.sqrt(1 - cosine**2) * aside


def write_keys(
    folder: str, documents: int, batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """Generate the keys of a part, as the stage would compute them."""
    schema, centres = keys_schema(STAGE), topics(documents)
    for batch in batches:
        for part in batch.column("part").to_pylist():
            numbers = range(part * PART, (part + 1) * PART)
            names = [f"{number:032x}" for number in numbers]
            rows = unit(np.array([vector(number, centres, documents) for number in numbers]))
            made = {
                "part": np.full(PART, part, np.int32),
                "position": np.array(numbers),
                "doc_id": names,
                "lot": [draw(STAGE.seed, name, STAGE.name) for name in names],
                "embedding": pa.array(list(rows), pa.list_(pa.float32())),
                "quality": np.ones(PART),
                "length": np.ones(PART, np.int32),
                "language": pa.nulls(PART, pa.string()),
            }
            pq.write_table(
                pa.table([made[name] for name in schema.names], schema=schema),
                f"{folder}/{part:05d}.parquet",
            )
        yield pa.RecordBatch.from_pydict({"done": pa.array([1], pa.int32())})


def make_keys(spark: SparkSession, documents: int, folder: Path) -> DataFrame:
    parts = documents // PART
    numbers = spark.range(parts, numPartitions=parts).selectExpr("CAST(id AS INT) AS part")
    write = partial(write_keys, str(folder), documents)
    numbers.mapInArrow(write, "done int").collect()
    files = sorted(map(str, folder.iterdir()))
    keys = read_frame(spark, files, keys_schema(STAGE)).persist(StorageLevel.DISK_ONLY)
    keys.write.format("noop").mode("overwrite").save()
    return keys


def train(keys: DataFrame, documents: int) -> pa.Table:
    table = STAGE.fit(keys, None, None, documents)
    assert table is not None
    return table.toArrow()


def run_size(documents: int, levels: int, heap: str, folder: Path) -> None:
    settings = {
        "spark.driver.memory": heap,
        "spark.sql.shuffle.partitions": str(max(documents // PART // 2, 2)),
        "spark.local.dir": str(folder / "spark"),
    }
    (folder / "keys").mkdir()
    spark = start_session(settings, master="local[2,4]")
    keys = make_keys(spark, documents, folder / "keys")
    centroids.ONE_CELL = 0 if levels == 2 else 1 << 30
    fitting, assigning, flagging = Meter(), Meter(), Meter()
    rows = fitting.measure(partial(train, keys, documents))
    table = spark.createDataFrame(rows).persist(StorageLevel.DISK_ONLY)
    assigned = assign(keys.drop("quality", "length"), table)
    assigning.measure(lambda: assigned.write.format("noop").mode("overwrite").save())
    found = assigned.select("position", "cell", "cluster").toArrow().sort_by("position")
    assigned.unpersist()
    flagged = flagging.measure(lambda: STAGE.flag(keys, None, table).select("position").toArrow())
    spark.stop()
    places = list(zip(found["cell"].to_pylist(), found["cluster"].to_pylist(), strict=True))
    peaks = (fitting.peak_bytes / 2**20, flagging.peak_bytes / 2**20)
    per = [meter.processor_s / documents * 1e6 for meter in (fitting, assigning, flagging)]
    print(
        f"{documents:>10,}{levels:>7}{rows.filter(rows_of_clusters(rows)).num_rows:>9}"
        f"{per[0]:>8.0f}{per[1]:>8.0f}{per[2]:>8.0f}{peaks[0]:>9,.0f}{peaks[1]:>9,.0f}"
        f"{inertia(rows, places, documents):>9.4f}{together(places, documents):>10.2%}"
        f"{largest([cell for cell, _ in places]):>7.1f}{largest(places):>9.1f}"
        f"{len(flagged):>10,} of {documents // COPY_EVERY:,}",
        flush=True,
    )


def rows_of_clusters(rows: pa.Table) -> np.ndarray:
    return rows["level"].to_numpy() == CLUSTER


def inertia(rows: pa.Table, places: Sequence[tuple[int, int]], documents: int) -> float:
    """The mean of 1 - cosine between documents and the centroids of their clusters."""
    clusters = rows.filter(rows_of_clusters(rows))
    matrix = vectors_of(clusters["centroid"])
    names = zip(clusters["cell"].to_pylist(), clusters["cluster"].to_pylist(), strict=True)
    place_of = {name: place for place, name in enumerate(names)}
    centres = topics(documents)
    apart = [
        1 - unit(vector(number, centres, documents)) @ matrix[place_of[place]]
        for number, place in enumerate(places)
    ]
    return float(mean(map(float, apart)))


def together(places: Sequence[tuple[int, int]], documents: int) -> float:
    """The share of near copies whose original is in the same cluster."""
    copies = range(0, documents, COPY_EVERY)
    return mean(places[number] == places[original_of(number, documents)] for number in copies)


def largest(names: Sequence[object]) -> float:
    """The largest group against the mean of all."""
    sizes = Counter(names).values()
    return max(sizes) / mean(sizes)


HEADER = (
    "                           processor, us a document   peak, MiB           copies with"
    "  largest to mean\n documents levels clusters   train  assign    flag    train     flag"
    "  inertia  original   cell  cluster   flagged"
)


def main(sizes: Sequence[int], heap: str) -> None:
    print(HEADER, flush=True)
    for documents in sizes:
        for levels in (1, 2):
            with tempfile.TemporaryDirectory() as folder:
                command = [sys.executable, "-m", "benchmarks.semantic_scale", "--one", folder]
                what = [str(documents), "--levels", str(levels), "--heap", heap]
                subprocess.run([*command, *what], check=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("documents", type=int, nargs="*", default=SIZES)
    parser.add_argument("--heap", default="2g")
    parser.add_argument("--levels", type=int, default=2, help=argparse.SUPPRESS)
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        run_size(given.documents[0], given.levels, given.heap, given.one)
    else:
        main(given.documents, given.heap)
