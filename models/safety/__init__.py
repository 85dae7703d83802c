"""How unsafe a text is, from 0 to 1: adult content that is sold, gambling that is sold, offence.

A text *about* these subjects (medicine, law, news, scholarship) is not unsafe. One logistic a
subject over hashed n-grams and telling words judges each window of a text; a score is the mean over
the windows, so that a quotation does not condemn an article.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.base import Model
from models.kernels.arrays import Float64Array, Int64Array
from models.kernels.compile import kernel
from models.safety.features import BUCKETS, digest_of_words, features_of, telling_words
from models.safety.ngrams import ngrams_of

EMBEDDED = "embedded"
SUBJECTS = ("adult", "gambling", "offence")
WEIGHTS = Path(__file__).with_name("safety.npz")
LANGUAGES = ("en", "zh")
DECIMALS = 4
"""Scores are rounded so that the last bits of another machine's ``exp`` decide nothing."""


@dataclass(frozen=True, slots=True)
class SafetyScore:
    """How surely a text sells adult content, sells gambling or abuses people, each from 0 to 1."""

    adult: float
    gambling: float
    offence: float

    @property
    def worst(self) -> float:
        """The highest of the three."""
        return max(astuple(self))


@dataclass(frozen=True, eq=False)
class EmbeddedSafety:
    """Weights (subjects, features) and biases (subjects,)."""

    weights: NDArray[np.float64]
    biases: NDArray[np.float64]
    digest: str
    name: str = EMBEDDED

    def score(self, items: Sequence[str]) -> list[SafetyScore]:
        """The scores of each text; 0 for a text without a letter."""
        return [SafetyScore(*self._one(text)) for text in items]

    def _one(self, text: str) -> list[float]:
        ngrams = ngrams_of(text)
        if not len(ngrams.hashes):
            return [0.0] * len(SUBJECTS)
        columns, values, windows = features_of(ngrams)
        sums = _add_up(self.weights, columns, values, windows, len(ngrams.bounds) - 1)
        chances = 1.0 / (1.0 + np.exp(-(self.biases[:, None] + sums)))
        return [round(float(chance.mean()), DECIMALS) for chance in chances]


@kernel()
def _add_up(
    weights: Float64Array, columns: Int64Array, values: Float64Array, windows: Int64Array, size: int
) -> Float64Array:
    """What the features of each window weigh together, (subjects, windows), in their order."""
    sums = np.zeros((len(weights), size))
    for subject in range(len(weights)):
        for feature in range(len(columns)):
            weight = weights[subject, columns[feature]] * values[feature]
            sums[subject, windows[feature]] += weight
    return sums


def load_weights(path: Path = WEIGHTS) -> EmbeddedSafety:
    """The model of a weight file. Raises ``ValueError`` for weights of another shape."""
    with np.load(path) as arrays:
        weights, biases = (arrays[name].astype(np.float64) for name in ("weights", "biases"))
    shape = (len(SUBJECTS), BUCKETS + len(telling_words().names))
    if weights.shape != shape or biases.shape != shape[:1]:
        raise ValueError(f"{path}: weights are {weights.shape}, not {shape}: fit them again")
    parts = path.read_bytes() + digest_of_words().encode()
    return EmbeddedSafety(weights, biases, hashlib.sha256(parts).hexdigest())


def load(name: str = EMBEDDED) -> Model[str, SafetyScore]:
    """The embedded model. Raises ``ValueError`` for any other name."""
    _refuse_others(name)
    return load_weights()


def lacks(language: str) -> str:
    """What the model lacks to judge a language, in words for the user; "" if nothing."""
    if language.partition("-")[0] in LANGUAGES:
        return ""
    return f"has learnt from texts in {', '.join(LANGUAGES)} alone: leave the stage out"


def digest(name: str = EMBEDDED) -> str:
    """A hash of what the scores depend on; raises as ``load`` does."""
    _refuse_others(name)
    return load_weights().digest


def score(items: Sequence[str], name: str = EMBEDDED) -> list[SafetyScore]:
    """Load the model and score one batch."""
    return load(name).score(items)


def _refuse_others(name: str) -> None:
    if name != EMBEDDED:
        raise ValueError(f"model {name!r}: safety has the model {EMBEDDED!r} alone")
