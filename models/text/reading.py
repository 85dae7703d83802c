"""A text as the embedded models read it: its characters, lines, sentences and words, each once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from models.kernels.arrays import UInt32Array
from models.text import languages
from models.text.characters import WIDER
from models.text.lines import Lines
from models.text.plain_words import PlainWords
from models.text.scripts import codes_of
from models.text.sentences import Sentences


@dataclass(frozen=True, eq=False)
class Reading:
    """What is counted of a text, when somebody asks for it."""

    text: str

    @cached_property
    def codes(self) -> UInt32Array:
        """The code point of each character, (characters,)."""
        return codes_of(self.text)

    @cached_property
    def kinds(self) -> UInt32Array:
        """The kind of each character, as ``characters`` names its bits, (characters,)."""
        return languages.KNOWN.kinds[self.codes]

    @property
    def width(self) -> int:
        """The length of the text in Latin characters' worth (``shape.width``)."""
        return len(self.text) + int((self.kinds >> WIDER).sum())

    @cached_property
    def lines(self) -> Lines:
        """What stands between line feeds, blank or not."""
        return Lines.of(self.codes, self.kinds)

    @cached_property
    def sentences(self) -> Sentences:
        """The sentences."""
        return Sentences.of(self.codes, self.kinds)

    @cached_property
    def words(self) -> PlainWords:
        """The words and numbers."""
        return PlainWords.of(self.codes, self.kinds)


def open_tables() -> None:
    """Make the tables and load the kernels that all readings share, 0.3 s: forks have them then."""
    reading = Reading("a")
    _ = reading.lines, reading.sentences, reading.words
    languages.KNOWN.search.count([reading.text], [languages.COMMONEST])
