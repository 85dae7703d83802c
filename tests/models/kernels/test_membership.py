import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.kernels.membership import add, may_know, new_filter

HASHES = st.integers(-(2**63), 2**63 - 1)


def known_of(words, numbers):
    known = np.empty(len(numbers), bool)
    may_know(words, np.array(numbers, np.int64), known)
    return known.tolist()


@given(st.lists(HASHES), st.lists(HASHES), st.integers(1, 100))
def test_no_number_that_was_added_is_missed(numbers, others, max_words):
    words = new_filter(len(numbers), max_words)
    add(words, np.array(numbers, np.int64))
    assert all(known_of(words, numbers + others)[: len(numbers)])


@given(st.lists(HASHES))
def test_an_empty_filter_knows_nothing(numbers):
    assert not any(known_of(new_filter(7, 100), numbers))


@pytest.mark.parametrize(("share", "passes"), [(1.0, 0.001), (0.25, 0.06)])
def test_few_others_pass_and_more_where_a_filter_is_shorter(share, passes):
    dice = np.random.default_rng(5)
    mine, others = (dice.integers(-(2**63), 2**63 - 1, 200_000) for _ in range(2))
    words = new_filter(len(mine), int(len(mine) * share / 2))
    add(words, mine)
    assert 0 < np.mean(known_of(words, others)) < passes


@pytest.mark.parametrize(("numbers", "words"), [(0, 1), (1, 1), (2, 1), (3, 2), (99, 20)])
def test_a_filter_has_32_bits_a_number_up_to_its_bound(numbers, words):
    assert len(new_filter(numbers, 20)) == words
