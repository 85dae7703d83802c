import numpy as np
import pyarrow as pa

from stages.semantic_dedup.kmeans import nearest_centroids, train, vectors_of
from tests.stages.semantic_dedup.vectors import clouds


def test_training_twice_gives_the_same_unit_centroids():
    sample = clouds(8, 500)
    centroids = train(sample, 12, seed=1)
    assert np.array_equal(centroids, train(sample, 12, seed=1))
    assert np.allclose(np.linalg.norm(centroids, axis=1), 1, atol=1e-5)
    assert not np.array_equal(centroids, train(sample, 12, seed=2))


def test_the_centroids_are_where_the_vectors_are():
    sample = clouds(9, 600, centres=6, spread=0.1)
    cosines = (sample @ train(sample, 6, seed=1).T).max(axis=1)
    assert np.median(cosines) > 0.99


def test_a_sample_of_fewer_vectors_than_clusters_gives_as_many_as_it_has():
    assert len(train(clouds(1, 5), 12, seed=1)) == 5


def test_each_vector_gets_its_nearest_centroid_whatever_stands_beside_it():
    vectors = clouds(8, 300)
    centroids = train(vectors, 12, seed=1)
    nearest = nearest_centroids(vectors, centroids)
    assert np.array_equal(nearest, (vectors.astype(float) @ centroids.T.astype(float)).argmax(1))
    assert nearest.tolist() == [nearest_centroids(row[None], centroids)[0] for row in vectors]


def test_of_equal_centroids_the_first_is_the_nearest():
    centroids = clouds(2, 3)[[0, 1, 1, 0]]
    assert nearest_centroids(centroids, centroids).tolist() == [0, 1, 1, 0]


def test_without_centroids_all_are_of_number_0():
    assert nearest_centroids(clouds(2, 3), np.zeros((0, 0), np.float32)).tolist() == [0, 0, 0]


def test_a_column_of_lists_is_a_matrix_in_chunks_or_in_one():
    matrix = clouds(3, 7)
    column = pa.array(list(matrix), pa.list_(pa.float32()))
    assert np.array_equal(vectors_of(column), matrix)
    assert np.array_equal(vectors_of(column.slice(2, 3)), matrix[2:5])
    chunks = pa.chunked_array([column[:3], column[3:]])
    assert np.array_equal(vectors_of(chunks), matrix)
    assert vectors_of(column[:0]).shape == (0, 0)
