"""Products of bytes against numpy, by the processor's instructions and without them."""

import numpy as np
import pytest
from numba import njit

from models.embedding import products


def random_case(seed, rows=12, length=512, width=128):
    dice = np.random.default_rng(seed)
    data = dice.integers(0, 256, rows * 256 + length).astype(np.uint8)
    weights = dice.integers(-127, 128, (length, width)).astype(np.int8)
    windows = np.stack([data[256 * row :][:length] for row in range(rows)]).astype(np.int64)
    return data, weights, windows @ weights.astype(np.int64)


def multiplied(multiply, data, weights, rows=12):
    length, width = weights.shape
    out = np.empty(rows * width, np.int32)
    multiply(data, 0, 256, length, products.pack(weights), width, out)
    return out.reshape(rows, width)


@pytest.mark.parametrize("seed", range(5))
def test_sums_are_exact(seed):
    data, weights, expected = random_case(seed)
    assert np.array_equal(multiplied(products.multiply, data, weights), expected)


@pytest.mark.parametrize("missing", [("HAS_VNNI",), ("HAS_VNNI", "HAS_AVX2")])
def test_sums_are_the_same_without_the_instructions(monkeypatch, missing):
    data, weights, expected = random_case(9)
    for name in missing:
        monkeypatch.setattr(products, name, False)
    monkeypatch.setattr(products, "_multiply", njit(products._multiply.py_func))
    assert np.array_equal(multiplied(products.multiply, data, weights), expected)


def test_the_greatest_bytes_do_not_overflow():
    data = np.full(12 * 256 + 1280, 255, np.uint8)
    weights = np.full((1280, 64), -127, np.int8)
    assert (multiplied(products.multiply, data, weights) == -127 * 255 * 1280).all()
