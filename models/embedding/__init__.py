"""Texts as unit vectors whose dot product says how alike they are.

Three forms. ``embedded`` hashes words and pairs of neighbouring words into 512 signed buckets: it
sees shared wording, not meaning, so at 0.95 it finds copies with small changes and no paraphrase.
``use`` is the multilingual Universal Sentence Encoder, which sees meaning and needs no GPU
(``models/embedding/use.py``). ``transformer`` (a path or a Hugging Face name, BAAI/bge-m3 in the paper) gives dense sentence
embeddings.
"""

from __future__ import annotations

import hashlib
import math
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from models.embedding import use
from models.text.words import folded_words
from models.transformer.checkpoint import find_checkpoint

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = npt.NDArray[np.float32]

DIMENSIONS = 512
MAX_CHARS = 32_768  # about what BGE-M3's 8,192 tokens hold; bounds the cost of a book
PAIR_FACTOR = 0x9E3779B1  # odd: sends (a, b) and (b, a) to different buckets


class Embedder(Protocol):
    """A ``Model`` whose scores are the rows of one matrix."""

    name: str
    dimensions: int

    def score(self, items: Sequence[str]) -> Vectors:
        """An (n, dimensions) matrix of unit rows; a text without words has a row of zeros."""
        ...


def load(name: str = "embedded") -> Embedder:
    """The form of this name, or the sentence-transformers checkpoint of that path or hub name.

    Raises ValueError for a checkpoint that cannot be had.
    """
    if name == "embedded":
        return HashedEmbedding()
    return use.UniversalEmbedding(name) if name in use.NAMES else SentenceEmbedding(name)


def score(items: Sequence[str], name: str = "embedded") -> Vectors:
    """Load a model and embed one batch."""
    return load(name).score(items)


def digest(name: str) -> str:
    """A hash of what the model of this name computes with, without loading it."""
    if name == "embedded":
        return HashedEmbedding.digest
    return use.digest(name) if name in use.NAMES else find_checkpoint(name).digest


def embed(text: str) -> Vectors:
    """The hashed embedding of one text.

    Features are words and neighbouring pairs, weighted by the square root of their count; a
    feature's hash gives its bucket and its sign. Only operations that every platform rounds alike
    are used (no logarithm, no BLAS), so the vector is the same everywhere.
    """
    words = folded_words(text[:MAX_CHARS])
    hashes = np.fromiter((zlib.crc32(word.encode()) for word in words), np.uint32)
    pairs = _mix(hashes[:-1] * np.uint32(PAIR_FACTOR) + hashes[1:])
    features, counts = np.unique(np.concatenate([_mix(hashes), pairs]), return_counts=True)
    signs = np.where(features >> np.uint32(31), -1.0, 1.0)
    buckets = (features % np.uint32(DIMENSIONS)).astype(np.intp)
    vector = np.bincount(buckets, signs * np.sqrt(counts), minlength=DIMENSIONS)
    norm = math.sqrt(math.fsum(value * value for value in vector.tolist()))
    return (vector / (norm or 1.0)).astype(np.float32)


def _mix(values: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """MurmurHash3's 32-bit finaliser: every bit of the input moves every bit of the output."""
    values = (values ^ (values >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    values = (values ^ (values >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return values ^ (values >> np.uint32(16))


class HashedEmbedding:
    """The embedded form."""

    name = "embedded"
    dimensions = DIMENSIONS
    digest = hashlib.blake2b(b"hashed words and pairs, 512, 1", digest_size=16).hexdigest()

    def score(self, items: Sequence[str]) -> Vectors:
        """One row for each text."""
        rows = [embed(text) for text in items]
        return np.stack(rows) if rows else np.zeros((0, DIMENSIONS), np.float32)


class SentenceEmbedding:
    """The transformer form: dense, normalised, on the GPU if there is one.

    No code of a checkpoint is run. Weights in safetensors are preferred; BGE-M3 itself is published
    as a pickle, which torch >= 2.6 reads as plain tensors and refuses if it is anything else.
    """

    def __init__(self, name: str) -> None:
        from sentence_transformers import SentenceTransformer

        folder = str(find_checkpoint(name).folder)
        self.name = name
        self._model: SentenceTransformer = SentenceTransformer(folder, trust_remote_code=False)
        self.dimensions = int(self._model.get_embedding_dimension())

    def score(self, items: Sequence[str]) -> Vectors:
        """One row for each text. A text without words has a row of zeros."""
        full = [number for number, text in enumerate(items) if text.strip()]
        matrix = np.zeros((len(items), self.dimensions), np.float32)
        if full:
            texts = [items[number][:MAX_CHARS] for number in full]
            matrix[full] = self._model.encode(
                texts, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
            )
        return matrix
