"""Unit vectors around some centres, and frames of them as the stage compares them."""

import numpy as np
import pyarrow as pa

from stages.lottery import draw


def unit(matrix):
    return (matrix / np.linalg.norm(matrix, axis=1, keepdims=True)).astype(np.float32)


def clouds(seed, count, dimensions=24, centres=12, spread=0.36):
    """``count`` unit vectors, each near one of some centres: cosines lie on both sides of 0.95."""
    random = np.random.default_rng(seed)
    middle = unit(random.normal(size=(centres, dimensions)))
    noise = random.normal(size=(count, dimensions)) * spread / np.sqrt(dimensions)
    return unit(middle[random.integers(centres, size=count)] + noise)


def vector_frame(spark, matrix, partitions, shuffle_seed=None):
    """(doc_id, lot, embedding) of the rows of a matrix, in another order if a seed is given."""
    names = [f"{number:032x}" for number in range(len(matrix))]
    table = pa.table(
        {
            "doc_id": names,
            "lot": pa.array([draw(1, name, "semantic_dedup") for name in names], pa.int64()),
            "embedding": pa.array(list(matrix), pa.list_(pa.float32())),
        }
    )
    if shuffle_seed is not None:
        table = table.take(np.random.default_rng(shuffle_seed).permutation(len(table)))
    return spark.createDataFrame(table).repartition(partitions)
