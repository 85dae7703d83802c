"""The cluster of each document against NumPy in float64."""

import pytest

from stages.semantic_dedup.assignment import assign
from stages.semantic_dedup.centroids import CELL, CLUSTER, DDL
from tests.stages.semantic_dedup.vectors import clouds, vector_frame

pytestmark = pytest.mark.spark


def table_of(spark, cells, clusters):
    rows = [(CELL, number, None, cell.tolist()) for number, cell in enumerate(cells)]
    for number, its in enumerate(clusters):
        rows += [(CLUSTER, number, n, row.tolist()) for n, row in enumerate(its)]
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


@pytest.mark.parametrize(("partitions", "tasks"), [(1, "1"), (7, "4"), (3, "40")])
def test_a_document_goes_to_the_nearest_cluster_of_its_nearest_cell(spark, partitions, tasks):
    matrix, cells = clouds(1, 900, centres=60), clouds(2, 5)
    clusters = [clouds(seed, 3 + seed) for seed in range(4)] + [clouds(9, 0)]
    before = spark.conf.get("spark.sql.shuffle.partitions")
    spark.conf.set("spark.sql.shuffle.partitions", tasks)
    try:
        frame = vector_frame(spark, matrix, partitions, shuffle_seed=partitions)
        found = assigned(frame, table_of(spark, cells, clusters))
    finally:
        spark.conf.set("spark.sql.shuffle.partitions", before)
    expected = {}
    for number, row in enumerate(matrix):
        cell = nearest(row, cells)
        expected[number] = (cell, nearest(row, clusters[cell]))
    assert found == expected
    assert {cell for cell, _ in found.values()} == set(range(5))


def test_the_clusters_of_one_cell_are_compared_as_they_are(spark):
    matrix, clusters = clouds(3, 200), clouds(4, 8)
    found = assigned(vector_frame(spark, matrix, 3), table_of(spark, [], [clusters]))
    assert found == {n: (0, nearest(row, clusters)) for n, row in enumerate(matrix)}


def test_without_centroids_all_are_one_cluster(spark):
    found = assigned(vector_frame(spark, clouds(5, 20), 2), None)
    assert found == dict.fromkeys(range(20), (0, 0))
