import numpy as np

from models.text.shape import entropy, is_chinese, lines_of, width


def test_a_text_is_chinese_by_what_its_letters_say():
    assert is_chinese("使用 Python 语言编写网页程序")
    assert is_chinese("繁體中文也是中文")
    assert not is_chinese("The word 汉字 means characters")
    assert not is_chinese("")
    assert not is_chinese("12345 !!")


def test_blank_lines_are_no_lines():
    assert lines_of(" a \n\n \t\nb") == ["a", "b"]


def test_a_han_character_is_as_wide_as_three_latin_ones():
    assert (width("abc"), width("中"), width("𠀀a")) == (3, 3, 4)


def test_entropy_is_zero_for_one_item_and_for_none():
    assert entropy(np.array([4])) == 0
    assert entropy(np.array([], np.int64)) == 0
