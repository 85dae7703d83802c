"""The cluster of each document against NumPy in float64."""

import numpy as np
import pytest

from stages.semantic_dedup.assignment import assign
from stages.semantic_dedup.centroids import CELL, CLUSTER, DDL
from tests.stages.semantic_dedup.vectors import clouds, vector_frame

pytestmark = pytest.mark.spark


def table_of(spark, cells, clusters, also_near=()):
    """A table of cells with their clusters; ``also_near`` has (cell, cluster, another cell)."""
    rows = [(CELL, number, None, None, cell.tolist()) for number, cell in enumerate(cells)]
    for number, its in enumerate(clusters):
        for n, row in enumerate(its):
            near = [number, *(other for *name, other in also_near if name == [number, n])]
            rows.append((CLUSTER, number, n, near, row.tolist()))
    return spark.createDataFrame(rows[::-1], DDL)


def assigned(vectors, table):
    found = assign(vectors, table)
    assert found.columns == [*vectors.columns, "cell", "cluster"]
    rows = found.collect()
    vectors.sparkSession.catalog.clearCache()
    assert len(rows) == len({r["doc_id"] for r in rows})
    return {int(r["doc_id"], 16): (r["cell"], r["cluster"]) for r in rows}


def nearest(row, centroids):
    return int((centroids.astype(float) @ row.astype(float)).argmax()) if len(centroids) else 0


ALSO_NEAR = [(0, 1, 2), (0, 1, 3), (1, 0, 2), (2, 4, 0), (3, 5, 0), (3, 5, 1), (3, 0, 4)]


@pytest.mark.slow
@pytest.mark.parametrize("also_near", [(), ALSO_NEAR], ids=["own", "near"])
@pytest.mark.parametrize(("partitions", "tasks"), [(1, "1"), (7, "4"), (3, "40")])
def test_a_document_goes_to_the_nearest_of_the_clusters_near_to_its_cell(
    spark, partitions, tasks, also_near
):
    matrix, cells = clouds(1, 900, centres=60), clouds(2, 5)
    clusters = [clouds(seed, 3 + seed) for seed in range(4)] + [clouds(9, 0)]
    before = spark.conf.get("spark.sql.shuffle.partitions")
    spark.conf.set("spark.sql.shuffle.partitions", tasks)
    try:
        frame = vector_frame(spark, matrix, partitions, shuffle_seed=partitions)
        found = assigned(frame, table_of(spark, cells, clusters, also_near))
    finally:
        spark.conf.set("spark.sql.shuffle.partitions", before)
    expected = {}
    for number, row in enumerate(matrix):
        cell = nearest(row, cells)
        offered = [(cell, n) for n in range(len(clusters[cell]))]
        offered += [(home, n) for home, n, other in also_near if other == cell]
        centroids = np.array([clusters[home][n] for home, n in offered])
        expected[number] = offered[nearest(row, centroids)] if offered else (cell, 0)
    assert found == expected
    assert {nearest(row, cells) for row in matrix} == set(range(5))


def test_the_clusters_of_one_cell_are_compared_as_they_are(spark):
    matrix, clusters = clouds(3, 200), clouds(4, 8)
    found = assigned(vector_frame(spark, matrix, 3), table_of(spark, [], [clusters]))
    assert found == {n: (0, nearest(row, clusters)) for n, row in enumerate(matrix)}


def test_without_centroids_all_are_one_cluster(spark):
    found = assigned(vector_frame(spark, clouds(5, 20), 2), None)
    assert found == dict.fromkeys(range(20), (0, 0))
