"""The compiled count of terms beside the plain one over folded words."""

import pytest

from models.category.term_search import count_terms, make_table
from models.text.words import folded_words

WORDS = [("ant",), ("bus",), ("city",), ("galaxy",), ("星系",), ("经济",)]
PHRASES = [("ant", "city"), ("ant", "city", "ant"), ("black", "hole"), ("银河", "星系")]
TEXTS = [
    "",
    " ",
    "ant",
    "Ants, cities; ANT CITY ant city ants",
    "ant city ant city ant black",
    "a black\nhole, black holes, blackhole, black",
    "buses bus gas ties galaxies galaxys glass",
    "銀河星系與經濟，经济学家",
    "İant \ud800 ant\x1cant",
    "经济" * 50 + " ant",
]


def plain_count(text, terms):
    tokens = tuple(folded_words(text))
    return [
        sum(tokens[place : place + len(term)] == term for place in range(len(tokens)))
        for term in terms
    ]


@pytest.mark.parametrize("text", TEXTS)
def test_terms_are_counted_as_among_folded_words(text):
    counts, tokens = count_terms(text, make_table(WORDS, PHRASES))
    assert counts.tolist() == plain_count(text, WORDS + PHRASES)
    assert tokens == len(folded_words(text))


def test_these_texts_have_every_term():
    found = [
        sum(some) for some in zip(*(plain_count(t, WORDS + PHRASES) for t in TEXTS), strict=True)
    ]
    assert min(found) > 0


def test_a_table_without_terms_counts_tokens():
    counts, tokens = count_terms("two words", make_table([], []))
    assert (len(counts), tokens) == (0, 2)
