"""The tiled kernel against brute force."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stages.semantic_dedup import cosine_pairs
from stages.semantic_dedup.cosine_pairs import Side, Thresholds, best_twins, cosine
from tests.stages.semantic_dedup.vectors import clouds, unit


def twins_of(rows, row_ranks, pool, pool_ranks, threshold):
    sides = [
        Side(v, r, np.zeros(len(r), np.int32)) for v, r in ((rows, row_ranks), (pool, pool_ranks))
    ]
    return best_twins(*sides, Thresholds(threshold, threshold))


def brute_force(rows, row_ranks, pool, pool_ranks, threshold):
    twins = []
    for row, rank in zip(rows.astype(np.float64), row_ranks, strict=True):
        twin = -1
        for place, (other, other_rank) in enumerate(
            zip(pool.astype(float), pool_ranks, strict=True)
        ):
            if (
                other_rank < rank
                and sum(a * b for a, b in zip(row, other, strict=True)) >= threshold
            ):
                twin = place
                break
        twins.append(twin)
    return twins


@given(st.integers(0, 2**32 - 1), st.integers(0, 90), st.sampled_from([0.5, 0.9, 0.95, 0.99]))
@settings(max_examples=40, deadline=None)
def test_a_block_against_itself_gives_what_brute_force_gives(seed, count, threshold):
    rows, ranks = clouds(seed, count), np.arange(count)
    twins, _ = twins_of(rows, ranks, rows, ranks, threshold)
    assert twins.tolist() == brute_force(rows, ranks, rows, ranks, threshold)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_two_blocks_give_what_brute_force_gives(seed):
    rows = clouds(seed, 80)
    mine = np.random.default_rng(seed).random(80) < 0.5
    ranks = np.arange(80)
    sides = rows[mine], ranks[mine], rows[~mine], ranks[~mine], 0.95
    assert twins_of(*sides)[0].tolist() == brute_force(*sides)


def test_the_answer_does_not_depend_on_the_tile(monkeypatch):
    rows, ranks = clouds(7, 700), np.arange(700)
    answers = []
    for tile in (1, 3, 64, 512, 4096):
        monkeypatch.setattr(cosine_pairs, "TILE", tile)
        twins, cosines = twins_of(rows, ranks, rows, ranks, 0.95)
        answers.append((twins.tolist(), cosines.tolist()))
    assert all(answer == answers[0] for answer in answers)
    assert sum(twin >= 0 for twin in answers[0][0]) > 100


def test_the_cosine_at_the_threshold_itself_counts():
    rows = unit(np.array([[1.0, 0.0], [0.95, np.sqrt(1 - 0.95**2)]]))
    exact = cosine(rows[0], rows[1])
    ranks = np.arange(2)
    assert twins_of(rows, ranks, rows, ranks, exact)[0].tolist() == [-1, 0]
    assert twins_of(rows, ranks, rows, ranks, np.nextafter(exact, 1))[0].tolist() == [-1, -1]


def test_the_reported_cosine_is_that_of_the_twin():
    rows, ranks = clouds(3, 200), np.arange(200)
    twins, cosines = twins_of(rows, ranks, rows, ranks, 0.95)
    for row, twin in enumerate(twins):
        if twin >= 0:
            assert cosines[row] == pytest.approx(float(rows[row] @ rows[twin]), abs=1e-5)


def test_the_better_one_of_two_equals_has_no_twin():
    rows = unit(np.ones((3, 8)))
    twins, _ = twins_of(rows, np.arange(3), rows, np.arange(3), 0.95)
    assert twins.tolist() == [-1, 0, 0]


def two_in_languages(left, right, thresholds):
    rows = unit(np.array([[1.0, 0.0], [0.9, np.sqrt(1 - 0.9**2)]]))
    side = Side(rows, np.arange(2), np.array([left, right], np.int32))
    return best_twins(side, side, thresholds)[0].tolist()


@pytest.mark.parametrize(
    ("left", "right", "twins"),
    [(1, 1, [-1, -1]), (1, 2, [-1, 0]), (0, 2, [-1, -1]), (0, 0, [-1, -1])],
)
def test_two_languages_have_a_threshold_of_their_own(left, right, twins):
    assert two_in_languages(left, right, Thresholds(0.95, 0.8)) == twins


def test_two_languages_may_have_no_twins_however_alike():
    rows = unit(np.ones((2, 8)))
    side = Side(rows, np.arange(2), np.array([1, 2], np.int32))
    assert best_twins(side, side, Thresholds(0.95, 2.0))[0].tolist() == [-1, -1]
