import pytest

from models.text.shape import (
    ends_sentence,
    entropy,
    is_chinese,
    lines_of,
    sentences_of,
    width,
)


@pytest.mark.parametrize(
    "line", ["It rained.", "他走了。", '"Is it so?"', "（完毕！）", "so it goes…", "他说：“好。”"]
)
def test_an_end_mark_ends_a_sentence_whatever_closes_after_it(line):
    assert ends_sentence(line)


@pytest.mark.parametrize("line", ["", "Home", "价格：", "1,5", "更多 >>", "”"])
def test_other_lines_do_not_end_a_sentence(line):
    assert not ends_sentence(line)


def test_a_text_is_chinese_by_what_its_letters_say():
    assert is_chinese("使用 Python 语言编写网页程序")
    assert is_chinese("繁體中文也是中文")
    assert not is_chinese("The word 汉字 means characters")
    assert not is_chinese("")
    assert not is_chinese("12345 !!")


def test_sentences_end_at_marks_and_lines_but_not_inside_numbers():
    assert sentences_of("It is 3.5 m. Right? 是的。好\n新") == [
        "It is 3.5 m",
        "Right",
        "是的",
        "好",
        "新",
    ]


def test_blank_lines_are_no_lines():
    assert lines_of(" a \n\n \t\nb") == ["a", "b"]


def test_a_han_character_is_as_wide_as_three_latin_ones():
    assert (width("abc"), width("中"), width("𠀀a")) == (3, 3, 4)


def test_entropy_is_zero_for_one_item_and_for_none():
    assert entropy("aaaa") == 0
    assert entropy("") == 0
