"""What the rules must know about a language besides its record: marks, phrases and patterns.

It is the table ``[lexicon]`` of the language's rules, ``conf/rules/{language}.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Annotated

import numpy as np
from annotated_types import Ge, MinLen

from models.kernels.arrays import UInt8Array, UInt64Array
from models.text.plain_words import hashes_of
from stages.rules.phrase_list import PhraseLists

PHRASES = (
    "advertisement",
    "registration",
    "spam",
    "notice",
    "policy",
    "filler",
    "wiki_diff",
    "more",
)
STOP, FUNCTION, BOUND, CLASH = (1 << bit for bit in range(4))
"""Lists of words, as bits."""

PATTERNS = ("titles", "urls", "diff_urls")

Entry = Annotated[str, MinLen(1)]


@dataclass(frozen=True)
class RuleLexicon:
    """The words, marks and phrases of a language, in lower case (ValueError for one that is not).

    ``stop_words``, ``function_words`` and ``end_marks`` are those of the language's record where
    the file has none of its own; a list of phrases that is not there is empty.

    A bound word must not stand before one of the clash words, or, where ``bound_words_follow``,
    after one.

    ``titles``, ``urls`` and ``diff_urls`` are regular expressions, searched in the lower-case
    title and URL; ``hosts`` are host names, which stand for their subdomains too.
    """

    stop_words: frozenset[Entry]
    function_words: frozenset[Entry]
    end_marks: tuple[Entry, ...]
    bound_words: frozenset[Entry] = frozenset()
    clash_words: frozenset[Entry] = frozenset()
    bound_words_follow: bool = False
    ellipses: tuple[Entry, ...] = ("...", "…")
    bullets: tuple[Entry, ...] = ("•", "-", "*", "·", "●", "▪", "‣", "►", "○", "–")
    short_line_characters: Annotated[int, Ge(0)] = 30
    advertisement: tuple[Entry, ...] = ()
    registration: tuple[Entry, ...] = ()
    spam: tuple[Entry, ...] = ()
    notice: tuple[Entry, ...] = ()
    policy: tuple[Entry, ...] = ()
    filler: tuple[Entry, ...] = ()
    wiki_diff: tuple[Entry, ...] = ()
    more: tuple[Entry, ...] = ()
    titles: tuple[Entry, ...] = ()
    urls: tuple[Entry, ...] = ()
    diff_urls: tuple[Entry, ...] = ()
    hosts: frozenset[Entry] = frozenset()

    def __post_init__(self) -> None:
        for field in fields(self):
            values = getattr(self, field.name)
            if isinstance(values, bool | int):
                continue
            for value in values:
                _check(field.name, value)

    @cached_property
    def listed_words(self) -> tuple[UInt64Array, UInt8Array]:
        """The hashes of the words that are counted, and the bits of the lists that hold each."""
        lists = {
            STOP: self.stop_words,
            FUNCTION: self.function_words,
            BOUND: self.bound_words,
            CLASH: self.clash_words,
        }
        words = sorted(frozenset().union(*lists.values()))
        bits = [sum(bit for bit, listed in lists.items() if word in listed) for word in words]
        return hashes_of(tuple(words)), np.array(bits, np.uint8)

    @cached_property
    def phrases(self) -> PhraseLists:
        """The phrase lists, ready for search."""
        return PhraseLists({name: getattr(self, name) for name in PHRASES})

    @cached_property
    def patterns(self) -> Mapping[str, re.Pattern[str]]:
        """The compiled ``titles``, ``urls`` and ``diff_urls``; one that is empty never matches."""
        return {name: re.compile("|".join(getattr(self, name)) or r"(?!)") for name in PATTERNS}


def _check(name: str, value: str) -> None:
    if name not in PATTERNS:
        if value != value.lower():
            raise ValueError(f"{name}: {value!r} must be in lower case")
        return
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"{name}: {value!r} is no regular expression: {error}") from error
