"""Words: one form for plurals, capitals and both Chinese scripts."""

import gzip
import json
from collections import Counter

import pytest

from models.text.traditional import SIMPLIFIED, TRADITIONAL, simplify
from models.text.words import folded_words, is_word, without_plural


@pytest.mark.parametrize(
    ("token", "folded"),
    [
        ("stars", "star"),
        ("galaxies", "galaxy"),
        ("glass", "glass"),
        ("virus", "virus"),
        ("analysis", "analysis"),
        ("gas", "gas"),
        ("s", "s"),
        ("星系", "星系"),
    ],
)
def test_a_plural_is_folded_and_what_only_looks_like_one_is_not(token, folded):
    assert without_plural(token) == folded


def test_traditional_text_gives_the_words_of_simplified_text():
    assert folded_words("臺灣的經濟與歷史") == folded_words("台湾的经济与历史")


def test_a_lone_surrogate_is_survived():
    assert folded_words("a \ud800 b") == ["a", "?", "b"]


def test_simplifying_twice_changes_nothing_more():
    assert simplify(SIMPLIFIED) == SIMPLIFIED
    assert simplify(TRADITIONAL) == SIMPLIFIED
    assert len(set(TRADITIONAL)) == len(TRADITIONAL)


def test_nearly_every_character_of_real_traditional_text_becomes_one_of_gb2312(real_data):
    with gzip.open(
        real_data / "dedup" / "g0v_law_zh_hant.jsonl.gz", "rt", encoding="utf-8"
    ) as lines:
        counts = Counter("".join(json.loads(line)["text"] for line in lines))
    han = {one: count for one, count in counts.items() if "\u4e00" <= one <= "\u9fff"}

    def outside(convert):
        return sum(n for c, n in han.items() if not convert(c).encode("gb2312", "ignore"))

    assert outside(str) / sum(han.values()) > 0.3
    assert outside(simplify) / sum(han.values()) < 0.003


def test_real_simplified_text_is_left_alone(real_data):
    path = real_data / "corpus" / "lctt_zh_sample.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            text = json.loads(line)["text"]
            assert simplify(text) == text


def test_a_word_has_a_letter_or_a_digit():
    tokens = ["你好", "，", "world", "2", "……", "！", "n't", ""]
    assert [token for token in tokens if is_word(token)] == ["你好", "world", "2", "n't"]
