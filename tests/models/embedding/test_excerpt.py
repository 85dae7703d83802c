"""Excerpts: short texts whole, long ones by head and windows that near copies share."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.embedding.excerpt import excerpt

WORDS = [f"{a}{b}{c}er" for a in "bdfgklmnprst" for b in "aeiou" for c in "bdglmnrst"]


@pytest.mark.parametrize("text", ["", "a", "short text", "一段短文。" * 20, "x\ud800y"])
def test_a_short_text_is_whole(text):
    assert excerpt(text) == text


@given(st.text(max_size=3000))
def test_every_part_of_an_excerpt_stands_in_the_text(text):
    found = excerpt(text)
    assert len(found) <= 2 * len(text)
    assert all(part in text for part in found.split(" ") if part)


@pytest.mark.parametrize(
    ("unit", "most"), [("word order matters here ", 500), ("字句文章说明", 220)]
)
def test_an_excerpt_of_a_long_text_is_bounded(unit, most):
    assert len(excerpt(unit * 2000)) <= most


def test_a_long_text_keeps_its_head():
    text = " ".join(random.Random(1).choices(WORDS, k=900))
    assert excerpt(text).startswith(text[:130])


def test_a_text_with_a_sentence_more_at_its_head_has_nearly_the_same_windows():
    words = random.Random(2).choices(WORDS, k=900)
    left = set(excerpt(" ".join(words)).split()[40:])
    right = set(excerpt("Something else stands here now. " + " ".join(words)).split()[40:])
    assert len(left & right) > 0.6 * len(left)
