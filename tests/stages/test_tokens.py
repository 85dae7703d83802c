import logging
import re

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages import tokens
from stages.standardise import standardise
from stages.tokens import cut, cut_standardised

jieba.setLogLevel(logging.WARNING)

WRITTEN = [
    "小明硕士毕业于中国科学院计算所,后在日本京都大学深造。",
    "他说的确实在理。研究生命的起源需要耐心。",
    "乒乓球拍卖完了,南京市长江大桥通车。",
    "iPhone15的售价是5999.00元(含税),比去年便宜3.5%!",
    "C++ and C# are languages; e.g. x_1=y.z, 50% off & more... state-of-the-art",
    "王小明和李雷在北京市海淀区中关村的咖啡馆里讨论机器学习。",
    "繁體中文的網頁也要能夠正確地斷詞,臺灣大學資訊工程學系。",
    "😀 emoji👍🏽 and ﹏ rare 𠮷野家 characters〇々",
    "日本語のテキスト、한국어 문장, русский текст, ελληνικά, العربية",
    "line one\nline two\r\nthree\tfour\u3000five\xa0six\x1c\x85\u200b\ufeffseven",
    "www.example.com/a?b=c&d=e user@example.org 2024-01-31 12:30:45",
    "e\u0301 o\u0308 decomposed accents, ﬁ ligature, Ⅷ roman, ½",
    "",
    "   ",
]


def jieba_cut(text: str) -> list[str]:
    return [token for token in jieba.cut(text) if not token.isspace()]


@pytest.mark.parametrize("text", WRITTEN)
def test_written_text_is_cut_as_jieba_cuts_it(text):
    assert cut(text) == jieba_cut(text)


def test_real_text_is_cut_as_jieba_cuts_it(real_texts):
    for text in real_texts:
        assert cut(text[:10_000]) == jieba_cut(text[:10_000])


def test_the_words_with_marks_are_those_of_jiebas_lexicon():
    jieba.initialize()
    lexicon = {word for word, count in jieba.dt.FREQ.items() if count}
    assert {word for word in lexicon if tokens._MARK.search(word)} == tokens._WORDS_WITH_MARKS


@given(st.text("ab1.+-#%&_C 中国,", max_size=30))
def test_words_and_marks_in_any_mixture_are_cut_as_jieba_cuts_them(text):
    assert cut(text) == jieba_cut(text)


@pytest.mark.parametrize("text", WRITTEN)
def test_written_text_standardised_is_cut_as_jieba_cuts_it(text):
    assert cut(standardise(text)) == jieba_cut(standardise(text))


def test_real_text_standardised_is_cut_as_jieba_cuts_it(real_texts):
    # jieba takes about two seconds for 1 MB; benchmarks/tokens.py compares all that there is.
    for text in real_texts:
        some = standardise(text[:10_000])
        assert cut(some) == jieba_cut(some)


def test_the_tokens_joined_again_are_the_text_without_its_white_space():
    text = "".join(WRITTEN)
    assert "".join(cut(text)) == "".join(text.split())


def test_the_lexicon_has_no_word_of_latin_letters_and_digits_alone():
    jieba.initialize()
    plain = re.compile(r"[a-z0-9]{2,}")
    assert [word for word, count in jieba.dt.FREQ.items() if count and plain.fullmatch(word)] == []


def standardised_tokens(text: str) -> list[str]:
    return cut_standardised(standardise(text)).decode().split(" ")


def wanted(text: str) -> list[str]:
    return cut(standardise(text))


@pytest.mark.parametrize("text", [*WRITTEN, "plain words and 100 numbers", "c++ 中文c++ a+b"])
def test_standardised_text_has_the_same_tokens_without_strings_of_their_own(text):
    assert [token for token in standardised_tokens(text) if token] == wanted(text)


@given(st.text("ab1Z.+-#%&_C $=|中国, é\x00\x1f", max_size=30))
def test_any_standardised_text_has_the_same_tokens_without_strings_of_their_own(text):
    assert [token for token in standardised_tokens(text) if token] == wanted(text)


def test_plain_standardised_text_is_cut_as_jieba_cuts_it(real_texts):
    for text in real_texts[:15]:
        plain = re.sub("[^a-z0-9 ]", "", standardise(text[:10_000]))
        assert cut_standardised(plain).decode().split() == jieba_cut(plain)
