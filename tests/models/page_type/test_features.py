import math
import re

import pytest
from hypothesis import given

from models.page_type.features import (
    PageContent,
    feature_columns,
    page_features,
    read_pages,
)
from stages.extract.markup import FIELDS
from tests.hostile.texts import UNITS
from tests.models.page_type import naive_features
from tests.models.text import naive
from tests.models.texts import CHINESE, CHINESE_MENU, ENGLISH, ENGLISH_MENU


def check(text, title=""):
    [found] = page_features([PageContent(text, title=title)])
    expected = naive_features.shape_features(text) | naive_features.word_features(text, title)
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize("text", [ENGLISH, CHINESE, ENGLISH_MENU, CHINESE_MENU, ""])
def test_the_features_of_a_text_are_those_of_the_naive_ones(text):
    check(text, "Watch online: casino 在线观看")


@given(naive.TEXTS, naive.TEXTS)
def test_those_of_odd_texts_are_too(text, title):
    check(text, title)


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_those_of_hostile_texts_are_too(unit):
    check(unit * (500 // len(unit)))


def test_those_of_real_texts_are_too(real_texts):
    for text in real_texts[::10]:
        check(text[:20_000])


def test_a_list_of_titles_and_dates_comes_in_records():
    entries = "The mill at the river turns again.\n2 May 2019\n" * 9
    check(entries)
    [found] = page_features([PageContent(entries)])
    assert found["records"] > 0.9


@pytest.mark.parametrize("text", ["costs $5, 6 USD or 7元", "$5元 and $ 6EUR, 7 元", "USD", "no 5"])
def test_a_price_is_a_number_beside_a_currency(text):
    plain = re.findall(r"[$£€¥￥]\s?\d|\d\s?(?:元|USD|EUR|GBP)", text)
    [found] = page_features([PageContent(text)])
    assert found["words_price"] == pytest.approx(
        math.log1p(1000 * len(plain) / (naive.width(text) + 300))
    )


@pytest.mark.parametrize("markup", [None, {**dict.fromkeys(FIELDS, 3), "tags": 90}])
def test_columns_hold_what_rows_do(markup):
    texts = (ENGLISH, CHINESE_MENU, "")
    pages = [PageContent(text, "https://a.example/b", "Mill", markup) for text in texts]
    columns = feature_columns(pages, read_pages(pages), with_markup=markup is not None)
    assert [
        dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)
    ] == page_features(pages)
