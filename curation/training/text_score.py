"""How near one text is to another: F1 of the words that they have in common."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence


def words_of(text: str, language: str) -> list[str]:
    r"""What a text is compared by: what ``\w+`` matches, in lower case; in Chinese, characters.

    White space is no character.

    >>> words_of("The mill", "en"), words_of("水 车", "zh")
    (['the', 'mill'], ['水', '车'])
    """
    return re.findall(r"\w+", text.lower()) if language == "en" else list("".join(text.split()))


def count_common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words two texts share as multisets."""
    return (Counter(one) & Counter(other)).total()


def f1_of_counts(common: int, one: int, other: int) -> float:
    """F1 of two sizes and what they share; 0 if that is nothing."""
    return 2 * common / (one + other) if common else 0.0


def f1_of(text: str, truth: str, language: str) -> float:
    """F1 of two texts as multisets of words (English) or characters (Chinese).

    >>> f1_of("one two", "two three", "en"), f1_of("", "", "zh")
    (0.5, 0.0)
    """
    ours, theirs = words_of(text, language), words_of(truth, language)
    return f1_of_counts(count_common(ours, theirs), len(ours), len(theirs))
