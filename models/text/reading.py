"""A text analysed once, for rules and all embedded models: what is counted of it, when asked for.

One stage after another asks for the same text: ``read`` remembers the readings of the latest ones.
What a reading says hangs on its text alone, so that nobody can tell whether it was remembered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.kernels.arrays import UInt32Array
from models.memories import register
from models.text import languages, shape
from models.text.characters import WIDER
from models.text.languages import Language
from models.text.languages.language import Segmentation
from models.text.lines import Lines
from models.text.plain_words import PlainWords
from models.text.scripts import PLANES, code_points, codes_of
from models.text.sentences import Sentences
from models.text.tokens import Tokens

MAX_REMEMBERED = 1 << 20
"""Characters of the texts whose readings are remembered, up to 40 bytes each: more than a batch of
documents has."""

_ENDS_OF_CODE = "".join(shape.CODE_END)
_BEGINNINGS_OF_CODE = "/#>$dcir"
_BAR = "|"
_SIGNS = (*languages.Sign, languages.DATE)


@dataclass(frozen=True, eq=False)
class Reading:
    """What there is to count of a text, each once."""

    text: str
    _tokens: dict[Segmentation, Tokens] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def codes(self) -> UInt32Array:
        """The code point of each character, (characters,)."""
        return codes_of(self.text)

    @property
    def points(self) -> UInt32Array:
        """The same without a bound: what is past ``PLANES`` is told apart, (characters,)."""
        codes = self.codes
        return code_points(self.text).copy() if codes.max(initial=0) == PLANES else codes

    @cached_property
    def kinds(self) -> UInt32Array:
        """The kind of each character, as ``characters`` names its bits, (characters,)."""
        return languages.KNOWN.kinds[self.codes]

    @cached_property
    def width(self) -> int:
        """The length of the text in Latin characters' worth (``shape.width``)."""
        return len(self.text) + int((self.kinds >> WIDER).sum())

    @cached_property
    def lines(self) -> Lines:
        """What stands between line feeds, blank or not."""
        return Lines.of(self.codes, self.kinds)

    @cached_property
    def filled_lines(self) -> Lines:
        """The lines that are not blank."""
        return self.lines.filled()

    @cached_property
    def bare_lines(self) -> Sequence[str]:
        """The lines that are not blank, without white space at their ends."""
        return shape.lines_of(self.text)

    @cached_property
    def is_prose(self) -> NDArray[np.bool_]:
        """Whether each line is neither blank nor code nor a row of a table, (lines,)."""
        lines = self.lines
        found = (lines.width > 0) & ~lines.end_with(_ENDS_OF_CODE)
        in_table = lines.begin_with(_BAR) & lines.end_with(_BAR)
        unsure = np.flatnonzero(found & (lines.begin_with(_BEGINNINGS_OF_CODE) | in_table))
        if len(unsure):
            texts = self.text.split("\n")
            found[unsure] = [not shape.is_not_prose(texts[number]) for number in unsure.tolist()]
        return found

    @property
    def in_prose(self) -> NDArray[np.bool_]:
        """Whether each character stands in such a line, (characters,)."""
        return np.repeat(self.is_prose, self.lines.size + 1)[: len(self.codes)]

    @cached_property
    def sentences(self) -> Sentences:
        """The sentences."""
        return Sentences.of(self.codes, self.kinds)

    @cached_property
    def words(self) -> PlainWords:
        """The words and numbers."""
        return PlainWords.of(self.codes, self.kinds)

    def tokens(self, language: Language) -> Tokens:
        """The words and marks as a language cuts them."""
        if language.segmentation not in self._tokens:
            found = language.number_tokens(self.text, self.points, self.kinds)
            self._tokens[language.segmentation] = found
        return self._tokens[language.segmentation]

    @cached_property
    def sign_counts(self) -> Mapping[str, int]:
        """How often words of each sign stand, by its name, and dates by theirs."""
        return _signs_of([self.text])[0]


def count_signs(readings: Sequence[Reading]) -> None:
    """Count the signs of some readings in one pass over them."""
    fresh = [reading for reading in readings if "sign_counts" not in vars(reading)]
    for reading, counts in zip(fresh, _signs_of([one.text for one in fresh]), strict=True):
        vars(reading)["sign_counts"] = counts  # where cached_property keeps it


def _signs_of(texts: Sequence[str]) -> list[dict[str, int]]:
    counts = languages.KNOWN.search.count(texts, _SIGNS)
    rows = zip(*(count.tolist() for count in counts.values()), strict=True)
    return [dict(zip(counts, row, strict=True)) for row in rows]


class RecentReadings:
    """The readings of the latest texts, which together have ``max_characters`` at most.

    A text with more than an eighth of that is not remembered.
    """

    def __init__(self, max_characters: int = MAX_REMEMBERED) -> None:
        self._max_characters = max_characters
        self.forget()
        register(self)

    def of(self, text: str) -> Reading:
        """The reading of a text."""
        if self._languages is not languages.KNOWN:  # readings hang on these too
            self.forget()
        found = self._known.get(text)
        if found is None:
            found = Reading(text)
            if len(text) <= self._max_characters // 8:
                self._remember(found)
        return found

    def forget(self) -> None:
        """Know no text any more."""
        self._known: dict[str, Reading] = {}
        self._characters = 0
        self._languages = languages.KNOWN

    def _remember(self, reading: Reading) -> None:
        self._known[reading.text] = reading
        self._characters += len(reading.text)
        while self._characters > self._max_characters:
            oldest = next(iter(self._known))
            self._characters -= len(oldest)
            del self._known[oldest]


read = RecentReadings().of
"""The reading of a text, one for all models of a process."""


def open_tables() -> None:
    """Make the tables and load the kernels that all readings share, 0.3 s: forks have them then."""
    reading = Reading("a")
    _ = reading.lines, reading.sentences, reading.words, reading.sign_counts
