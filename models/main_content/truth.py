"""How much of a stretch of a page is in the page's true main text: what labels are made from."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from models.main_content.layout import Vector

SHORT = 4  # a text of so few tokens is judged by its whole line
PARTLY = 0.6  # share of a short text that is found inside a longer line
_TOKENS = re.compile(r"[a-z0-9]+|[^\W\x00-\x7f_]")


def shares_inside(texts: Iterable[str], truth: str) -> Vector:
    """For each text the share of its 4-grams of tokens that the truth has, from 0 to 1.

    Tokens are words, and characters beyond ASCII. A text of four tokens or less is 1 if it is a
    line of the truth, 0.6 if it stands inside one ("home" is in most texts), else 0. One without
    letters or digits is NaN: nothing can be said of it.

    >>> shares_inside(["a b c d e f", "b", "!"], "a b c d e").tolist()
    [0.6666666666666666, 0.6, nan]
    """
    tokens = tokens_of(truth)
    grams = {
        tuple(tokens[start : start + size])
        for size in range(1, SHORT + 1)
        for start in range(len(tokens) - size + 1)
    }
    lines = {tuple(tokens_of(line)) for line in truth.splitlines()}
    return np.array([_share(tokens_of(text), grams, lines) for text in texts])


def tokens_of(text: str) -> list[str]:
    """Words of ASCII letters and digits, and single characters beyond."""
    return _TOKENS.findall(text.lower())


def _share(tokens: list[str], grams: set[tuple[str, ...]], lines: set[tuple[str, ...]]) -> float:
    if not tokens:
        return float("nan")
    if len(tokens) <= SHORT:
        whole = tuple(tokens)
        return 1.0 if whole in lines else PARTLY if whole in grams else 0.0
    own = [tuple(tokens[start : start + SHORT]) for start in range(len(tokens) - SHORT + 1)]
    return sum(gram in grams for gram in own) / len(own)
