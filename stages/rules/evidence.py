"""What a rate rests on: of how many things it is, and how far from it the true one may lie.

One phrase in a short text covers a large share of it and proves nothing. So a rate breaks a rule
only if it would by the confidence limit that speaks for the document: the lowest rate (for a
``max_``), the highest (for a ``min_``) under which what was counted is not too unlikely.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Annotated

from annotated_types import Interval


@dataclass(frozen=True)
class Evidence:
    """The table ``[evidence]`` of a rules file.

    ``confidence`` is that of the limit, from one side; 0 takes every rate as it stands, as the
    papers do.
    """

    confidence: Annotated[float, Interval(ge=0, lt=1)] = 0.0


@dataclass(frozen=True, slots=True)
class Counted:
    """Where a rate's count stands among the measures.

    ``unit`` names the measure. It counts the things that the rate is of, ``size`` of them making
    one, or, where ``are_hits``, those that made it: the phrases that cover a share of a text.
    ``per`` is what the rate is multiplied by: 1000 for one in a thousand.
    """

    unit: str
    size: float = 1.0
    are_hits: bool = False
    per: float = 1.0

    def whole(self, rate: float, count: float) -> float:
        """Of how many things a rate is."""
        if self.are_hits:
            return count / min(1.0, rate / self.per) if rate else 0.0
        return count / self.size


def _all(counted: Counted, *measures: str) -> dict[str, Counted]:
    return dict.fromkeys(measures, counted)


COUNTED: Mapping[str, Counted] = {
    **_all(
        Counted("lines"),
        *("short_lines_ratio", "fragment_lines_ratio", "fragment_line_characters_ratio"),
        *("end_mark_lines_ratio", "end_mark_line_characters_ratio", "ellipsis_lines_ratio"),
        *("bullet_lines_ratio", "digit_lines_ratio", "separated_lines_ratio", "diff_lines_ratio"),
        *("duplicate_lines_ratio", "duplicate_line_characters_ratio"),
        "code_line_characters_ratio",
    ),
    **_all(
        Counted("paragraphs"),
        *("duplicate_paragraphs_ratio", "duplicate_paragraph_characters_ratio"),
    ),
    **_all(
        Counted("words"),
        *("distinct_words_ratio", "long_words_ratio", "alphabetic_words_ratio"),
        "garbled_words_ratio",
        # Characters of a class stand together: a text has as many places for them as words.
        *("letter_ratio", "rare_han_ratio", "uppercase_ratio", "digit_ratio"),
        *("mark_ratio", "brace_ratio", "garbled_ratio", "latin_1_ratio", "mojibake_ratio"),
        *("template_ratio", "address_characters_ratio"),
    ),
    **_all(
        Counted("tokens"),
        *("alphabetic_per_token", "hashes_per_token", "ellipses_per_token", "newlines_per_token"),
    ),
    **{f"top_{n}_gram_ratio": Counted("words", size=n) for n in (2, 3, 4)},
    **_all(Counted("prose_words"), "function_words_ratio", "han_ratio"),
    # Words are loose together: three in a row are one thing.
    **_all(Counted("words", size=3), "loose_words_ratio", "loose_line_words_ratio"),
    **{f"duplicate_{n}_gram_ratio": Counted("words", size=n) for n in range(5, 11)},
    **{
        f"{name}_phrases_ratio": Counted(f"{name}_phrases", are_hits=True)
        for name in ("advertisement", "registration", "spam", "notice", "policy")
    },
    "more_phrases_ratio": Counted("more_lines", are_hits=True),
    "sentences_per_1000_characters": Counted("characters", per=1000),
    "misplaced_ratio": Counted("bound_words"),
}
"""Every rate among the measures; the others are counts, means, and what is or is not."""


def lower_limit(share: float, whole: float, confidence: float) -> float:
    """The lowest share under which at least what was counted comes up with 1 - ``confidence``.

    ``share`` of ``whole`` things were counted, neither need be a whole number. It is Clopper and
    Pearson's limit (Biometrika 26, 1934), with the quantile of F by Paulson's approximation (Annals
    of Mathematical Statistics 13, 1942), off by less than 0.01.

    >>> round(lower_limit(1.0, 10, 0.99), 2), round(lower_limit(0.1, 10, 0.99), 3)
    (0.63, 0.0)
    """
    hits = share * whole
    if hits < 1:  # less than one thing says nothing; and below half of one the formula fails
        return 0.0
    if share >= 1:
        return math.exp(math.log(1 - confidence) / whole)
    deviations = _deviations(confidence)
    a, b = 1 / (9 * (whole - hits + 1)), 1 / (9 * hits)
    divisor = (1 - b) ** 2 - b * deviations**2
    spread = (1 - a) ** 2 * b + a * (1 - b) ** 2 - a * b * deviations**2
    root = ((1 - a) * (1 - b) + deviations * math.sqrt(max(0.0, spread))) / divisor
    return hits / (hits + (whole - hits + 1) * root**3)


def upper_limit(share: float, whole: float, confidence: float) -> float:
    """The highest share under which at most what was counted comes up with 1 - ``confidence``.

    >>> round(upper_limit(0.0, 10, 0.99), 2)
    0.37
    """
    return 1 - lower_limit(1 - share, whole, confidence)


@lru_cache(maxsize=16)
def _deviations(confidence: float) -> float:
    return NormalDist().inv_cdf(confidence)
