import re

import pytest

from models.text.languages import KNOWN
from models.text.word_lists import Beginning, WordList, beginnings, word_pattern


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("log in", ["log in"]), ("ab*", ["a"]), ("ab{0,2}c", ["a"]), ("ab+", ["ab"]), ("a.c", ["a"]),
        (r"a\.b", ["a"]), ("a[bc]", ["a"]), ("(?:ab|cd)e", ["ab", "cd"]), ("(ab|c)", ["ab", "c"]),
        ("成人(?:网|片)", ["成人"]), ("[+a]b", ["+", "a"]),
    ],
)  # fmt: skip
def test_a_plain_beginning_is_known(expression, expected):
    assert beginnings(expression) == expected


@pytest.mark.parametrize(
    "expression",
    ["a|b", "x(a|b)|c", "a?b", "(a)?b", "[ab]*c", r"\w+", "[a-c]", "[^a]", "(?<!x)a", "(?:a+|b)c",
     "(?:a|)b", "^a", ".", r"x\(a|b\)", "x[)]|y", "\U000e0100x"],
)  # fmt: skip
def test_of_others_it_is_not_claimed(expression):
    assert beginnings(expression) == []


def test_every_list_that_ships_is_plain():
    assert [name for name, words in KNOWN.search.lists.items() if not words.is_plain] == []


def test_a_word_that_is_more_than_its_beginning_is_known_to_be():
    words = WordList(word_pattern(["on", "tags?"], ["在"]), ["on", "tags?"], ["在"])
    found = [
        Beginning("on", True, True),
        Beginning("tag", True, False),
        Beginning("在", False, True),
    ]
    assert list(words.beginnings()) == found
    dates = WordList(re.compile(r"\bmay \d"), (), ["may"], sufficient=False)
    assert list(dates.beginnings()) == [Beginning("may", is_whole=False, is_all=False)]
