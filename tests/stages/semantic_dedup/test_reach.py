"""What may meet a batch, against all pairs in float64."""

import numpy as np
import pyarrow as pa
import pytest

from stages.semantic_dedup.assignment import assign
from stages.semantic_dedup.cosine_pairs import TILE
from stages.semantic_dedup.reach import Clusters, NearVectors
from tests.stages.semantic_dedup.test_assignment import ALSO_NEAR, table_of
from tests.stages.semantic_dedup.vectors import clouds, vector_frame

NOTHING = np.zeros((0, 0), np.float32)
ONE_CLUSTER = Clusters(NOTHING, NOTHING, {})


def state_of(matrix):
    vectors = pa.array(list(matrix), pa.list_(pa.float32()))
    numbers = pa.array(range(len(matrix)), pa.int64())
    return pa.RecordBatch.from_arrays([numbers, vectors], ["number", "embedding"])


def narrowed(clusters, mine, earlier, least=0.95):
    reach = NearVectors.of(clusters, mine, least)
    return set(reach.narrow(state_of(earlier))["number"].to_pylist())


def near(mine, earlier, least):
    cosines = earlier.astype(float) @ mine.astype(float).T
    return set(np.flatnonzero(cosines.max(1, initial=-1.0) >= least))


@pytest.mark.parametrize("documents", [1, 30, 2 * TILE + 1])
def test_what_is_near_to_some_document_stays_and_what_is_clearly_not_leaves(documents):
    mine, earlier = clouds(1, documents), clouds(1, 2 * TILE + 7, spread=0.5)
    found = narrowed(ONE_CLUSTER, mine, earlier)
    assert near(mine, earlier, 0.95) <= found <= near(mine, earlier, 0.948)
    assert len(found) < len(earlier) or documents > TILE


def test_only_documents_of_the_same_cluster_count():
    clusters = Clusters(NOTHING, clouds(2, 9), {})
    mine, earlier = clouds(1, 60), clouds(1, 900, spread=0.5)
    homes, found = clusters.nearest(earlier), narrowed(clusters, mine, earlier)
    expected = [
        number
        for number, row in enumerate(earlier)
        if near(mine[clusters.nearest(mine) == homes[number]], row[None], 0.95)
    ]
    assert found >= set(expected)
    assert found < near(mine, earlier, 0.948)


@pytest.mark.parametrize("clusters", [ONE_CLUSTER, Clusters(NOTHING, clouds(2, 9), {})])
def test_where_one_side_has_no_vectors_none_stay(clusters):
    assert narrowed(clusters, clouds(1, 3), NOTHING) == set()
    assert narrowed(clusters, NOTHING, clouds(1, 5)) == set()


@pytest.mark.slow
@pytest.mark.spark
@pytest.mark.parametrize("also_near", [(), ALSO_NEAR], ids=["own", "near"])
@pytest.mark.parametrize("cells", [5, 0])
def test_documents_have_one_number_where_spark_gives_them_one_cluster(spark, also_near, cells):
    matrix = clouds(1, 400, centres=60)
    if cells:
        clusters = [clouds(seed, 3 + seed) for seed in range(4)] + [clouds(9, 0)]
        table = table_of(spark, clouds(2, cells), clusters, also_near)
    else:
        table = table_of(spark, [], [clouds(4, 8)])
    rows = assign(vector_frame(spark, matrix, 3), table).collect()
    theirs = {int(row["doc_id"], 16): (row["cell"], row["cluster"]) for row in rows}
    spark.catalog.clearCache()
    ours = Clusters.of(table).nearest(matrix)
    pairs = {(theirs[number], ours[number]) for number in range(len(matrix))}
    assert len(pairs) == len(set(theirs.values())) == len(set(ours.tolist()))
