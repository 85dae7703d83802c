import math
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given

from models.page_type import words
from models.page_type.words import BUCKETS, LENGTH, MAX_CHARS, word_rows
from models.text.reading import Reading
from models.text.scripts import HAN
from tests.models.text import naive
from tests.models.texts import CHINESE, CHINESE_MENU, ENGLISH, ENGLISH_MENU

MASK = (1 << 64) - 1
MIX, PAIR, FIRST, LAST = (int(one) for one in (words._MIX, words._PAIR, words._FIRST, words._LAST))


def bucket(term):
    mixed = term * MIX & MASK
    return ((mixed ^ mixed >> 29) * PAIR & MASK) >> (64 - words.BITS)


def naive_row(text):
    """Line by line with Python's whole numbers."""
    counts = Counter()
    for line in text[:MAX_CHARS].split("\n"):
        reading = Reading(line)
        found = dict(zip(reading.words.places.tolist(), reading.words.hashes.tolist(), strict=True))
        found |= {place: ord(one) for place, one in enumerate(line) if HAN.is_in(one)}
        terms = [found[place] for place in sorted(found)]
        if terms:
            counts.update(map(bucket, terms))
            counts.update([bucket(terms[0] ^ FIRST), bucket(terms[-1] ^ LAST)])
            counts.update(bucket(one * PAIR & MASK ^ other) for one, other in pairwise(terms))
    row = np.zeros(BUCKETS)
    for number, count in counts.items():
        row[number] = 1 + math.log(count)
    return row * (LENGTH / np.linalg.norm(row)) if counts else row


@pytest.mark.parametrize("text", [ENGLISH, CHINESE, ENGLISH_MENU, CHINESE_MENU, "", "\n\n", "a"])
def test_a_row_is_that_of_the_naive_count(text):
    assert np.allclose(word_rows([Reading(text)])[0], naive_row(text), atol=1e-6)


@given(naive.TEXTS)
def test_that_of_an_odd_text_is_too(text):
    assert np.allclose(word_rows([Reading(text)])[0], naive_row(text), atol=1e-6)


def test_a_line_that_is_broken_has_other_terms():
    one, two = word_rows([Reading("read more"), Reading("read\nmore")])
    assert not np.allclose(one, two)


def test_what_stands_behind_the_first_characters_is_not_read():
    text = "word " * (MAX_CHARS // 5)
    assert (word_rows([Reading(text + "other " * 99)]) == word_rows([Reading(text)])).all()
