"""Two levels of centroids: how many, where, and the same whatever the partitions."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest

from stages.semantic_dedup import centroids
from stages.semantic_dedup.centroids import (
    CELL,
    CENTROIDS,
    CLUSTER,
    NEAR_CELLS,
    cluster_count,
    fit_centroids,
)
from stages.semantic_dedup.kmeans import nearest_centroids, train
from tests.stages.semantic_dedup.vectors import clouds, vector_frame

DOCUMENTS = 1_500


def fitted(spark, matrix, clusters, partitions, shuffle_seed=None):
    """The table as a set of rows."""
    vectors = vector_frame(spark, matrix, partitions, shuffle_seed)
    table = fit_centroids(vectors, len(matrix), clusters, seed=1)
    assert table.columns == list(CENTROIDS)
    rows = {
        (r["level"], r["cell"], r["cluster"], tuple(r["centroid"]), tuple(r["near_cells"] or ()))
        for r in table.collect()
    }
    spark.catalog.clearCache()
    return rows


def test_the_number_of_clusters_follows_the_corpus():
    assert [cluster_count(n, 10) for n in (0, 1, 10, 11, 100)] == [1, 1, 1, 2, 10]


@pytest.fixture(scope="module")
def matrix():
    return clouds(4, DOCUMENTS, centres=150)


@pytest.fixture(scope="module")
def two_levels(spark, matrix):
    return fitted(spark, matrix, 100, partitions=1)


@pytest.mark.spark
@pytest.mark.parametrize("shuffle_seed", [1, 2])
def test_the_centroids_do_not_depend_on_partitions_or_order(
    spark, matrix, two_levels, shuffle_seed
):
    assert fitted(spark, matrix, 100, 7, shuffle_seed) == two_levels


@pytest.mark.spark
def test_the_clusters_of_many_lie_in_about_as_many_cells_as_each_has_clusters(matrix, two_levels):
    cells = np.array([r[3] for r in sorted(two_levels, key=lambda r: r[1]) if r[0] == CELL])
    clusters = [r for r in two_levels if r[0] == CLUSTER]
    assert len(cells) == 10
    assert abs(len(clusters) - 100) <= 10
    sizes = Counter(nearest_centroids(matrix, cells.astype(np.float32)).tolist())
    shares = Counter(r[1] for r in clusters)
    assert shares == {cell: round(size / 15) for cell, size in sizes.items()}
    for cell, share in shares.items():
        assert {r[2] for r in clusters if r[1] == cell} == set(range(share))


@pytest.mark.spark
def test_a_cluster_is_offered_to_its_own_cell_and_to_the_nearest_others(two_levels):
    cells = np.array([r[3] for r in sorted(two_levels, key=lambda r: r[1]) if r[0] == CELL])
    for level, cell, _, centroid, near in two_levels:
        if level == CELL:
            assert near == ()
            continue
        others = (-(cells @ np.array(centroid))).argsort(kind="stable").tolist()
        others.remove(cell)
        assert near == (cell, *others[: NEAR_CELLS - 1])


@pytest.mark.spark
def test_few_clusters_are_one_kmeans_over_the_sample_in_the_order_of_lots(spark, matrix):
    found = fitted(spark, matrix, 30, partitions=3, shuffle_seed=5)
    lots = vector_frame(spark, matrix, 1).toArrow().sort_by("lot")
    expected = train(np.array(lots["embedding"].to_pylist(), np.float32), 30, seed=1)
    assert found == {
        (CLUSTER, 0, number, tuple(row.tolist()), (0,)) for number, row in enumerate(expected)
    }


@pytest.mark.spark
def test_a_large_corpus_is_sampled(spark, matrix, monkeypatch):
    monkeypatch.setattr(centroids, "SAMPLE_PER_CLUSTER", 20)
    found = fitted(spark, matrix, 30, partitions=3)
    lots = vector_frame(spark, matrix, 1).toArrow().sort_by("lot")
    drawn = [lot < 2**63 * (30 * 20 / DOCUMENTS) for lot in lots["lot"].to_pylist()]
    sample = np.array(lots.filter(pa.array(drawn))["embedding"].to_pylist(), np.float32)
    expected = train(sample, round(len(sample) / 20), seed=1)
    assert 500 < len(sample) < 700
    assert {r[3] for r in found} == {tuple(row.tolist()) for row in expected}


def sample_batches(matrix, cell, rows):
    table = pa.table(
        {
            "cell": pa.array([cell] * len(matrix), pa.int32()),
            "embedding": pa.array(list(matrix), pa.list_(pa.float32())),
        }
    )
    return table.to_batches(max_chunksize=rows)


@pytest.mark.parametrize("rows", [7, 40, 1000])
def test_a_cell_of_too_many_vectors_is_trained_on_its_first_ones(matrix, monkeypatch, rows):
    monkeypatch.setattr(centroids, "MAX_SAMPLE", 200)
    batches = sample_batches(matrix[:500], 3, rows)
    [made] = centroids._train_cell(batches, None, per_cluster=25, seed=1)
    assert made.schema.equals(pa.schema(list(CENTROIDS.items())))
    assert set(made["cell"].to_pylist()) == {3}
    expected = train(matrix[:200], 20, seed=1)
    assert np.array_equal(np.array(made["centroid"].to_pylist(), np.float32), expected)


def test_a_cell_of_a_few_vectors_is_a_cluster_and_one_of_none_is_not(matrix):
    [made] = centroids._train_cell(sample_batches(matrix[:3], 1, 2), None, per_cluster=25, seed=1)
    assert made.num_rows == 1
    assert list(centroids._train_cell(sample_batches(matrix[:0], 1, 2), None, 25, seed=1)) == []
