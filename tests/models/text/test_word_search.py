import pytest
from hypothesis import given

from models.text.languages import KNOWN
from models.text.word_lists import WordList, word_pattern
from models.text.word_search import WordSearch
from tests.hostile.texts import UNITS
from tests.models.text import naive


def search(whole=(), anywhere=()):
    return WordSearch({"list": WordList(word_pattern(whole, anywhere), whole, anywhere)})


def check(known, *texts):
    """Every list against its own pattern."""
    counts = known.count(texts, list(known.lists))
    for name, words in known.lists.items():
        assert counts[name].tolist() == [len(words.pattern.findall(text)) for text in texts], name
    return counts


@given(naive.TEXTS, naive.TEXTS)
def test_words_are_counted_as_the_pattern_of_each_list_counts_them(one, other):
    check(KNOWN.search, one, other, one + other)


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_words_of_hostile_texts_are_too(unit):
    check(KNOWN.search, unit * (2000 // len(unit)))


def test_words_of_real_texts_are_too(real_texts):
    check(KNOWN.search, *real_texts[::5])


@pytest.mark.parametrize(
    ("whole", "anywhere", "text", "count"),
    [
        (["sign", "sign up"], [], "sign up, sign_up, SIGN", 2),
        (["a a", "a"], [], "a a a", 2),
        (["a", "a a"], [], "a a a", 3),
        (["©"], [], "© a© ©a", 1),
        ([], ["aa"], "aaaa Aa", 3),
        (["in"], ["in"], "in inn", 2),
        (["(?-i:I|my)"], [], "I i MY my", 2),
        (["kiss"], [], "\u212aiſS Kiss", 2),  # the sign of kelvin, and the long s
        ([], [r"共\d+页"], "共3页 共页", 1),
        ([r"\d+ km"], ["元"], "5 km, 5 KM 元", 3),  # how it begins is not plain
        ([], ["a|b"], "ab", 2),
        (["x"], [], "\ud800 x\ud800 x", 2),
    ],
)
def test_what_is_found_is_what_the_pattern_says(whole, anywhere, text, count):
    assert check(search(whole, anywhere), text)["list"].tolist() == [count]


def test_a_text_ends_where_the_next_begins():
    assert search([r"sign\s+up"]).count(["sign", "up sign\nup"], ["list"])["list"].tolist() == [
        0,
        1,
    ]


def test_only_the_lists_that_are_asked_for_are_counted():
    assert set(KNOWN.search.count(["said"], ["report"])) == {"report"}


def test_no_texts_have_no_counts():
    assert KNOWN.search.count([], ["report"])["report"].tolist() == []


def test_more_lists_than_bits_are_refused():
    lists = {str(number): WordList(word_pattern(["a"], ()), ["a"]) for number in range(65)}
    with pytest.raises(ValueError, match="65 lists > 64"):
        WordSearch(lists).count(["a"], ["0"])
