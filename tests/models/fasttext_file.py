"""A fastText model file, written by hand: what is installed predicts, and does not train."""

import struct
from collections.abc import Mapping
from pathlib import Path

MAGIC, VERSION = 793712314, 12
SOFTMAX, SUPERVISED = 3, 3
NO_PRUNING = -1
WEIGHT = 10.0


def write_model(path: Path, texts: Mapping[str, str]) -> None:
    """A classifier that is sure of the label of each text's words, which no other text may have.

    A dimension stands for each label: its words have ``WEIGHT`` there and 0 elsewhere, and the
    output matrix is the identity. Layout: ``Args::save``, ``Dictionary::save`` and
    ``DenseMatrix::save`` of fastText 0.9.2.
    """
    labels = list(texts)
    words = {word: label for label, text in texts.items() for word in text.split()}
    size = len(labels)
    rows = [[WEIGHT * (label == word) for label in labels] for word in words.values()]
    identity = [[float(row == column) for column in range(size)] for row in range(size)]
    path.write_bytes(
        struct.pack("<2i", MAGIC, VERSION)
        + _arguments(dimensions=size)
        + struct.pack("<3i2q", len(words) + size, len(words), size, len(words) + size, NO_PRUNING)
        + b"".join(_entry(word, 0) for word in words)
        + b"".join(_entry(f"__label__{label}", 1) for label in labels)
        + _matrix(rows)
        + _matrix(identity)
    )


def _arguments(dimensions: int) -> bytes:
    """Whole words only: neither word n-grams nor buckets of character n-grams."""
    window, epochs, min_count, negatives, word_ngrams = 5, 1, 1, 5, 1
    buckets, min_chars, max_chars, update_rate, sampling = 0, 0, 0, 100, 1e-4
    trained = (dimensions, window, epochs, min_count, negatives, word_ngrams, SOFTMAX, SUPERVISED)
    return struct.pack("<12id", *trained, buckets, min_chars, max_chars, update_rate, sampling)


def _entry(word: str, kind: int) -> bytes:
    return word.encode() + b"\0" + struct.pack("<qb", 1, kind)


def _matrix(rows: list[list[float]]) -> bytes:
    """Not quantised; then its shape and rows."""
    flat = [value for row in rows for value in row]
    return struct.pack(f"<?2q{len(flat)}f", False, len(rows), len(rows[0]), *flat)
