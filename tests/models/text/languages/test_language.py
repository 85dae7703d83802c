from models.text.languages import KNOWN

ENGLISH, CHINESE = KNOWN.records["en"], KNOWN.records["zh"]


def test_chinese_of_either_script_is_cut_into_words():
    assert CHINESE.tokens("我们在北京工作。") == ["我们", "在", "北京", "工作", "。"]
    assert "北京" in CHINESE.tokens("我們在北京工作。")


def test_english_words_stand_between_blanks():
    assert ENGLISH.tokens("Don't stop, Beijing.") == ["Do", "n't", "stop", ",", "Beijing", "."]


def test_the_frequent_function_words_are_those_of_the_first_two_lists():
    words = ENGLISH.function_words
    assert {"the", "had"} <= words.frequent
    assert "after" in words.all
    assert "after" not in words.frequent


def test_frequent_chinese_function_words_are_single_characters():
    assert {len(word) for word in CHINESE.function_words.frequent} == {1}
