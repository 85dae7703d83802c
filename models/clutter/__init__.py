"""Which lines of a document are its main text: an embedded model, or a transformer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.base import Model
from models.clutter.features import SIGNS
from models.clutter.weights import Weights, digest_of
from models.kernels.arrays import Float64Array
from models.text import languages
from models.text.reading import Reading, open_tables, read
from models.transformer.checkpoint import find_checkpoint

EMBEDDED = "embedded"
WEIGHTS = Path(__file__).with_name("clutter.npz")
BATCH = 64
"""Texts that are read at once: more are no faster, and take memory."""


@dataclass(frozen=True, slots=True)
class ClutterScore:
    """For each line of a text, how surely it is main text (0 to 1); None if it was not judged.

    Blank lines are not judged, nor does the embedded model judge code and table rows.
    """

    lines: tuple[float | None, ...]

    @property
    def mean(self) -> float:
        """The mean over the lines that were judged; 0 if there are none."""
        known = [line for line in self.lines if line is not None]
        return sum(known) / len(known) if known else 0.0


def spread(text: str, scores: Sequence[float | None]) -> ClutterScore:
    """The scores of the lines that are not blank, put at their numbers among all lines."""
    remaining = iter(scores)
    lines = text.split("\n")
    return ClutterScore(tuple(next(remaining) if line.strip() else None for line in lines))


def judged_lines(text: str) -> list[str]:
    """The lines that are not blank: those that get a score."""
    return [line for line in text.split("\n") if line.strip()]


@dataclass(eq=False)
class EmbeddedClutter:
    """Trees over what each line is like among its neighbours, and what its words say of it."""

    weights: Weights
    name: str = EMBEDDED

    def score(self, items: Sequence[str]) -> list[ClutterScore]:
        """The line scores of each text."""
        return [
            score
            for start in range(0, len(items), BATCH)
            for score in self._batch(items[start : start + BATCH])
        ]

    def _batch(self, texts: Sequence[str]) -> list[ClutterScore]:
        readings = list(map(read, texts))
        documents = [judged_lines(text) for text in texts]
        if not any(documents):
            return [spread(text, []) for text in texts]
        main = self.weights.chances(documents)
        scores = np.split(main, np.cumsum(list(map(len, documents)))[:-1])
        return list(map(_score, readings, scores))


def _score(reading: Reading, main: Float64Array) -> ClutterScore:
    """The scores of the lines that are not blank, but for what is no prose."""
    lines = np.full(len(reading.is_prose), None, object)
    lines[reading.lines.width > 0] = main
    lines[~reading.is_prose] = None
    return ClutterScore(tuple(lines.tolist()))


@dataclass(eq=False)
class TransformerClutter:
    """A token classifier that scores every line in one pass over the document."""

    name: str
    scorer: Model[Sequence[str], list[float]]

    def score(self, items: Sequence[str]) -> list[ClutterScore]:
        """The line scores of each text."""
        scores = self.scorer.score([judged_lines(text) for text in items])
        return [spread(text, lines) for text, lines in zip(items, scores, strict=True)]


def load(name: str = EMBEDDED) -> Model[str, ClutterScore]:
    """The embedded model, or a token-classification checkpoint by path or Hugging Face name."""
    if name == EMBEDDED:
        open_tables()
        return EmbeddedClutter(Weights.load(WEIGHTS))
    from models.transformer import TransformerLineScorer

    return TransformerClutter(name, TransformerLineScorer(name))


def digest(name: str = EMBEDDED) -> str:
    """A hash of what the scores of the model of this name depend on; raises as ``load`` does."""
    if name == EMBEDDED:
        return digest_of(WEIGHTS, languages.KNOWN.digest)
    from models.transformer.lines import MAIN_LABELS

    checkpoint = find_checkpoint(name)
    checkpoint.label_among(MAIN_LABELS)
    return checkpoint.digest


def lacks(language: str, name: str = EMBEDDED) -> str:
    """What the model of this name lacks to judge a language, in words for the user; "" if nothing.

    The embedded one knows a language by its signs; a checkpoint is taken to know every language.
    """
    lack = languages.KNOWN.lacks(language, SIGNS) if name == EMBEDDED else ""
    return lack and f"{lack} or name a checkpoint in stage.clutter.model"


def score(items: Sequence[str], name: str = EMBEDDED) -> list[ClutterScore]:
    """Load a model and score one batch."""
    return load(name).score(items)
