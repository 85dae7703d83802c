"""The features of a page's text, said again one pattern at a time, as they were first written."""

import re
import statistics
from collections import Counter
from operator import eq

import pytest

from models.page_type.features import NEARLY_EMPTY, PRICE, SIGNS, TITLE_SIGNS
from models.page_type.line_shapes import (
    DATED,
    LONG,
    MAX_PERIOD,
    MIN_PERIOD,
    NUMBERED,
    SHORT,
)
from models.text import shape
from models.text.languages import DATE, KNOWN
from tests.models.text import naive


def shape_features(text: str) -> dict[str, float]:
    lines = naive.lines_of(text)
    widths = [naive.width(line) for line in lines]
    total = sum(widths)
    long_lines = sum(w for w in widths if w >= LONG)
    ended = sum(w for w, line in zip(widths, lines, strict=True) if naive.ends_sentence(line))
    listed = sum(line[0] in "-*•·–|" or line[0].isdigit() for line in lines)
    return {
        "log_width": shape.log1p(total),
        "log_lines": shape.log1p(len(lines)),
        "log_mean_line": shape.log1p(shape.ratio(total, len(lines))),
        "log_longest_line": shape.log1p(max(widths, default=0)),
        "nearly_empty": float(total < NEARLY_EMPTY),
        "long_line_share": shape.ratio(long_lines, total),
        "ended_share": shape.ratio(ended, total),
        "short_lines": shape.ratio(sum(w < SHORT for w in widths), len(lines)),
        "listed_lines": shape.ratio(listed, len(lines)),
        "numbered_lines": shape.ratio(sum(map(_is_numbered, lines)), len(lines)),
        "records": pytest.approx(_records(lines), abs=2e-6),
        "distinct_lines": shape.distinct_ratio(lines),
        "digit_share": shape.ratio(len(re.findall(r"\d", text)), len(text)),
        "question_share": shape.ratio(100 * len(re.findall(r"[?？]", text)), total),
        "bar_share": shape.ratio(100 * text.count("|"), total),
    }


def _is_numbered(line: str) -> bool:
    return sum(map(str.isdecimal, line)) >= DATED and naive.width(line) < NUMBERED


def _records(lines: list[str]) -> float:
    kinds = [
        (naive.width(line) >= SHORT, naive.ends_sentence(line), _is_numbered(line))
        for line in lines
    ]
    shares = [count / len(kinds) for count in Counter(kinds).values()]
    if len(kinds) < 2 * MAX_PERIOD or len(shares) == 1:
        return 0.0
    chance = sum(share * share for share in shares)
    repeated = [
        statistics.mean(map(eq, kinds[period:], kinds))
        for period in range(MIN_PERIOD, MAX_PERIOD + 1)
    ]
    return max(0.0, (max(repeated) - chance) / (1 - chance))


def _per_thousand(count: int, total: int) -> float:
    """Occurrences in a thousand characters' worth of text, logarithmic: 0 to about 4."""
    return shape.log1p(1000 * count / (total + 300))


def _count(name: str, text: str) -> int:
    return len(KNOWN.search.lists[name].pattern.findall(text))


def word_features(text: str, title: str) -> dict[str, float]:
    total = naive.width(text)
    features = {f"words_{sign}": _per_thousand(_count(sign, text), total) for sign in SIGNS}
    for name, pattern in {"price": PRICE, "date": KNOWN.search.lists[DATE].pattern}.items():
        features[f"words_{name}"] = _per_thousand(len(pattern.findall(text)), total)
    for sign in TITLE_SIGNS:
        features[f"title_{sign}"] = shape.log1p(_count(sign, title))
    return features
