"""The compiled cut against jieba itself."""

import logging
import os

import jieba
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.text.segmenter import cut, cut_utf8, read_lexicon
from models.text.segmenter.lexicon import make_trie
from stages.standardise import standardise

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
    "龘靐齉爩鱻麤 鿕鿖 一丁丂七 的了的了是的了 AT&T公司 T恤B超卡拉OK",
    "",
    "   ",
]
ALPHABET = "的一是不了在人有我他这中大来上个国和说们为子年 龘靐爩鿕丂亍兀南京市长江大桥AT&TaC+b19.%-_#,。\n\u3000é😀"


def jieba_cut(text: str, tokenizer: jieba.Tokenizer = jieba.dt) -> list[str]:
    return [token for token in tokenizer.cut(text) if not token.isspace()]


@pytest.mark.parametrize("text", WRITTEN)
def test_written_text_is_cut_as_jieba_cuts_it(text):
    assert cut(text) == jieba_cut(text)


def test_real_text_is_cut_as_jieba_cuts_it(real_texts):
    # jieba takes about two seconds for 1 MB; benchmarks/tokens.py compares all that there is.
    for text in real_texts:
        for some in (text[:10_000], standardise(text[:10_000])):
            assert cut(some) == jieba_cut(some)


@given(st.text("ab1.+-#%&_C 中国,", max_size=30))
def test_words_and_marks_in_any_mixture_are_cut_as_jieba_cuts_them(text):
    assert cut(text) == jieba_cut(text)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=20))
@example("一一一")
def test_any_chinese_characters_are_cut_as_jieba_cuts_them(text):
    assert cut(text) == jieba_cut(text)


@given(st.text(ALPHABET, max_size=60))
def test_common_and_rare_characters_and_words_in_any_mixture_are_cut_as_jieba_cuts_them(text):
    assert cut(text) == jieba_cut(text)


@given(st.text(max_size=30))
def test_any_text_is_cut_as_jieba_cuts_it(text):
    assert cut(text) == jieba_cut(text)


def test_the_tokens_joined_again_are_the_text_without_its_white_space():
    text = "".join(WRITTEN)
    assert "".join(cut(text)) == "".join(text.split())


@given(st.text(ALPHABET, max_size=60))
def test_as_utf_8_the_tokens_have_one_space_between(text):
    assert cut_utf8(text) == " ".join(cut(text)).encode()


def test_a_lone_surrogate_becomes_a_question_mark():
    assert cut("中国\ud800 b") == ["中国", "?", "b"]


@pytest.fixture
def user_dictionary(tmp_path):
    file = tmp_path / "words.txt"
    file.write_text(
        "云计算 5\n李小福 2 nr\n创新办 3 i\neasy_install 3 eng\n台中\n大数据\nBlade Runner 9\n"
    )
    return str(file)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "李小福是创新办主任也是云计算方面的专家",
        "「台中」正確應該不會被切開",
        "easy_install 大数据 Blade Runner",
    ],
)
def test_words_of_a_user_dictionary_are_cut_as_jieba_cuts_them(user_dictionary, text, tmp_path):
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(tmp_path)
    tokenizer.load_userdict(user_dictionary)
    assert cut(text, user_dictionary) == jieba_cut(text, tokenizer)
    assert cut(text, user_dictionary) != cut(text)


def test_a_user_dictionary_that_is_edited_while_the_process_lives_is_read_again(tmp_path):
    words = tmp_path / "words.txt"
    words.write_text("星河磨坊 9\n", "utf-8")
    assert "星河磨坊" in cut("他们在星河磨坊工作。", str(words))
    words.write_text("坊工作 999999\n", "utf-8")
    os.utime(words, ns=(0, 1))
    assert "坊工作" in cut("他们在星河磨坊工作。", str(words))


def test_a_user_dictionary_that_forbids_a_word_is_refused(tmp_path):
    file = tmp_path / "words.txt"
    file.write_text("云计算 5\n台中 0 n\n")
    with pytest.raises(ValueError, match=r"frequency of 0 .* '台中 0 n"):
        read_lexicon(str(file))


def test_a_trie_of_more_words_gets_a_larger_table():
    many = "".join(
        f"{chr(0x4E00 + i // 1000)}{chr(0x4E00 + i % 1000)}云 7\n" for i in range(600_000)
    )
    trie = make_trie(many)
    assert len(trie.slots) == 1 << 22
    assert len(trie.scores) == 1 + 600 + 2 * 600_000
