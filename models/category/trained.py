"""The category of a text by what it means: one layer over its embedding and its lexicon shares."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models import embedding
from models.category.lexicon import LexiconClassifier
from models.category.result import CategoryScore
from models.embedding import Embedder, use
from models.taxonomy import Taxonomy

WEIGHTS = Path(__file__).with_name("weights.npz")
UNIT = 4096
"""A component of a unit vector in whole numbers: sums of these are exact in any order."""
MAX_CHARS = 4000
"""Of what lexicons are asked about: 2,000 characters tell the subject; jieba reads 1 MB/s."""
BATCH = 256
DIGITS = 6  # exponentials differ between processors in the sixteenth


@dataclass(frozen=True, eq=False)
class Weights:
    """Of each class a row over the embedding, in steps of ``scale``, and a bias.

    ``evidence`` is the weight of a class's share in the lexicons. All are divided by the
    temperature that makes the probabilities come true.
    """

    classes: tuple[str, ...]
    matrix: NDArray[np.int16]
    biases: NDArray[np.float64]
    scale: float
    evidence: float

    def logits(
        self, vectors: NDArray[np.float32], shares: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """(texts, classes) of embeddings (texts, 512) and lexicon shares (texts, classes)."""
        whole = np.rint(vectors.astype(np.float64) * UNIT).astype(np.int64)
        products = whole @ self.matrix.T.astype(np.int64)
        return products * self.scale + self.evidence * shares + self.biases


@cache
def read_weights(path: Path = WEIGHTS) -> Weights:
    """The weights in a file of ``save_weights``."""
    with np.load(BytesIO(path.read_bytes()), allow_pickle=False) as arrays:
        return Weights(
            tuple(arrays["classes"].tolist()),
            arrays["matrix"],
            arrays["biases"],
            float(arrays["scale"]),
            float(arrays["evidence"]),
        )


def save_weights(path: Path, weights: Weights) -> None:
    """Write a file that ``read_weights`` reads."""
    np.savez_compressed(
        path,
        classes=np.array(weights.classes),
        matrix=weights.matrix,
        biases=weights.biases,
        scale=np.float64(weights.scale),
        evidence=np.float64(weights.evidence),
    )


def digest() -> str:
    """A hash of the weights and of the embedding that they are made for."""
    content = WEIGHTS.read_bytes() + use.digest(use.NAME).encode()
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def fits(taxonomy: Taxonomy) -> bool:
    """Whether the weights are made for the classes of a taxonomy, in their order."""
    return read_weights().classes == tuple(one.id for one in taxonomy.classes)


def shares_of(texts: Sequence[str], lexicon: LexiconClassifier) -> NDArray[np.float64]:
    """The share of each class in each text, (texts, classes)."""
    rows = np.zeros((len(texts), len(lexicon.taxonomy.classes)))
    for number, text in enumerate(texts):
        rows[number] = lexicon.shares(text[:MAX_CHARS])
    return rows


def vectors_of(items: Sequence[str], embedder: Embedder) -> NDArray[np.float32]:
    """(texts, 512): the mean of the embeddings of title and text, as far as there are both.

    The first line is the title. Apart, the two are what other models ask the embedder for too.
    """
    titles, _, texts = zip(*(item.partition("\n") for item in items), strict=True)
    both = [embedder.score(part) for part in (titles, texts)]
    present = sum(part.any(axis=1, keepdims=True).astype(np.float32) for part in both)
    return np.asarray((both[0] + both[1]) / np.maximum(present, 1), np.float32)


def probabilities(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """The softmax of each row."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


class TrainedClassifier:
    """The embedded form where the package of the embedding is installed.

    A text without letters or digits is the fallback's, with a score of 0.
    """

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.name = "embedded"
        self.taxonomy = taxonomy
        self.lexicon = LexiconClassifier(taxonomy)
        self.weights = read_weights()
        self.embedder = embedding.load(use.NAME)

    def score(self, items: Sequence[str]) -> list[CategoryScore]:
        """The likeliest class of each text; a tie goes to the class that stands first."""
        found: list[CategoryScore] = []
        for begin in range(0, len(items), BATCH):
            found += self._score_batch(items[begin : begin + BATCH])
        return found

    def _score_batch(self, items: Sequence[str]) -> Iterator[CategoryScore]:
        vectors = vectors_of(items, self.embedder)
        chances = probabilities(self.weights.logits(vectors, shares_of(items, self.lexicon)))
        for vector, row in zip(vectors, chances, strict=True):
            best = int(row.argmax())
            if vector.any():
                yield CategoryScore(self.weights.classes[best], round(float(row[best]), DIGITS))
            else:
                yield CategoryScore(self.taxonomy.fallback, 0.0)
