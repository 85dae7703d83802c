import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curation.outputs.packing import METHODS, Method, best_fit, concatenate, measure

LENGTHS = st.lists(st.integers(0, 60), max_size=60)
CAPACITY = st.integers(1, 25)

BUSY = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
"""The machine may be busy: no test fails for being slow."""


def naive_best_fit(lengths, capacity):
    """Best-fit decreasing by looking at every open sequence: the room left in each at the end."""
    rests = sorted((length % capacity for length in lengths if length % capacity), reverse=True)
    rooms = []
    for rest in rests:
        fitting = [room for room in rooms if room >= rest]
        if fitting:
            rooms.remove(min(fitting))
            rooms.append(min(fitting) - rest)
        else:
            rooms.append(capacity - rest)
    return sorted(rooms + [0] * sum(length // capacity for length in lengths))


@pytest.mark.parametrize("method", Method)
@BUSY
@given(LENGTHS, CAPACITY)
def test_every_token_has_exactly_one_place(method, lengths, capacity):
    places = [
        (piece.document, piece.start + n)
        for sequence in METHODS[method](lengths, capacity)
        for piece in sequence
        for n in range(piece.length)
    ]
    tokens = [(document, n) for document, length in enumerate(lengths) for n in range(length)]
    assert sorted(places) == tokens


@pytest.mark.parametrize("method", Method)
@BUSY
@given(LENGTHS, CAPACITY)
def test_no_sequence_is_longer_than_its_room_or_empty(method, lengths, capacity):
    for sequence in METHODS[method](lengths, capacity):
        assert 0 < sum(piece.length for piece in sequence) <= capacity
        assert all(piece.length > 0 for piece in sequence)


@BUSY
@given(LENGTHS, CAPACITY)
def test_best_fit_leaves_the_rooms_that_a_full_search_leaves(lengths, capacity):
    rooms = [capacity - sum(piece.length for piece in s) for s in best_fit(lengths, capacity)]
    assert sorted(rooms) == naive_best_fit(lengths, capacity)


@BUSY
@given(LENGTHS, CAPACITY)
def test_best_fit_never_splits_what_fits(lengths, capacity):
    assert measure(best_fit(lengths, capacity), lengths, capacity).needless_splits == 0


@BUSY
@given(LENGTHS, CAPACITY)
def test_concatenation_fills_every_sequence_but_the_last(lengths, capacity):
    sizes = [sum(piece.length for piece in s) for s in concatenate(lengths, capacity)]
    assert all(size == capacity for size in sizes[:-1])


def test_sequences_come_in_the_order_of_their_first_documents():
    packed = best_fit([2, 9, 3, 8, 1], 10)
    firsts = [sequence[0].document for sequence in packed]
    assert firsts == sorted(firsts)


def test_many_documents_pack_tightly():
    chance = random.Random(0)
    lengths = [min(40_000, int(chance.lognormvariate(6.5, 1.1)) + 1) for _ in range(20_000)]
    figures = measure(best_fit(lengths, 8192), lengths, 8192)
    assert figures.fill_ratio > 0.999
    assert figures.split_documents == sum(length > 8192 for length in lengths)


@pytest.mark.parametrize("method", Method)
def test_no_documents_give_no_sequences(method):
    assert METHODS[method]([], 8) == []
    assert measure([], [], 8).fill_ratio == 1.0


@pytest.mark.parametrize("method", Method)
def test_a_sequence_without_room_is_refused(method):
    with pytest.raises(ValueError, match="sequence length is 0"):
        METHODS[method]([1], 0)
