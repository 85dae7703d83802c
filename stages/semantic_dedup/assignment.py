"""The cluster of each document: the nearest cell, and the nearest cluster in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stages.semantic_dedup.centroids import CELL, CLUSTER, append_nearest, read_centroids
from stages.semantic_dedup.kmeans import nearest_centroids, vectors_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def assign(vectors: DataFrame, centroids: DataFrame | None) -> DataFrame:
    """The frame with ``cell`` and ``cluster`` (int): the cluster that each embedding is nearest to.

    Without ``centroids`` all documents are one cluster. Of K clusters a vector is compared with
    some 2 sqrt(K), and a task holds as many centroids: those of the cells, then those of its cell.
    """
    from pyspark.sql import functions as sf

    if centroids is None:
        return vectors.withColumn("cell", sf.lit(0)).withColumn("cluster", sf.lit(0))
    cells = read_centroids(centroids.where(sf.col("level") == CELL))
    clusters = centroids.where(sf.col("level") == CLUSTER)
    if len(cells):
        return _assign_by_cell(append_nearest(vectors, cells, "cell"), clusters, len(cells))
    return append_nearest(
        vectors.withColumn("cell", sf.lit(0)), read_centroids(clusters), "cluster"
    )


def _assign_by_cell(vectors: DataFrame, clusters: DataFrame, cells: int) -> DataFrame:
    """The frame with the nearest cluster of the cell that a document is in.

    Documents are shuffled by cell, so that a task needs the centroids of one: they come to it as
    its first rows. As many tasks share a cell as makes them the shuffle's partitions in all.
    """
    from pyspark import StorageLevel
    from pyspark.sql import functions as sf

    partitions = int(vectors.sparkSession.conf.get("spark.sql.shuffle.partitions") or 200)
    tasks = -(-partitions // cells)  # of each cell
    slots = sf.explode(sf.sequence(sf.lit(0), sf.lit(tasks - 1))).alias("slot")
    first = clusters.select("cell", "cluster", sf.col("centroid").alias("embedding"), slots)
    slotted = vectors.withColumn("slot", (sf.col("lot") % tasks).cast("int"))
    placed = slotted.unionByName(first, allowMissingColumns=True).repartitionById(
        cells * tasks, sf.col("cell") * tasks + sf.col("slot")
    )
    ordered = placed.drop("slot").sortWithinPartitions(sf.col("cluster").asc_nulls_last())
    ddl = ", ".join(f"{name} {kind}" for name, kind in ordered.dtypes)
    # Whoever counts the clusters uses it twice, and Spark would shuffle twice.
    return ordered.mapInArrow(_assign_in_cell, ddl).persist(StorageLevel.DISK_ONLY)


def _assign_in_cell(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The rows without a cluster, each with its nearest one of those that came before them."""
    centroids = np.zeros((0, 0), np.float32)
    for batch in batches:
        place = batch.schema.get_field_index("cluster")
        known = pc.is_valid(batch.column(place))
        if pc.any(known).as_py():
            some = vectors_of(batch.filter(known).column("embedding"))
            centroids = np.concatenate([centroids.reshape(-1, some.shape[1]), some])
        documents = batch.filter(pc.invert(known))
        if documents.num_rows:
            numbers = nearest_centroids(vectors_of(documents.column("embedding")), centroids)
            found = pa.array(numbers, pa.int32())
            yield documents.set_column(place, batch.schema.field(place), found)
