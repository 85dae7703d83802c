"""Measures over tokens: how many words, how long, how many that stand where none can."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.kernels.arrays import UInt8Array, UInt64Array
from models.kernels.compile import kernel
from models.text.tokens import Tokens, find_form
from stages.rules.lexicon import BOUND, CLASH, STOP, RuleLexicon

LONG_WORD = 40  # the longest words of running text have about 30 letters


def word_measures(text: str, tokens: Tokens, lexicon: RuleLexicon) -> dict[str, float]:
    """Counts and ratios over the tokens of a text; all 0 for a text without any.

    Ratios ending in ``per_token`` are of all tokens, marks included, as FineWeb's code has it; the
    others are of the words, in lower case. ``stop_words`` counts distinct ones. ``misplaced_ratio``
    is the share of bound words (an English article, a Chinese particle) that stand where grammar
    forbids it: an article before a clash word ("the of"), a particle after one ("，的").
    """
    step = -1 if lexicon.bound_words_follow else 1
    count = len(tokens.folds)
    total, distinct, length, long, alphabetic, stops, bound, misplaced = _count(
        tokens, *lexicon.listed_words, step
    )
    return {
        "tokens": float(count),
        "words": float(total),
        "mean_word_length": _ratio(length, total),
        "distinct_words_ratio": _ratio(distinct, total),
        "long_words_ratio": _ratio(long, length),
        "alphabetic_words_ratio": _ratio(alphabetic, total),
        "alphabetic_per_token": _ratio(alphabetic, count),
        "hashes_per_token": _ratio(text.count("#"), count),
        "ellipses_per_token": _ratio(_count_ellipses(text, lexicon.ellipses), count),
        "stop_words": float(stops),
        "bound_words": float(bound),
        "misplaced_ratio": _ratio(misplaced, bound),
    }


@kernel(allocates=True)
def _count(
    tokens: Tokens, hashes: UInt64Array, lists: UInt8Array, step: int
) -> tuple[int, int, int, int, int, int, int, int]:
    """What the measures are made of; ``lists`` are the bits of the lists that hold each hash."""
    total = distinct = length = long = alphabetic = stops = bound = misplaced = 0
    listed = np.zeros(len(tokens.hashes), np.uint8)
    for number in range(len(hashes)):
        form = find_form(tokens, hashes[number])
        if form >= 0:
            listed[form] |= lists[number]
    for form in range(len(tokens.hashes)):
        if tokens.are_words[form]:
            count, characters = tokens.counts[form], tokens.lengths[form]
            total, distinct, length = total + count, distinct + 1, length + count * characters
            long += count * characters if characters > LONG_WORD else 0
            alphabetic += count if tokens.have_letters[form] else 0
            stops += listed[form] & STOP != 0
    for token in range(len(tokens.folds)):
        if listed[tokens.folds[token]] & BOUND:
            bound += 1
            neighbour = token + step
            if 0 <= neighbour < len(tokens.folds):
                misplaced += listed[tokens.folds[neighbour]] & CLASH != 0
    return total, distinct, length, long, alphabetic, stops, bound, misplaced


def _count_ellipses(text: str, ellipses: Sequence[str]) -> int:
    """Occurrences of the ellipses; one that holds a shorter one is listed before it."""
    total = 0
    for ellipsis in ellipses:
        if ellipsis in text:
            total += text.count(ellipsis)
            text = text.replace(ellipsis, " ")
    return total


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
