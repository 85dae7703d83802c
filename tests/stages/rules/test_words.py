import time

import pytest

from stages.rules.words import MAX_STRETCH, english_tokens, is_word, tokenize


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Don't stop.", ["Do", "n't", "stop", "."]),
        ("(see below)", ["(", "see", "below", ")"]),
        ("a well-known, 30-day trial", ["a", "well", "-", "known", ",", "30", "-", "day", "trial"]),
        ("Mr. Smith's e.g. $5.00", ["Mr.", "Smith", "'s", "e.g.", "$", "5.00"]),
        ("https://a.example/b?c=d.", ["https://a.example/b?c=d", "."]),
        ("wait... what?!", ["wait", "...", "what", "?", "!"]),
        ("5km at 10am", ["5", "km", "at", "10", "am"]),
        ("“quoted”", ["“", "quoted", "”"]),
        ("", []),
        (" \n\t ", []),
        ("word", ["word"]),
    ],
)
def test_english_tokens_are_as_spacy_cuts_them(text, tokens):
    assert english_tokens(text) == tokens


def test_no_character_but_blanks_is_lost():
    text = "It's (really) a “test”—of e-mail a@b.example, 3.5GHz & C++... okay?"
    assert "".join(english_tokens(text)) == "".join(text.split())


def test_a_stretch_without_blanks_is_one_token_however_long():
    stretch = "(" * (MAX_STRETCH + 1)
    assert english_tokens(stretch) == [stretch]


def test_chinese_of_either_script_is_cut_into_words():
    assert tokenize("我们在北京工作。", "zh") == ["我们", "在", "北京", "工作", "。"]
    assert "北京" in tokenize("我們在北京工作。", "zh")


def test_marks_are_no_words():
    assert [t for t in tokenize("你好，world 2 ……！", "zh") if is_word(t)] == ["你好", "world", "2"]


def test_marks_without_end_take_linear_time():
    start = time.perf_counter()
    english_tokens("((((....,,,, " * 80_000)
    english_tokens("." * 1_000_000)
    assert time.perf_counter() - start < 10
