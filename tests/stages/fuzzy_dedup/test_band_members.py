from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.fuzzy_dedup.band_members import MEMBER, ORDER, find_losses, make_members, split_members


def members_of(*rows: tuple) -> np.ndarray:
    return np.array(list(rows), MEMBER)


def losses_of(members: np.ndarray) -> dict[tuple, int]:
    losers, winners, counts = find_losses(members)
    names = list(ORDER)
    return {
        (tuple(loser), tuple(winner)): int(count)
        for loser, winner, count in zip(
            losers[names].tolist(), winners[names].tolist(), counts, strict=True
        )
    }


def losses_by_loops(members: np.ndarray) -> dict[tuple, int]:
    buckets: dict[int, list[tuple]] = {}
    for band, *order in members.tolist():
        buckets.setdefault(band, []).append(tuple(order))
    return Counter(
        (order, min(bucket))
        for bucket in buckets.values()
        for order in bucket
        if order != min(bucket)
    )


@st.composite
def member_arrays(draw):
    """Few bands and few documents, so that they often meet; no document twice in a band."""
    row = st.tuples(*[st.integers(-2, 2)] * 5)
    return members_of(*draw(st.lists(row, max_size=40, unique=True)))


@given(member_arrays())
def test_losses_are_those_that_loops_find(members):
    assert losses_of(members) == losses_by_loops(members)


def test_the_winner_is_the_first_by_batch_then_rank_then_part_then_position():
    rows = [(7, 1, 0, 0, 0), (7, 0, 1, 0, 0), (7, 0, 0, 1, 0), (7, 0, 0, 0, 1), (7, 0, 0, 0, 0)]
    assert {winner for _, winner in losses_of(members_of(*rows))} == {(0, 0, 0, 0)}
    assert {winner for _, winner in losses_of(members_of(*rows[:4]))} == {(0, 0, 0, 1)}


def test_nobody_loses_where_no_band_is_shared():
    assert losses_of(members_of((1, 0, 0, 0, 0), (2, 0, 0, 0, 1))) == {}


@pytest.mark.parametrize("buckets", [1, 2, 3, 1000, 70_000])
def test_a_band_is_in_one_bucket_and_no_member_is_lost(buckets):
    bands = np.random.default_rng(buckets).integers(-(1 << 63), 1 << 63, 500)
    order = {name: np.arange(1000) for name in ORDER}
    members = make_members(np.concatenate([bands, bands]), np.ones(1000, int), order)
    split = dict(split_members(members, buckets))
    assert all(0 <= bucket < buckets for bucket in split)
    home = {band: bucket for bucket, some in split.items() for band in some["band"].tolist()}
    assert sum(map(len, split.values())) == 1000
    for bucket, some in split.items():
        assert {home[band] for band in some["band"].tolist()} == {bucket}


def test_buckets_are_about_equally_full():
    bands = np.random.default_rng(1).integers(-(1 << 63), 1 << 63, 10_000)
    members = make_members(bands, np.ones(10_000, int), dict.fromkeys(ORDER, bands * 0))
    sizes = [len(some) for _, some in split_members(members, 10)]
    assert len(sizes) == 10
    assert max(sizes) < 1000 + 5 * 30  # standard deviation 30


def test_every_band_of_a_document_carries_its_order():
    order = {name: np.array([i, i + 10]) for i, name in enumerate(ORDER)}
    members = make_members(np.array([5, 6, 7]), np.array([2, 1]), order)
    assert members.tolist() == [(5, 0, 1, 2, 3), (6, 0, 1, 2, 3), (7, 10, 11, 12, 13)]
