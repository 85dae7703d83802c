import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curation.outputs.packing import (
    METHODS,
    Method,
    PackingFigures,
    Piece,
    best_fit,
    concatenate,
    measure,
    total,
)

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


def test_what_is_said_of_a_packing_is_what_was_packed():
    documents = [3, 0, 7, 25]
    packed = [[Piece(3, 0, 10)], [Piece(3, 10, 10)], [Piece(0, 0, 2), Piece(3, 20, 5)]]
    packed += [[Piece(0, 2, 1)], [Piece(2, 0, 2), Piece(2, 2, 5, before=(8,), after=(9, 9))]]
    found = measure(packed, documents, 10)
    assert (found.documents, found.tokens, found.sequences, found.places) == (4, 35, 5, 50)
    assert (found.split_documents, found.needless_splits) == (2, 1)
    assert (found.knotted_documents, found.knot_tokens) == (1, 3)
    assert [(one.label, one.value) for one in found.figures()] == [
        ("sequences", 5),
        ("tokens", 35),
        ("fill ratio", 0.76),
        ("split documents", 2),
        ("knotted documents", 1),
    ]
    assert total([found, found]).knot_tokens == 6


def test_of_nothing_every_count_is_none_and_knots_are_not_spoken_of():
    assert PackingFigures() == measure([], [], 8) == total([])
    assert [one.value for one in PackingFigures().figures()] == [0, 0, 1.0, 0]


def test_a_fill_ratio_is_told_to_a_millionth():
    said = [one.value for one in PackingFigures(tokens=2, places=3).figures()]
    assert said == [0, 2, 0.666667, 0]


def test_a_piece_is_as_large_as_what_it_holds_and_its_knots_and_is_shown_without_those():
    piece = Piece(1, 2, 3, before=(4, 5), after=(6,))
    assert piece.size == 6
    assert repr(piece) == "Piece(document=1, start=2, length=3)"


@pytest.mark.parametrize("method", Method)
def test_a_sequence_has_room_for_a_token_at_least(method):
    with pytest.raises(ValueError, match="sequence length is 0: it must be at least 1"):
        METHODS[method]([1], 0)
    assert METHODS[method]([2], 1) == [[Piece(0, 0, 1)], [Piece(0, 1, 1)]]
