"""How often bands find a pair, against the formula that the choice of 128 x 16 rests on."""

import numpy as np
import pytest

from models.kernels.permute import permute
from stages.fuzzy_dedup import collision_probability
from stages.fuzzy_dedup.minhash import band_keys, permutations

PAIRS = 1500
UNION = 1000


def pairs_of(similarity: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Hashes and offsets of PAIRS pairs of sets of exactly this Jaccard similarity."""
    shared = round(UNION * similarity)
    own = (UNION - shared) // 2
    draw = np.random.default_rng(seed)
    hashes, sizes = [], []
    for _ in range(PAIRS):
        union = draw.integers(0, 1 << 32, UNION, dtype=np.uint32)
        hashes += [union[: shared + own], union[:shared], union[shared + own :]]
        sizes += [shared + own, UNION - own]
    return np.concatenate(hashes), np.concatenate([[0], np.cumsum(sizes)])


def share_found(similarity: float) -> float:
    hashes, offsets = pairs_of(similarity, seed=round(similarity * 100))
    out = np.empty((2 * PAIRS, 2048), np.uint32)
    permute(hashes, offsets, *permutations(2048, 1), out)
    keys = band_keys(out, 128)
    return float((keys[::2] == keys[1::2]).any(axis=1).mean())


@pytest.mark.parametrize("similarity", [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9])
def test_pairs_are_found_as_often_as_the_formula_says(similarity):
    expected = collision_probability(similarity, 128, 16)
    error = np.sqrt(expected * (1 - expected) / PAIRS)
    # Three standard errors, and one pair more for the ends where next to none or all are found.
    assert share_found(similarity) == pytest.approx(expected, abs=3 * error + 1 / PAIRS)
