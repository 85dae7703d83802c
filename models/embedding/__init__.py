"""Texts as unit vectors whose dot product says how alike they are.

Three forms. ``embedded`` hashes words and pairs of neighbouring words into 512 signed buckets: it
sees shared wording, not meaning, so it finds rewrites that keep most words, and no paraphrase.
``use`` and ``use-whole`` are a sentence encoder that sees meaning and needs no GPU (``use.py``).
``transformer`` (a path or a Hugging Face name, BAAI/bge-m3 in the paper) gives dense sentence
embeddings.
"""

from __future__ import annotations

import hashlib
import math
import zlib
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from models.embedding import dense, use
from models.text.words import folded_words
from models.transformer import LongTexts

Vectors = npt.NDArray[np.float32]

DIMENSIONS = 512
MAX_CHARS = 32_768  # of the embedded form; bounds the cost of a book
PAIR_FACTOR = 0x9E3779B1  # odd: sends (a, b) and (b, a) to different buckets


class Embedder(Protocol):
    """A ``Model`` whose scores are the rows of one matrix."""

    name: str
    dimensions: int

    def score(self, items: Sequence[str]) -> Vectors:
        """An (n, dimensions) matrix of unit rows; a text without words has a row of zeros."""
        ...


def load(name: str = "embedded", *, long_texts: LongTexts = "as_trained") -> Embedder:
    """The form of this name, or the sentence-transformers checkpoint of that path or hub name.

    ``long_texts`` is what a checkpoint reads of texts that are longer than its rows. Raises
    ValueError for a checkpoint that cannot be had.
    """
    if name == "embedded":
        return HashedEmbedding()
    if name in use.NAMES:
        return use.UniversalEmbedding(name)
    return dense.load(name, long_texts=long_texts)


def score(items: Sequence[str], name: str = "embedded") -> Vectors:
    """Load a model and embed one batch."""
    return load(name).score(items)


def digest(name: str) -> str:
    """A hash of what the model of this name computes with, without loading it."""
    if name == "embedded":
        return HashedEmbedding.digest
    return use.digest(name) if name in use.NAMES else dense.digest(name)


def available(name: str) -> str:
    """The name of the form that runs here: "embedded" in the place of one without its package."""
    return "embedded" if name in use.NAMES and not use.is_installed() else name


def same_content(name: str) -> float:
    """The cosine from which on two texts of one language have the same content, by this model.

    0.95 is the dots.llm1 report's, for BGE-M3. Of the embedded form no two different pages of all
    that were compared reach 0.83, and 95 of 100 light rewrites are above 0.86
    (docs/decisions/0071-a-threshold-for-each-embedding.md).
    """
    return 0.86 if name == "embedded" else 0.95


def halved(vectors: Vectors) -> Vectors:
    """Each number as the nearest one of half precision, which takes two bytes where it is stored.

    A cosine of unit vectors differs by less than 0.0002.

    >>> float(halved(np.float32([0.1]))[0])
    0.0999755859375
    """
    return vectors.astype(np.float16).astype(np.float32)


def needs_no_checkpoint(name: str) -> bool:
    """Whether a model of this name runs anywhere, with no GPU."""
    return name == "embedded" or name in use.NAMES


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
