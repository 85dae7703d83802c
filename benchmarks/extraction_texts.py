"""What is looked for in a text: snippets, and blocks of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.main_content.truth import tokens_of
from models.text.letters import letters_of

GRAM = 4
MIN_GRAMS = 0.8
"""A block is in a text if 0.8 of its sequences of four tokens are."""


class BlockKind(StrEnum):
    """What is looked for on a page besides prose (``benchmarks.extraction_blocks`` finds them)."""

    CODE_LINE = "code_line"
    TABLE_ROW = "table_row"
    FORMULA = "formula"
    COMMENT = "comment"
    TEASER = "teaser"
    NEXT_ARTICLE = "next_article"
    NOTICE = "notice"
    ADVERTISEMENT = "advertisement"


@dataclass(frozen=True, slots=True)
class Block:
    """A line of code, a row of a table, a formula's source, a stretch of any of the others.

    ``beside`` is the paragraph that a formula stands in: few truths have formulas as they are
    written, so that a formula belongs to the main text if its paragraph does.
    """

    kind: BlockKind
    text: str
    beside: str = ""


class Searchable:
    """A text that is asked for many snippets and blocks."""

    def __init__(self, text: str) -> None:
        self._lines = {_without_space(line) for line in text.splitlines()}
        self._squeezed = _without_space(text)
        self._bare = _bare(text)
        self._tokens = tokens_of(text)
        self._grams = set(_grams(self._tokens))
        self._stream = f" {' '.join(self._tokens)} "

    def has_snippet(self, snippet: str) -> bool:
        """Whether the letters and digits of a snippet stand in the text, one after the other.

        Spaces and punctuation do not matter: "ShareFacebook" is "Share Facebook".
        """
        return _bare(snippet) in self._bare

    def share_of(self, snippets: Sequence[str]) -> float | None:
        """The share of the snippets that stand in the text; None of none."""
        known = [snippet for snippet in snippets if _bare(snippet)]
        return sum(map(self.has_snippet, known)) / len(known) if known else None

    def has(self, block: Block) -> bool:
        """Whether a block is in the text: whatever line breaks do to it, but in its order."""
        if block.kind is BlockKind.FORMULA:
            return _without_space(block.text) in self._squeezed
        return self._has_words(block.text)

    def surrounds(self, block: Block) -> bool:
        """Whether a block belongs to this text: it, or the paragraph that it stands in, is here."""
        return self.has(block) or (bool(block.beside) and self._has_words(block.beside))

    def _has_words(self, text: str) -> bool:
        tokens = tokens_of(text)
        if len(tokens) < GRAM:
            return f" {' '.join(tokens)} " in self._stream
        grams = _grams(tokens)
        return sum(gram in self._grams for gram in grams) >= MIN_GRAMS * len(grams)

    def keeps(self, block: Block) -> bool:
        """Whether it is in the text as it should be: code must be a line of its own."""
        if block.kind is BlockKind.CODE_LINE:
            return _without_space(block.text) in self._lines
        return self.has(block)


def _grams(tokens: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(tokens[at : at + GRAM]) for at in range(len(tokens) - GRAM + 1)]


def _bare(text: str) -> str:
    return letters_of(text.lower())


def _without_space(text: str) -> str:
    return "".join(text.split())
