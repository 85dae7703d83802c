import numpy as np
import pytest
from hypothesis import given

from models.text.characters import IS_HAN
from models.text.plain_words import hashes_of, pairs_of
from models.text.reading import Reading
from models.text.scripts import codes_of
from tests.models.text import naive


@given(naive.TEXTS)
def test_words_are_those_of_the_pattern(text):
    words = Reading(text).words
    matches = list(naive.WORD.finditer(text))
    assert words.places.tolist() == [match.start() for match in matches]
    assert words.sizes.tolist() == [len(match[0].lower()) for match in matches]
    folded = [naive.lower(match[0]) for match in matches]
    assert len(set(words.hashes.tolist())) == len(set(folded))
    assert len(set(zip(words.hashes.tolist(), folded, strict=True))) == len(set(folded))


@pytest.mark.parametrize(
    ("text", "sizes"),
    [("don’t re-enter x'", [5, 8, 1]), ("1,234.5, 3.", [7, 1]), ("a1b", [1, 1, 1]), ("İst", [4])],
)
def test_apostrophes_hyphens_and_points_join_what_is_of_one_kind(text, sizes):
    assert Reading(text).words.sizes.tolist() == sizes


def test_a_word_has_its_hash_in_any_case():
    assert Reading("The ΟΔΟΣ").words.hashes.tolist() == hashes_of(("the", "οδος")).tolist()


def test_pairs_are_of_neighbours_that_are_chosen():
    reading = Reading("中国a国中国")
    places, pairs = pairs_of(reading.codes, reading.kinds & IS_HAN != 0)
    assert places.tolist() == [0, 3, 4]
    assert (pairs[0] == pairs[2], pairs[0] == pairs[1]) == (True, False)
    assert all(len(part) == 0 for part in pairs_of(codes_of("中"), np.ones(1, np.bool_)))
