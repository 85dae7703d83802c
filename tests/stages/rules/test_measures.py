import re
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.text.shape import is_not_prose
from stages.rules.measures import NAMES, STRUCT, measure
from stages.rules.ruleset import load_rules
from tests.stages.rules.texts import GOOD


def measures(text, language):
    rules = load_rules("rules", language)
    return measure(text, rules.language, rules.lexicon, url="", title="")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u3000\t\n"])
def test_empty_text_measures_zero_everywhere(text, language):
    assert set(measures(text, language).row().values()) == {0.0}


def test_one_word_is_one_word():
    english, chinese = measures("word", "en"), measures("北京", "zh")
    assert (english.words, english.mean_word_length, english.lines) == (1, 4, 1)
    assert (chinese.words, chinese.mean_word_length, chinese.han_ratio) == (1, 2, 1)


def test_chinese_marks_end_sentences_and_lines():
    found = measures("他来了。\n她走了！\n“真的吗？”\n没有\n等等……", "zh")
    assert found.end_mark_lines_ratio == pytest.approx(4 / 5)
    assert found.ellipsis_lines_ratio == pytest.approx(1 / 5)
    assert found.sentences == 3


def test_chinese_bullets_are_bullets():
    assert measures("·一\n●二\n①三\n四", "zh").bullet_lines_ratio == pytest.approx(3 / 4)


def test_signs_of_measurement_are_no_wrong_charset():
    physics = measures("密度为0.6×10³ kg/m³，误差±2 °C，体积400 cm³。", "zh")
    wrong = measures("ÖÐ¹úÈËÃñ", "zh")
    assert (physics.latin_1_ratio, wrong.latin_1_ratio) == (0.0, pytest.approx(7 / 8))


def test_capitals_of_code_are_no_shout():
    tutorial = measures("Who has no berth?\n    SELECT name FROM crew WHERE berth = NULL;", "en")
    assert tutorial.uppercase_ratio == pytest.approx(1 / 13)


def test_traditional_characters_are_as_common_as_simplified():
    assert measures(GOOD["zh"], "zh").rare_han_ratio < 0.01
    assert measures(GOOD["zh-Hant"], "zh").rare_han_ratio < 0.01


def test_traditional_text_measures_like_simplified():
    simplified, traditional = measures(GOOD["zh"], "zh"), measures(GOOD["zh-Hant"], "zh")
    assert traditional.function_words_ratio > 0.7 * simplified.function_words_ratio
    assert traditional.sentences == simplified.sentences


def test_mixed_text_counts_both_languages():
    found = measures("我们使用 Apache Spark 处理 data。", "zh")
    assert 0.2 < found.han_ratio < 0.5
    assert found.words == 6


def test_utf_8_read_as_gbk_is_rare_han():
    garbled = GOOD["zh"].encode().decode("gbk", "replace")
    assert measures(garbled, "zh").rare_han_ratio > 0.2


def test_lone_surrogates_are_garbled_not_fatal():
    assert measures("a\ud800b", "en").garbled_ratio == pytest.approx(1 / 3)


@given(st.text(alphabet="ab1A的é!。{ \n\ufffd", max_size=200))
@settings(max_examples=200, deadline=None)
def test_character_measures_agree_with_plain_python(text):
    solid = [c for c in text if not c.isspace()]
    prose = "".join("".join(x.split()) for x in text.split("\n") if not is_not_prose(x))
    found = measures(text, "zh")
    assert found.characters == len(solid)
    if solid:
        share = {
            "digit_ratio": sum(map(str.isdigit, solid)),
            "brace_ratio": sum(c in "{}" for c in solid),
            "garbled_ratio": sum(c == "\ufffd" for c in solid),
            "letter_ratio": sum(unicodedata.category(c)[0] == "L" for c in solid),
        }
        for name, count in share.items():
            assert getattr(found, name) == pytest.approx(count / len(solid))
    han = sum("一" <= c <= "鿿" for c in prose)
    assert found.han_ratio == pytest.approx(han / max(1, len(prose)))


@given(
    st.lists(st.sampled_from(["one two three.", "One", "- item", "more…", "", "  "]), max_size=20)
)
@settings(max_examples=200, deadline=None)
def test_line_measures_agree_with_plain_python(lines):
    text = "\n".join(lines)
    solid = [line for line in lines if line.strip()]
    found = measures(text, "en")
    assert found.lines == len(solid)
    if solid:
        count = len(solid)
        assert found.short_lines_ratio == 1
        assert found.bullet_lines_ratio == pytest.approx(solid.count("- item") / count)
        assert found.ellipsis_lines_ratio == pytest.approx(solid.count("more…") / count)
        assert found.duplicate_lines_ratio == pytest.approx((count - len(set(solid))) / count)
        assert found.sentences == len(re.findall(r"\.", text))


@given(st.text(max_size=300), st.sampled_from(["en", "zh"]))
@settings(max_examples=200, deadline=None)
def test_any_text_gives_finite_measures_and_ratios_up_to_one(text, language):
    found = measures(text, language).row()
    assert tuple(found) == NAMES == tuple(STRUCT.names)
    unbounded = {"characters", "tokens", "words", "prose_words", "stop_words", "lines"}
    unbounded |= {"paragraphs", "mean_line_length", "sentences", "sentences_per_1000_characters"}
    unbounded |= {name for name in NAMES if name.endswith("_phrases")}
    unbounded |= {"bound_words", "more_lines", "newlines_per_token"}
    unbounded |= {"hashes_per_token", "ellipses_per_token", "mean_word_length"}
    for name, value in found.items():
        assert 0 <= value < float("inf")
        # "a a a" as top 2-gram: overlapping occurrences may cover more than the text.
        assert value <= 1 or name in unbounded or name.startswith("top_")


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        GOOD["en"] * 2500,
        GOOD["zh"] * 5000,
        "{{" * 500_000,
        "." * 1_000_000,
        "a" * 1_000_000,
        "<a " * 333_000,
        "\n" * 1_000_000,
        "| " * 500_000,
        "Ã" * 1_000_000,
        "@@ -1 +1 @@\n" * 90_000,
        "http://" * 150_000,
        "function " * 110_000,
        "{ a : b ; " * 100_000,
    ],
    ids=lambda text: text[:8],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_megabyte_is_measured_in_seconds(text, language):
    measures("warm up", language)
    start = time.perf_counter()
    measures(text, language)
    assert time.perf_counter() - start < 20


def test_ideographs_of_every_extension_are_han_not_garbled():
    found = measures("𠀀𪜀𫝀𫠠𬺰𰀀𱍐㐀", "zh")
    assert (found.han_ratio, found.garbled_ratio, found.rare_han_ratio) == (1, 0, 1)


def test_the_zero_of_years_and_repeated_characters_are_common_han():
    found = measures("二〇〇八年人民的日子渐渐好起来，年年々々", "zh")
    assert (found.digit_ratio, found.rare_han_ratio) == (0, 0)


def test_a_common_character_is_common_in_its_compatibility_form_too():
    assert measures("⼯作⽇", "zh").rare_han_ratio == 0


def test_hexagrams_are_marks():
    assert measures("䷀䷁", "zh").mark_ratio == 1
