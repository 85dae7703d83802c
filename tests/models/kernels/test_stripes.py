"""Sums in stripes: the order is fixed, so they equal the same sums taken one by one."""

import numpy as np
import pytest

from models.kernels.compile import kernel
from models.kernels.stripes import STRIPES, striped_sum


@kernel()
def total(row):
    return striped_sum(row)


@pytest.mark.parametrize("size", [0, STRIPES, 3 * STRIPES, 1280])
def test_a_sum_is_that_of_stripes_in_their_order(size):
    row = np.random.default_rng(size).normal(size=size).astype(np.float32) * np.float32(1e4)
    stripes = np.zeros(STRIPES, np.float32)
    for part in row.reshape(-1, STRIPES):
        stripes += part
    expected = np.float32(0)
    for stripe in stripes:
        expected += stripe
    assert total(row) == expected
