"""An amount shared out in proportion to weights, each part within bounds."""

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.balance.level import Part, find_level, share_out

AMOUNTS = st.fractions(0, 1000, max_denominator=50)
PARTS = st.lists(
    st.builds(
        lambda weight, low, room: Part(weight, low, low + room),
        st.fractions(0, 20, max_denominator=20),
        AMOUNTS,
        AMOUNTS,
    ),
    max_size=6,
)


def part(weight, low, high):
    return Part(Fraction(weight), Fraction(low), Fraction(high))


@given(AMOUNTS, PARTS)
def test_parts_have_the_amount_together_unless_their_bounds_forbid_it(amount, parts):
    shared = share_out(amount, parts)
    least = sum(one.low for one in parts)
    most = sum(one.high if one.weight else one.low for one in parts)
    assert sum(shared) == max(least, min(amount, most))


@given(AMOUNTS, PARTS)
def test_parts_that_no_bound_holds_have_their_weights_in_proportion(amount, parts):
    free = [
        (one, got)
        for one, got in zip(parts, share_out(amount, parts), strict=True)
        if one.low < got < one.high
    ]
    for (one, got), (other, had) in itertools.pairwise(free):
        assert got * other.weight == had * one.weight


@given(AMOUNTS, AMOUNTS, PARTS)
def test_more_to_share_never_gives_a_part_less(amount, more, parts):
    for before, after in zip(
        share_out(amount, parts), share_out(amount + more, parts), strict=True
    ):
        assert before <= after


@pytest.mark.parametrize(
    ("amount", "parts", "shared"),
    [
        (12, [part(1, 0, 3), part(2, 0, 100)], [3, 9]),
        (10, [part(1, 8, 9), part(1, 0, 9)], [8, 2]),
        (5, [part(1, 8, 9), part(1, 0, 9)], [8, 0]),
        (10, [part(0, 4, 9), part(1, 0, 9)], [4, 6]),
        (10, [part(1, 0, 0), part(1, 0, 3)], [0, 3]),
    ],
)
def test_an_amount_is_shared_as_by_hand(amount, parts, shared):
    assert share_out(Fraction(amount), parts) == shared


def test_nothing_to_share_among_has_level_none():
    assert find_level(Fraction(5), []) == 0
