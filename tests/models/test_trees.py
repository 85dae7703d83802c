"""Trees say of a row what a walk through them by hand says, wherever it stands among others."""

import numpy as np

from models.trees import BLOCK, LEAF, Trees

TREES = Trees(
    baseline=np.array([0.125]),
    roots=np.array([0, 3], np.int32),
    feature=np.array([0, LEAF, LEAF, 1, LEAF, 0, LEAF, LEAF], np.int16),
    threshold=np.array([0.5, 0, 0, 2.5, 0, 0.25, 0, 0]),
    left=np.array([1, 0, 0, 4, 0, 6, 0, 0], np.int32),
    right=np.array([2, 0, 0, 5, 0, 7, 0, 0], np.int32),
    value=np.array([0, 1.0, 2.0, 0, 10.0, 0, 20.0, 30.0]),
)


def by_hand(first, second):
    rest = 10.0 if second <= 2.5 else (20.0 if first <= 0.25 else 30.0)
    return 0.125 + (1.0 if first <= 0.5 else 2.0) + rest


def test_every_row_of_several_blocks_has_its_own_leaves():
    rows = np.random.default_rng(1).uniform(0, 4, (2 * BLOCK + 7, 2)).astype(np.float32)
    rows[:, 0] /= 4
    expected = [by_hand(*row) for row in rows]
    assert TREES.total(rows).tolist() == expected
    assert TREES.total(np.asfortranarray(rows)).tolist() == expected
    assert len(set(expected)) > 4
    assert TREES.total(rows[:0]).tolist() == []
