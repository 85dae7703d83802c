"""What blocks begin with is found as patterns find it."""

import re
from random import Random

import numpy as np
import pytest

from models.main_content.characters import START_CHARS
from models.main_content.heads import CALLS, find_marks
from models.text.scripts import code_points

PATTERNS = [
    re.compile(pattern)
    for pattern in (
        CALLS,
        r"\b(?:19|20)\d\d\b|\d+ ?(?:ago|min|hours?|days?)\b|\d{1,2}:\d\d|年\d|月\d",
        r"[$€£¥￥] ?\d|\d ?元",
    )
]
PIECES = [
    "19", "20", "1987", "2024", "3", "12:30", "：", ":", " ", "  ", "ago", "AGO", "min", "mins", "hour", "hours",
    "Day", "days", "d", "年", "月", "元", "$", "￥", "€ ", "_", "a", "é", "字", "٣", "３", "²", "\U00020000", ".",
    "Read More", "read", "copyright", "©", "更多", "ICP", "登", "录",
]  # fmt: skip


def marks(texts):
    ends = np.cumsum([len(text) for text in texts])
    starts = ends - [len(text) for text in texts]
    return find_marks(code_points("".join(texts)), starts, ends).T.tolist()


def by_patterns(text):
    start = text[:START_CHARS].lower()
    return [pattern.search(start) is not None for pattern in PATTERNS]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Posted 5 Min ago", (False, True, False)),
        ("5 minutes", (False, False, False)),
        ("in 2024.", (False, True, False)),
        ("x2024, 20245", (False, False, False)),
        ("9:5 or 9:55", (False, True, False)),
        ("共12 元", (False, False, True)),
        ("3月5日", (False, True, False)),
        ("2024年5月", (False, True, False)),
        ("$ 12", (False, False, True)),
        ("12$", (False, False, False)),
        ("阅读更多", (True, False, False)),
        ("x" * START_CHARS + "更多 2024 $5", (False, False, False)),
    ],
)
def test_dates_prices_and_calls_are_found(text, expected):
    assert marks([text]) == [[*expected]] == [by_patterns(text)]


def test_any_text_has_the_marks_that_patterns_find():
    random = Random(7)
    texts = ["".join(random.choices(PIECES, k=random.randint(1, 60))) for _ in range(5_000)]
    assert marks(texts) == [by_patterns(text) for text in texts]
    assert all(0.1 < np.mean(column) < 0.9 for column in zip(*marks(texts[:1000]), strict=True))
