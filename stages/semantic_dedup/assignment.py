"""The cluster of each document: the nearest of those that lie near to its nearest cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stages.semantic_dedup.centroids import CELL, CLUSTER, append_nearest, read_centroids
from stages.semantic_dedup.kmeans import Numbers, nearest_centroids, vectors_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def assign(vectors: DataFrame, centroids: DataFrame | None) -> DataFrame:
    """The frame with ``cell`` and ``cluster`` (int): the cluster that each embedding is nearest to.

    Without ``centroids`` all documents are one cluster. Of K clusters a vector is compared with
    some sqrt(K) cells, and then with ``NEAR_CELLS`` times as many clusters: so many a task holds.
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
    """The frame with ``cluster``, and with the ``cell`` of that cluster in the place of its own.

    Documents are shuffled by cell, so that a task needs the clusters near to one: they come to it
    as its first rows. As many tasks share a cell as makes them the shuffle's partitions in all.
    """
    from pyspark import StorageLevel
    from pyspark.sql import functions as sf

    partitions = int(vectors.sparkSession.conf.get("spark.sql.shuffle.partitions") or 200)
    tasks = -(-partitions // cells)  # of each cell
    slots = sf.explode(sf.sequence(sf.lit(0), sf.lit(tasks - 1))).alias("slot")
    first = clusters.select(
        "cell",
        "cluster",
        sf.col("centroid").alias("embedding"),
        sf.explode("near_cells").alias("to"),
    ).select("*", slots)
    slotted = vectors.withColumn("slot", (sf.col("lot") % tasks).cast("int"))
    placed = slotted.unionByName(first, allowMissingColumns=True).repartitionById(
        cells * tasks, sf.coalesce("to", "cell") * tasks + sf.col("slot")
    )
    order = [sf.col("cluster").asc_nulls_last(), sf.col("cell")]
    ordered = placed.drop("slot", "to").sortWithinPartitions(*order)
    ddl = ", ".join(f"{name} {kind}" for name, kind in ordered.dtypes)
    # Whoever counts the clusters uses it twice, and Spark would shuffle twice.
    return ordered.mapInArrow(_assign_in_cell, ddl).persist(StorageLevel.DISK_ONLY)


def _assign_in_cell(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The rows without a cluster, each with the nearest one of those that came before them."""
    names: list[pa.RecordBatch] = []
    centroids = np.zeros((0, 0), np.float32)
    for batch in batches:
        known = pc.is_valid(batch.column("cluster"))
        if pc.any(known).as_py():
            clusters = batch.filter(known)
            names.append(clusters.select(["cell", "cluster"]))
            some = vectors_of(clusters.column("embedding"))
            centroids = np.concatenate([centroids.reshape(-1, some.shape[1]), some])
        documents = batch.filter(pc.invert(known))
        if documents.num_rows:
            numbers = nearest_centroids(vectors_of(documents.column("embedding")), centroids)
            yield _name_clusters(documents, names, numbers)


def _name_clusters(
    documents: pa.RecordBatch, names: Sequence[pa.RecordBatch], numbers: Numbers
) -> pa.RecordBatch:
    """Documents with the names of the clusters of these numbers.

    A cell that no cluster is near to is a cluster itself, of number 0.
    """
    if names:
        named = pa.Table.from_batches(names).take(numbers).combine_chunks().to_batches()[0]
    else:
        named = pa.RecordBatch.from_pydict({"cluster": pa.array(numbers)})
    for name in named.schema.names:
        place = documents.schema.get_field_index(name)
        documents = documents.set_column(place, documents.schema.field(place), named.column(name))
    return documents
