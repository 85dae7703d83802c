from itertools import pairwise

import numpy as np
import pytest

from models.text.scripts import PLANES
from stages.decontaminate.canonical import (
    MAX_GROWTH,
    canonical,
    canonical_tokens,
    original_places,
)


def data_of(text):
    return canonical([text]).data.tobytes()


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("How  many\trivers\nflow?", "how many rivers flow"),
        ("Ｈｏｗ　ｍａｎｙ：１２？", "how many 12"),
        ("“How”—many, (rivers)!", "how many rivers"),
        ("HOW Many", "how many"),
        ("naïve café", "naive cafe"),
        ("ri\u00advers and\u200b sea", "rivers and sea"),
        ("為什麼天空是藍色的？", "为什么天空是蓝色的"),
        ("为 什 么，天空。是蓝色的", "为什么天空是蓝色的"),
        ("x² + y² = 25", "x2+y2=25"),
        ("𝐖𝐡𝐲 𠀀", "why 𠀀"),
        ("ȺȺȺ", "ⱥⱥⱥ"),
    ],
)
def test_a_text_written_in_another_way_has_the_same_form(written, plain):
    assert data_of(written) == data_of(plain)


@pytest.mark.parametrize(
    ("one", "other"),
    [("3 + 5", "3 × 5"), ("十二", "二十"), ("rivers", "river"), ("x < y", "x > y")],
)
def test_what_says_something_else_has_another_form(one, other):
    assert data_of(one) != data_of(other)


def test_tokens_of_chinese_are_those_of_jieba():
    import jieba

    jieba.setLogLevel(60)
    text = "小明硕士毕业于中国科学院计算所，后在日本京都大学深造"
    form = canonical_tokens([text])
    starts = np.flatnonzero(form.starts).tolist()
    pieces = [form.data[a:b].tobytes().decode() for a, b in pairwise(starts)]
    assert pieces == [token for token in jieba.cut(text) if token != "，"]


def test_texts_that_are_read_together_have_the_forms_that_each_has_alone():
    texts = ["The sky, blue", "", "天空为什么是蓝色的", "\0 a nul\0 inside", "…"]
    together = canonical_tokens(texts)
    alone = [canonical_tokens([text]) for text in texts]
    assert together.data.tobytes() == b"".join(form.data.tobytes() for form in alone)
    assert together.starts.tolist() == [start for form in alone for start in form.starts.tolist()]
    assert len(together.ends) == len(texts)


def test_a_place_leads_back_to_the_character_that_was_written():
    text = "«Ｄｅｒ» 天空，為何 \u200bblue?"
    form = data_of(text)
    for shown, written in (("der", "Ｄ"), ("为何", "為"), ("blue", "b")):
        assert text[original_places(text)[form.index(shown.encode())]] == written


def test_no_character_grows_beyond_the_room_that_it_is_given():
    characters = [chr(code) for code in range(1, PLANES) if not 0xD800 <= code < 0xE000]
    written = np.array([len(character.encode()) for character in characters])
    places = original_places("".join(characters))[:-1]
    assert (np.bincount(places, minlength=len(written)) <= MAX_GROWTH * written).all()
    assert len(places) == len(data_of("".join(characters))) - 1


def test_lone_surrogates_and_the_last_planes_divide_words():
    assert data_of("one\ud800two\U0010ffffthree") == b"onetwothree\x00"
    assert np.flatnonzero(canonical(["one\ud800two"]).starts).tolist() == [0, 3, 6]
