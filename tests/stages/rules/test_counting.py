"""What compiled passes count of words and phrases, against plain Python."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text.reading import Reading
from stages.rules.lexicon import PHRASES
from stages.rules.looseness import looseness_measures
from stages.rules.ruleset import load_rules
from stages.rules.wording import word_measures
from tests.models.text import naive
from tests.models.texts import CHINESE, CHINESE_MENU, ENGLISH, ENGLISH_MENU
from tests.stages.rules import naive_measures
from tests.stages.rules.texts import FAULTY, GOOD

RULES = {language: load_rules("rules", language) for language in ("en", "zh")}
WORDS = [
    *(
        "Log in",
        "log",
        "in",
        "sign up",
        "page not found",
        "the",
        "of",
        "a",
        "porn porn porn",
        "XXX",
    ),
    *(
        "登录",
        "登录后",
        "查看全文",
        "百家乐百家乐",
        "pk10",
        "PK10",
        "加QQ",
        "的",
        "了",
        "，",
        ". ",
        "\n",
    ),
    *(" ", " - ", "lorem ipsum dolor sit amet", "← older edit", "all rights reserved"),
]
TEXTS = st.one_of(naive.TEXTS, st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join))


def check(text, language):
    rules = RULES[language]
    lexicon = rules.lexicon
    reading, strings = Reading(text), rules.language.tokens(text)
    tokens = reading.tokens(rules.language)
    expected = naive_measures.word_measures(strings, lexicon)
    expected |= naive_measures.binding_measures(text, strings, lexicon)
    found = word_measures(text, tokens, lexicon)
    found |= looseness_measures(reading, tokens, lexicon, has_blanks=rules.language.has_blanks)
    assert {name: found[name] for name in expected} == expected
    assert lexicon.phrases.find(reading, tokens) == {
        name: naive_measures.find_phrases(text, strings, getattr(lexicon, name)) for name in PHRASES
    }


@given(TEXTS, st.sampled_from(["en", "zh"]))
def test_words_and_phrases_of_odd_texts_are_those_that_plain_python_counts(text, language):
    check(text, language)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_those_of_good_and_faulty_pages_are_too(language):
    texts = [
        ENGLISH,
        CHINESE,
        ENGLISH_MENU,
        CHINESE_MENU,
        *GOOD.values(),
        *FAULTY[language].values(),
    ]
    for text in texts:
        check(text, language)


def test_those_of_real_texts_are_too(real_texts):
    for text in real_texts[::40]:
        check(text, "en")
        check(text, "zh")
