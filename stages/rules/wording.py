"""Measures over tokens: how many words, how long, how many that bind a sentence together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from models.text.words import is_word
from stages.rules.lexicon import RuleLexicon

LONG_WORD = 40  # the longest words of running text have about 30 letters


def word_measures(
    text: str, tokens: Sequence[str], folded: Sequence[str], lexicon: RuleLexicon
) -> dict[str, float]:
    """Counts and ratios over the tokens of a text; all 0 for a text without any.

    ``folded`` are the tokens in lower case. Ratios ending in ``per_token`` are of all tokens, marks
    included, as FineWeb's code has it; the others are of the words. ``stop_words`` counts distinct
    ones. ``misplaced_ratio`` is the share of bound words (an English article, a Chinese particle)
    that stand where grammar forbids it: an article before a clash word ("the of"), a particle after
    one ("，的").
    """
    counts = Counter(folded)
    words = {t: n for t, n in counts.items() if t.isalnum() or is_word(t)}
    total = sum(words.values())
    length = sum(len(word) * count for word, count in words.items())
    long = sum(len(word) * count for word, count in words.items() if len(word) > LONG_WORD)
    alphabetic = sum(n for word, n in words.items() if word.isalpha() or _has_letter(word))
    return {
        "tokens": float(len(tokens)),
        "words": float(total),
        "mean_word_length": _ratio(length, total),
        "distinct_words_ratio": _ratio(len(words), total),
        "long_words_ratio": _ratio(long, length),
        "alphabetic_words_ratio": _ratio(alphabetic, total),
        "alphabetic_per_token": _ratio(alphabetic, len(tokens)),
        "hashes_per_token": _ratio(text.count("#"), len(tokens)),
        "ellipses_per_token": _ratio(_count_ellipses(text, lexicon.ellipses), len(tokens)),
        "stop_words": float(sum(word in words for word in lexicon.stop_words)),
        "function_words_ratio": _ratio(
            sum(words.get(word, 0) for word in lexicon.function_words), total
        ),
        **_bound_words(folded, lexicon),
    }


def _bound_words(folded: Sequence[str], lexicon: RuleLexicon) -> dict[str, float]:
    bound, clash = lexicon.bound_words, lexicon.clash_words
    places = [place for place, token in enumerate(folded) if token in bound]
    step = -1 if lexicon.bound_words_follow else 1
    neighbours = (place + step for place in places)
    wrong = sum(1 for place in neighbours if 0 <= place < len(folded) and folded[place] in clash)
    return {"bound_words": float(len(places)), "misplaced_ratio": _ratio(wrong, len(places))}


def _count_ellipses(text: str, ellipses: Sequence[str]) -> int:
    """Occurrences of the ellipses; one that holds a shorter one is listed before it."""
    total = 0
    for ellipsis in ellipses:
        if ellipsis in text:
            total += text.count(ellipsis)
            text = text.replace(ellipsis, " ")
    return total


def _has_letter(word: str) -> bool:
    return any(map(str.isalpha, word))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
