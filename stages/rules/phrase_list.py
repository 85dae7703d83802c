"""Finds which of some hundred phrases a text holds, without reading the text once for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from models.text import languages
from models.text.spaced_words import spaced_tokens


@dataclass(frozen=True, slots=True)
class Searchable:
    """A text as phrases are searched in it: its folded tokens, and its characters."""

    folded: str
    spaced: str
    tokens: frozenset[str]
    characters: frozenset[str]

    @classmethod
    def of(cls, text: str, folded_tokens: Sequence[str]) -> Self:
        """The search form of a text and its tokens in lower case."""
        tokens = frozenset(folded_tokens)
        spaced = f" {' '.join(folded_tokens)} "
        return cls(text.lower(), spaced, tokens, frozenset("".join(tokens)))


class PhraseList:
    """Phrases in lower case: of whole tokens, or, in scripts without blanks, anywhere.

    "log in" is found in "Please log in!" but not in "Plog insight"; "登录" in "用户登录页". One
    is searched for only if its longest word, or its first character, is in the text.
    """

    def __init__(self, phrases: Sequence[str]) -> None:
        self._spaced: dict[str, list[tuple[str, str, frozenset[str]]]] = {}
        self._unspaced: dict[str, list[tuple[str, frozenset[str]]]] = {}
        for phrase in phrases:
            if not languages.KNOWN.is_unspaced(phrase):
                words = [token.lower() for token in spaced_tokens(phrase)]
                anchor = max(words, key=len)
                spaced = f" {' '.join(words)} "
                self._spaced.setdefault(anchor, []).append((phrase, spaced, frozenset(words)))
            else:
                self._unspaced.setdefault(phrase[0], []).append(
                    (phrase, frozenset(phrase.replace(" ", "")))
                )

    def find(self, text: Searchable) -> dict[str, int]:
        """The phrases that occur, with their counts."""
        found = {}
        for anchor, phrases in self._spaced.items():
            if anchor in text.tokens:
                for phrase, spaced, words in phrases:
                    if words <= text.tokens and (count := text.spaced.count(spaced)):
                        found[phrase] = count
        for first, stretches in self._unspaced.items():
            if first in text.characters:
                for phrase, characters in stretches:
                    if characters <= text.characters and (count := text.folded.count(phrase)):
                        found[phrase] = count
        return found
