import re
import unicodedata

import numpy as np
import pytest

from models.text.scripts import HAN, LATIN, Script, find_script


@pytest.mark.parametrize(
    "character",
    [
        "中",
        "灣",
        "〇",
        "々",
        "㐀",
        "豈",
        "⼀",
        "⺀",
        "𠀀",
        "𪜀",
        "𫠝",
        "𬺰",
        "𮯰",
        "丽",
        "𰀀",
        "𱍐",
    ],
)
def test_every_block_of_ideographs_is_han_extensions_and_radicals_too(character):
    assert HAN.is_in(character)


@pytest.mark.parametrize(
    "character", ["䷀", "。", "「", "ー", "あ", "ア", "가", "１", "é", "Ａ", " ", "😀"]
)
def test_hexagrams_marks_and_other_scripts_are_not(character):
    assert not HAN.is_in(character)


def test_what_unicode_names_an_ideograph_is_han():
    named = [
        code
        for code in range(0x30000)
        if re.match("CJK (UNIFIED|COMPATIBILITY) IDEOGRAPH", unicodedata.name(chr(code), ""))
    ]
    assert len(named) > 80_000
    assert HAN.members(0x30000)[named].all()


def test_letters_with_accents_and_full_width_letters_are_latin():
    assert LATIN.count("éßøĐỆＡ") == 6
    assert LATIN.count("Ωяא1_·µ") == 0


def test_runs_are_as_long_as_they_can_be():
    assert HAN.runs("二〇〇八年 in 北京。") == ["二〇〇八年", "北京"]
    assert LATIN.runs("") == []


def test_ranges_hold_every_character_and_no_other():
    found = re.compile(f"[{HAN.ranges}]").fullmatch
    assert [c for c in range(0x40000) if bool(found(chr(c))) != HAN.is_in(chr(c))] == []


def test_members_and_search_agree():
    members = LATIN.members(0x2000)
    assert members.dtype == np.bool_
    assert members.tolist() == [LATIN.is_in(chr(code)) for code in range(0x2000)]


def test_a_script_without_a_width_of_its_own_is_as_wide_as_latin():
    assert find_script("Han") is HAN
    assert find_script("Cyrillic").width == 1
    assert find_script("Cyrillic").count("Привет, world") == 6


def test_what_is_no_script_is_refused_by_name():
    with pytest.raises(ValueError, match="'Hann' is no script of Unicode"):
        Script("Hann")
