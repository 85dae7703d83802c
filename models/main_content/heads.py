"""What blocks begin with: calls ("read more"), dates and times, prices. Compiled."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from models.kernels.arrays import BoolArray, Int16Array, Int64Array
from models.kernels.compile import inlined, kernel
from models.main_content.characters import (
    DECIMAL,
    HAN,
    START_CHARS,
    WORD,
    Classes,
    Codes,
    Places,
    class_of,
    tables,
)
from models.main_content.trie import Trie, make_trie

CALLS = (
    "©|copyright|all rights reserved|privacy policy|terms of|cookie|subscribe|newsletter"
    "|sign up|signup|log in|login|sign in|share|follow us|read more|learn more|view all|see more"
    "|add to cart|click here|版权|责任编辑|编辑:|编辑：|来源:|来源：|转载|分享|关注|登录|注册"
    "|上一篇|下一篇|相关|推荐|热门|更多|评论|icp|备案|客户端|微信|扫码|打印|收藏|字号|免责|声明"
)
"""What asks or claims, as alternatives of plain text, in lower case."""

_BASIC_PLANE = 0x10000
_SPACE, _ZERO, _ONE, _TWO, _NINE, _COLON = b" 0129:"
_UNITS = ("ago", "min", "hour", "hours", "day", "days")
_UNIT_CHARS = 5
_UNIT_CODES = np.array([[*unit.encode().ljust(_UNIT_CHARS, b"\0")] for unit in _UNITS], np.uint32)
_YEAR, _MONTH, _YUAN = (ord(char) for char in "年月元")
_DOLLAR, _EURO, _POUND, _YEN, _WIDE_YEN = (ord(char) for char in "$€£¥￥")


def find_marks(codes: Codes, starts: Places, ends: Places) -> BoolArray:
    """Which blocks begin with a call, with a date or a time, with a price: three rows.

    A block has the characters of ``codes`` from its start to its end; the first ``START_CHARS``
    are looked at. A date or a time is 1987, 2024, 3 days, 5 min ago, 12:30, 年 or 月 before a
    number; a price $ 5, ￥5, 5 元.

    >>> from models.text.scripts import code_points
    >>> text = "Read more: 3 hours ago, for $5."
    >>> find_marks(code_points(text), np.array([0]), np.array([len(text)]))[:, 0].tolist()
    [True, True, True]
    """
    found = np.zeros((3, len(starts)), np.bool_)
    classes, lower = tables()
    has_call, has_date, has_price = found
    _find_calls(codes, starts, ends, *_calls(), has_call)
    _find_numbers(codes, starts, ends, classes, lower, has_date, has_price)
    return found


@cache
def _calls() -> Trie:
    return make_trie([CALLS], _BASIC_PLANE)


@kernel()
def _find_calls(
    codes: Codes,
    starts: Places,
    ends: Places,
    letters: Int16Array,
    following: Int16Array,
    final: Int64Array,
    has_call: BoolArray,
) -> None:
    for block in range(len(starts)):
        end = min(ends[block], starts[block] + START_CHARS)
        for place in range(starts[block], end):
            if has_call[block]:
                break
            code = codes[place]
            if code >= _BASIC_PLANE:
                continue
            node, at = following[0, letters[code]], place + 1
            while node and not has_call[block]:
                has_call[block] = final[node, 0] != 0
                if at == end or codes[at] >= _BASIC_PLANE:
                    break
                node = following[node, letters[codes[at]]]
                at += 1


@kernel()
def _find_numbers(
    codes: Codes,
    starts: Places,
    ends: Places,
    classes: Classes,
    lower: Codes,
    has_date: BoolArray,
    has_price: BoolArray,
) -> None:
    for block in range(len(starts)):
        start = starts[block]
        end = min(ends[block], start + START_CHARS)
        for place in range(start, end):
            if class_of(classes, codes[place]) & DECIMAL == 0:
                continue
            behind = place + 1
            if behind < end and codes[behind] == _SPACE:
                behind += 1
            before = place - 1
            is_month = before >= start and codes[before] in (_YEAR, _MONTH)
            if before > start and codes[before] == _SPACE:
                before -= 1
            has_date[block] |= (
                is_month
                or _is_year(codes, classes, start, place, end)
                or _is_time(codes, classes, place, end)
                or _is_unit(codes, classes, lower, behind, end)
            )
            has_price[block] |= (behind < end and codes[behind] == _YUAN) or (
                before >= start and codes[before] in (_DOLLAR, _EURO, _POUND, _YEN, _WIDE_YEN)
            )


@inlined
def _is_word(classes: Classes, code: Any) -> bool:
    return class_of(classes, code) & (WORD | HAN) != 0


@inlined
def _is_year(codes: Codes, classes: Classes, start: int, place: int, end: int) -> bool:
    """Whether 19 or 20 and two more digits stand by themselves at a place."""
    if place + 4 > end or not (
        (codes[place] == _ONE and codes[place + 1] == _NINE)
        or (codes[place] == _TWO and codes[place + 1] == _ZERO)
    ):
        return False
    both = class_of(classes, codes[place + 2]) & class_of(classes, codes[place + 3])
    return (
        both & DECIMAL != 0
        and (place == start or not _is_word(classes, codes[place - 1]))
        and (place + 4 == end or not _is_word(classes, codes[place + 4]))
    )


@inlined
def _is_time(codes: Codes, classes: Classes, place: int, end: int) -> bool:
    """Whether a colon and two digits are behind the digit at a place."""
    if place + 4 > end or codes[place + 1] != _COLON:
        return False
    both = class_of(classes, codes[place + 2]) & class_of(classes, codes[place + 3])
    return both & DECIMAL != 0


@inlined
def _is_unit(codes: Codes, classes: Classes, lower: Codes, place: int, end: int) -> Any:
    """Whether a unit of time, as a word, begins at a place."""
    for unit in range(len(_UNIT_CODES)):
        size = 0
        while (
            size < _UNIT_CHARS
            and place + size < end
            and codes[place + size] < _BASIC_PLANE
            and lower[codes[place + size]] == _UNIT_CODES[unit, size]
        ):
            size += 1
        is_whole = size == _UNIT_CHARS or _UNIT_CODES[unit, size] == 0
        behind = place + size
        if is_whole and (behind == end or not _is_word(classes, codes[behind])):
            return True
    return False
