"""Which lines of a document are its main text: an embedded model, or a transformer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.base import Model, TitledText, text_of, title_of
from models.clutter.features import SIGNS
from models.clutter.weights import Weights, digest_of
from models.embedded_weights import weights_in
from models.kernels.arrays import Float64Array
from models.text import languages
from models.text.reading import Reading, open_tables, read
from models.transformer import LineHead, TransformerLineScorer, load_line_scorer
from models.transformer.checkpoint import find_checkpoint
from models.transformer.heads import LINES
from models.transformer.lines import MAIN_LABELS

EMBEDDED = "embedded"
WEIGHTS = Path(__file__).with_name("clutter.npz")
NO_LINE = 1.0
"""What is nearest to a threshold in a text without a judged line: nothing of it is unsure."""
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
        known = self.judged
        return sum(known) / len(known) if known else 0.0

    @property
    def judged(self) -> list[float]:
        """The scores of the lines that were judged."""
        return [line for line in self.lines if line is not None]

    def nearest(self, threshold: float) -> float:
        """The score that is nearest to a threshold, the lower of two: of the least sure line.

        >>> ClutterScore((0.9, None, 0.3, 0.02)).nearest(0.1)
        0.02
        """
        return min(self.judged, key=lambda one: (abs(one - threshold), one), default=NO_LINE)


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

    def score(self, items: Sequence[TitledText | str]) -> list[ClutterScore]:
        """The line scores of each text; titles are not read."""
        texts = list(map(text_of, items))
        return [
            score
            for start in range(0, len(texts), BATCH)
            for score in self._batch(texts[start : start + BATCH])
        ]

    def _batch(self, texts: Sequence[str]) -> list[ClutterScore]:
        readings = list(map(read, texts))
        documents = [judged_lines(text) for text in texts]
        if not any(documents):
            return [spread(text, []) for text in texts]
        main = self.weights.chances(documents)
        scores = np.split(main, np.cumsum(list(map(len, documents)))[:-1])
        return list(map(score_of, readings, scores))


def score_of(reading: Reading, main: Float64Array) -> ClutterScore:
    """The scores of the lines that are not blank, but for what is no prose."""
    lines = np.full(len(reading.is_prose), None, object)
    lines[reading.lines.width > 0] = main
    lines[~reading.is_prose] = None
    return ClutterScore(tuple(lines.tolist()))


@dataclass(eq=False)
class TransformerClutter:
    """A token classifier that scores every line in one pass over the document.

    A head among several reads the title before the lines.
    """

    name: str
    scorer: TransformerLineScorer | LineHead

    @property
    def tolerance(self) -> float:
        """The most by which a score differs with the documents beside its own."""
        return self.scorer.tolerance

    def score(self, items: Sequence[TitledText | str]) -> list[ClutterScore]:
        """The line scores of each text."""
        texts, titles = list(map(text_of, items)), list(map(title_of, items))
        scores = self.scorer.score(list(map(judged_lines, texts)), titles)
        return [spread(text, lines) for text, lines in zip(texts, scores, strict=True)]

    def score_alone(self, item: TitledText | str) -> ClutterScore:
        """The line scores of one text, in a batch of its own."""
        text = text_of(item)
        return spread(text, self.scorer.score_alone(judged_lines(text), title_of(item)))


def load(name: str = EMBEDDED, *, weights: str = "") -> Model[TitledText | str, ClutterScore]:
    """The embedded model, or a checkpoint that classifies tokens, or a head of one for lines.

    ``weights`` is a folder of those of the embedded model, "" for those that ship.
    """
    if name == EMBEDDED:
        open_tables()
        return EmbeddedClutter(Weights.load(_file(weights)))
    return TransformerClutter(name, load_line_scorer(name))


def _file(weights: str) -> Path:
    return weights_in(weights, WEIGHTS.parent, WEIGHTS.name) / WEIGHTS.name


def digest(name: str = EMBEDDED, *, weights: str = "") -> str:
    """A hash of what the scores of the model of this name depend on; raises as ``load`` does."""
    if name == EMBEDDED:
        return digest_of(_file(weights), languages.KNOWN.digest)
    checkpoint = find_checkpoint(name).that_reads(LINES)
    checkpoint.label_among(MAIN_LABELS)
    return checkpoint.checked().digest


def lacks(language: str, name: str = EMBEDDED) -> str:
    """What the model of this name lacks to judge a language, in words for the user; "" if nothing.

    The embedded one knows a language by its signs; a checkpoint is taken to know every language.
    """
    lack = languages.KNOWN.lacks(language, SIGNS) if name == EMBEDDED else ""
    return lack and f"{lack} or name a checkpoint in stage.clutter.model"


def score(items: Sequence[str], name: str = EMBEDDED) -> list[ClutterScore]:
    """Load a model and score one batch."""
    return load(name).score(items)
