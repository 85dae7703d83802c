"""The category of a text by what it means: one layer over its embedding and its lexicon shares.

The class is the likeliest of the likeliest group: where neighbours share what speaks for a field,
a stranger with more than each of them is seldom right.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from models import embedding
from models.category.lexicon import LexiconClassifier
from models.category.result import CategoryScore
from models.embedding import Embedder, use
from models.taxonomy import ContentClass, Taxonomy

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
        whole = np.rint(vectors.astype(np.float64) * UNIT)
        products = whole @ self.matrix.T.astype(np.float64)  # below 2**37: exact in any order
        return products * self.scale + self.evidence * shares + self.biases


def read_weights(path: Path = WEIGHTS) -> Weights:
    """The weights in a file of ``save_weights``. Raises ValueError for one that is none."""
    state = path.stat()
    return _read(path, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, _size: int, _mtime_ns: int) -> Weights:
    try:
        with np.load(BytesIO(path.read_bytes()), allow_pickle=False) as arrays:
            return Weights(
                tuple(arrays["classes"].tolist()),
                arrays["matrix"],
                arrays["biases"],
                float(arrays["scale"]),
                float(arrays["evidence"]),
            )
    except (ValueError, KeyError, BadZipFile, EOFError) as error:
        raise ValueError(f"{path} is no file of category weights: {error!r}") from error


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


def digest(path: Path = WEIGHTS) -> str:
    """A hash of the weights and of the embedding that they are made for."""
    content = path.read_bytes() + use.digest(use.NAME).encode()
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def fits(taxonomy: Taxonomy, path: Path = WEIGHTS) -> bool:
    """Whether the weights are made for the classes of a taxonomy, in their order."""
    return read_weights(path).classes == tuple(one.id for one in taxonomy.classes)


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


def groups_of(classes: Sequence[ContentClass]) -> NDArray[np.int64]:
    """A number for the group of each class, (classes,), in the order in which groups appear."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(one.group, len(numbers)) for one in classes])


def choose(chances: NDArray[np.float64], groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of probabilities (texts, classes), the likeliest class of each text's likeliest group.

    They are compared to ``DIGITS`` digits; of equals the group, or class, that stands first wins.
    """
    whole = np.rint(chances * 10**DIGITS).astype(np.int64)
    of_groups = [whole[:, groups == group].sum(axis=1) for group in range(groups.max() + 1)]
    best = np.argmax(of_groups, axis=0)
    return np.where(groups == best[:, None], whole, -1).argmax(axis=1)


class TrainedClassifier:
    """The embedded form where the package of the embedding is installed.

    A text without letters or digits is the fallback's, with a score of 0.
    """

    def __init__(self, taxonomy: Taxonomy, path: Path = WEIGHTS) -> None:
        self.name = "embedded"
        self.taxonomy = taxonomy
        self.groups = groups_of(taxonomy.classes)
        self.lexicon = LexiconClassifier(taxonomy)
        self.weights = read_weights(path)
        self.embedder = embedding.load(use.NAME)

    def score(self, items: Sequence[str]) -> list[CategoryScore]:
        """The class of each text (``choose``), and its probability."""
        found: list[CategoryScore] = []
        for begin in range(0, len(items), BATCH):
            found += self._score_batch(items[begin : begin + BATCH])
        return found

    def chances(self, items: Sequence[str]) -> NDArray[np.float64]:
        """The probability of each class, (texts, classes); zeros for a text that has no vector."""
        vectors = vectors_of(items, self.embedder)
        rows = probabilities(self.weights.logits(vectors, shares_of(items, self.lexicon)))
        return rows * vectors.any(axis=1, keepdims=True)

    def _score_batch(self, items: Sequence[str]) -> Iterator[CategoryScore]:
        rows = self.chances(items)
        for row, best in zip(rows, choose(rows, self.groups).tolist(), strict=True):
            if row.any():
                yield CategoryScore(self.weights.classes[best], round(float(row[best]), DIGITS))
            else:
                yield CategoryScore(self.taxonomy.fallback, 0.0)
