"""Tokens as numbers against the same tokens as strings."""

import re
from collections import Counter

import pytest
from hypothesis import given

from models.kernels.hashing import numbers_of
from models.text.languages import KNOWN
from models.text.plain_words import hashes_of
from models.text.reading import Reading
from models.text.spaced_words import MAX_STRETCH, spaced_tokens, split
from models.text.tokens import words_of
from models.text.words import folded_hashes, folded_words, is_word
from tests.hostile.texts import UNITS
from tests.models.text import naive
from tests.models.texts import CHINESE, CHINESE_MENU, ENGLISH, ENGLISH_MENU

TEXTS = [ENGLISH, CHINESE, ENGLISH_MENU, CHINESE_MENU, "", "e.g. Mr. Smith cannot, can not. Wow!?"]


def firsts(items):
    """A number for each item, in the order in which they begin to occur."""
    numbers = {item: number for number, item in enumerate(dict.fromkeys(items))}
    return [numbers[item] for item in items]


def check(text, language):
    tokens = Reading(text).tokens(language)
    spans = zip(tokens.places.tolist(), tokens.sizes.tolist(), strict=True)
    found = [text[place : place + size] for place, size in spans]
    assert [re.sub("[\ud800-\udfff]", "?", token) for token in found] == [
        re.sub("[\ud800-\udfff]", "?", token) for token in language.tokens(text)
    ]
    lower = list(map(naive.lower, found))
    counts = Counter(lower)
    assert tokens.numbers.tolist() == firsts(found)
    assert tokens.folds.tolist() == firsts(lower)
    assert tokens.counts.tolist() == list(counts.values())
    assert tokens.lengths.tolist() == list(map(len, counts))
    assert tokens.are_words.tolist() == list(map(is_word, counts))
    assert tokens.have_letters.tolist() == [any(map(str.isalpha, form)) for form in counts]
    words = [token for token in found if is_word(token)]
    numbers, sizes = words_of(tokens)
    assert (numbers.tolist(), sizes.tolist()) == (firsts(words), list(map(len, words)))


@pytest.mark.parametrize("language", KNOWN.records.values(), ids=KNOWN.codes)
@pytest.mark.parametrize("text", TEXTS)
def test_tokens_are_those_of_the_language(text, language):
    check(text, language)


@given(naive.TEXTS)
def test_those_of_odd_texts_are_too(text):
    for language in KNOWN.records.values():
        check(text, language)


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_those_of_hostile_texts_are_too(unit):
    for language in KNOWN.records.values():
        check(unit * (500 // len(unit)), language)


def test_those_of_real_texts_are_too(real_texts):
    for text in real_texts[::20]:
        for language in KNOWN.records.values():
            check(text, language)


def cut(stretch):
    return [stretch] if len(stretch) > MAX_STRETCH else split(stretch)


@given(naive.TEXTS)
def test_common_stretches_are_cut_as_the_expressions_cut_them(text):
    words = f"{text} word, Word. WORD. cannot cannot! gotta. Mr. mr. a.m. b. X. é. né, ok) ok: 'ok"
    assert spaced_tokens(words) == [part for one in words.split() for part in cut(one)]


def test_a_form_is_found_by_its_hash():
    tokens = Reading("To be or not to be").tokens(KNOWN.records["en"])
    known = hashes_of(("to", "or", "mill"))
    assert numbers_of(known, tokens.hashes, tokens.slots).tolist() == [0, 2, -1]


@given(naive.TEXTS)
def test_folded_words_have_the_hashes_that_they_have_as_words(text):
    text = re.sub("[\ud800-\udfffςΣ]", "", text)
    assert folded_hashes(text).tolist() == [
        int(hashes_of((word,))[0]) for word in folded_words(text)
    ]
