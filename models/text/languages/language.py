"""What is known of one language: the record of its file in ``conf/languages``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import chain
from typing import Annotated

from annotated_types import MaxLen, MinLen

from models.kernels.arrays import UInt32Array
from models.text import segmenter
from models.text.scripts import Script, find_script
from models.text.spaced_words import spaced_spans, spaced_tokens
from models.text.tokens import Tokens, number_tokens
from models.text.word_lists import word_pattern

Entry = Annotated[str, MinLen(1)]
Character = Annotated[str, MinLen(1), MaxLen(1)]


class Segmentation(StrEnum):
    """How the words of a text are found: they stand between blanks, or jieba cuts them."""

    BLANKS = "blanks"
    JIEBA = "jieba"


class Sign(StrEnum):
    """What a list of words gives away about a page, a line or a text."""

    FORUM = "forum"
    SHOP = "shop"
    SERVICE = "service"
    LISTING = "listing"
    MANUAL = "manual"
    REPORT = "report"
    TOOL = "tool"
    AUDIO = "audio"
    VIDEO = "video"
    ADULT = "adult"
    GAMBLING = "gambling"
    SHARE = "share"
    RIGHTS = "rights"
    NAVIGATE = "navigate"
    PROMOTE = "promote"
    CONNECTIVES = "connectives"
    FIRST_PERSON = "first_person"
    WE = "we"
    YOU = "you"


@dataclass(frozen=True)
class FunctionWords:
    """The words that hold sentences together, each in one of three lists.

    Where no blanks stand between words, those of the first two lists have one character, which is
    counted wherever it stands.
    """

    commonest: tuple[Entry, ...]
    common: tuple[Entry, ...] = ()
    others: tuple[Entry, ...] = ()

    def __post_init__(self) -> None:
        words = self.all
        for word in words:
            if word != word.lower() or words.count(word) > 1:
                raise ValueError(f"{word!r} must be in lower case and stand in the lists once")

    @property
    def frequent(self) -> frozenset[str]:
        """The words of the first two lists."""
        return frozenset((*self.commonest, *self.common))

    @property
    def all(self) -> tuple[str, ...]:
        """The words of all three lists."""
        return (*self.commonest, *self.common, *self.others)


@dataclass(frozen=True)
class Pronouns:
    """How a text speaks of its writer and to its reader, in lower case."""

    first: tuple[Entry, ...] = ()
    second: tuple[Entry, ...] = ()


@dataclass(frozen=True, eq=False)
class Language:
    """A language as the stages and the embedded models know it.

    ``code`` is ISO 639-1's, ``labels`` are what language identifiers call it besides. ``script`` is
    Unicode's name of the one that most of its letters are of. ``end_marks`` end a sentence.
    ``stop_words`` are Gopher's: text without any is no running text. ``months`` and the lists of
    ``signs`` are regular expressions. ``digest`` is a hash of its file.
    """

    code: str
    digest: str
    script: Entry
    segmentation: Segmentation
    end_marks: tuple[Character, ...]
    function_words: FunctionWords
    stop_words: tuple[Entry, ...]
    labels: tuple[Entry, ...] = ()
    pronouns: Pronouns = Pronouns()
    months: tuple[Entry, ...] = ()
    signs: Mapping[Sign, tuple[Entry, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        find_script(self.script)
        for expression in (*self.months, *chain.from_iterable(self.signs.values())):
            try:
                re.compile(expression)
            except re.error as error:
                raise ValueError(f"{expression!r} is no regular expression: {error}") from error

    @property
    def letters(self) -> Script:
        """The script that most of its letters are of."""
        return find_script(self.script)

    @property
    def has_blanks(self) -> bool:
        """Whether blanks stand between its words."""
        return self.segmentation is Segmentation.BLANKS

    def tokens(self, text: str) -> list[str]:
        """Words, numbers and marks in order, without white space."""
        return spaced_tokens(text) if self.has_blanks else segmenter.cut(text)

    def number_tokens(self, text: str, codes: UInt32Array, kinds: UInt32Array) -> Tokens:
        """The same as numbers, by the codes and kinds of the text's characters."""
        spans = spaced_spans(text, codes, kinds) if self.has_blanks else segmenter.spans(codes)
        return number_tokens(codes, kinds, *spans)

    @cached_property
    def function_word(self) -> re.Pattern[str]:
        """What finds one of its function words, in any case."""
        words = list(map(re.escape, self.function_words.all))
        return word_pattern(words, ()) if self.has_blanks else word_pattern((), words)
