from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.fuzzy_dedup.band_members import (
    LOSS,
    MEMBER,
    ORDER,
    THIS_BATCH,
    combine,
    count_losses,
    find_winners,
    make_losses,
    make_members,
    slice_edges,
    sort_by_band,
    take_answers,
)


def members_of(*rows: tuple) -> np.ndarray:
    return np.array(list(rows), MEMBER)


def as_rows(members: np.ndarray) -> list[tuple]:
    return sorted(members.tolist())


@st.composite
def member_arrays(draw):
    """Few bands and few documents, so that they often meet; no document twice in a band."""
    batch = st.sampled_from([0, 1, THIS_BATCH])
    row = st.tuples(st.integers(-2, 2), batch, *[st.integers(-2, 2)] * 3)
    return members_of(*draw(st.lists(row, max_size=40, unique=True)))


@given(member_arrays())
def test_the_winner_of_a_band_is_its_lowest_order(members):
    bands = defaultdict(list)
    for band, *order in members.tolist():
        bands[band].append(order)
    found = members[find_winners(members)].tolist()
    assert found == [(band, *min(bands[band])) for band, *_ in members.tolist()]


def test_the_order_is_by_batch_then_rank_then_part_then_position():
    rows = [(7, 1, 0, 0, 0), (7, 0, 1, 0, 0), (7, 0, 0, 1, 0), (7, 0, 0, 0, 1), (7, 0, 0, 0, 0)]
    assert set(find_winners(members_of(*rows)).tolist()) == {4}
    assert set(find_winners(members_of(*rows[:4])).tolist()) == {3}
    assert set(find_winners(members_of(*rows[:3])).tolist()) == {2}


@given(member_arrays(), st.integers(2, 6))
def test_of_a_crowd_the_best_asks_and_the_rest_of_this_batch_is_held(members, crowd):
    combined = combine(sort_by_band(members), crowd)
    sizes = Counter(members["band"].tolist())
    order = {band: min(row[1:] for row in members.tolist() if row[0] == band) for band in sizes}
    singles, askers, held = [], [], []
    for row in members.tolist():
        if sizes[row[0]] < crowd:
            singles.append(row)
        elif row[1:] == order[row[0]]:
            askers.append(row)
        elif row[1] == THIS_BATCH:
            held.append(row)
    found = tuple(map(as_rows, combined))
    assert found == (sorted(singles), sorted(askers), sorted(held))


def test_those_held_lose_to_whom_their_asker_was_told():
    held = members_of((5, THIS_BATCH, 0, 1, 11), (3, THIS_BATCH, 0, 1, 12))
    answers = members_of((3, 0, 7, 8, 9), (5, 1, 2, 3, 4))
    assert take_answers(held, answers).tolist() == [(1, 11, (1, 2, 3, 4)), (1, 12, (0, 7, 8, 9))]


@pytest.mark.parametrize("bands", [[], [4], [6]])
def test_a_band_without_an_answer_is_an_error(bands):
    held = members_of((5, THIS_BATCH, 0, 1, 11))
    with pytest.raises(ValueError, match="has no answer"):
        take_answers(held, members_of(*[(band, 0, 0, 0, 0) for band in bands]))


@pytest.mark.parametrize("slices", [1, 2, 3, 1000, 70_000])
def test_a_band_is_in_one_slice_and_no_member_is_lost(slices):
    bands = np.random.default_rng(slices).integers(-(1 << 63), 1 << 63, 500)
    order = {name: np.arange(1000) for name in ORDER}
    members = make_members(np.concatenate([bands, bands]), np.ones(1000, int), order)
    members = sort_by_band(members)
    edges = slice_edges(members, slices)
    assert (edges[0], edges[-1], len(edges)) == (0, 1000, slices + 1)
    home = np.repeat(np.arange(slices), np.diff(edges))
    again = slice_edges(members[::2], slices)
    assert np.array_equal(home[::2], np.repeat(np.arange(slices), np.diff(again)))


def test_slices_are_about_equally_full():
    bands = np.random.default_rng(1).integers(-(1 << 63), 1 << 63, 10_000)
    members = make_members(bands, np.ones(10_000, int), dict.fromkeys(ORDER, bands * 0))
    sizes = np.diff(slice_edges(sort_by_band(members), 10))
    assert sizes.max() < 1000 + 5 * 30  # standard deviation 30


def test_every_band_of_a_document_carries_its_order():
    order = {name: np.array([i, i + 10]) for i, name in enumerate(ORDER)}
    members = make_members(np.array([5, 6, 7]), np.array([2, 1]), order)
    assert members.tolist() == [(5, 0, 1, 2, 3), (6, 0, 1, 2, 3), (7, 10, 11, 12, 13)]


def test_a_loss_names_the_loser_and_the_order_of_the_winner():
    losers, winners = members_of((5, 9, 8, 7, 6)), members_of((5, 1, 2, 3, 4))
    assert make_losses(losers, winners).tolist() == [(7, 6, (1, 2, 3, 4))]


@given(st.lists(st.tuples(*[st.integers(0, 1)] * 5)))
def test_losses_are_counted_by_loser_and_winner(rows):
    rows = [(part, position, (batch, 0, p, q)) for part, position, batch, p, q in rows]
    losses, counts = count_losses(np.array(rows, LOSS))
    assert dict(zip(losses.tolist(), counts.tolist(), strict=True)) == Counter(rows)
