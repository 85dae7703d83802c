"""The weights of the embedded clutter model, and their file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from models.clutter.context import word_columns
from models.clutter.features import Batch, line_columns
from models.clutter.words import line_scores
from models.kernels.arrays import Float64Array
from models.trees import Trees

DECIMALS = 6
"""Scores are rounded so that the last bits of another machine's ``exp`` decide nothing."""


@dataclass(frozen=True, eq=False)
class Weights:
    """The weight of each bucket of words, and trees over the named ``features`` of a line."""

    words: NDArray[np.int8]
    trees: Trees
    features: tuple[str, ...]

    def chances(self, documents: Sequence[Sequence[str]]) -> Float64Array:
        """How surely each line of some documents is main text, (lines of all,), from 0 to 1."""
        rows = features_of(Batch.of(documents), self.words)
        if tuple(rows) != self.features:
            raise ValueError(f"weights are for {self.features}, not for {tuple(rows)}")
        sums = self.trees.total(np.stack([row.astype(np.float32) for row in rows.values()], 1))
        return np.round(1 / (1 + np.exp(-sums)), DECIMALS)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a file that ``save`` wrote. Raises ValueError for one without these weights."""
        try:
            with np.load(path) as arrays:
                names = tuple(map(str, arrays["features"]))
                return cls(arrays["words"], Trees.from_arrays(arrays, "trees"), names)
        except KeyError as error:
            raise ValueError(f"{path}: {error} is missing") from error

    def save(self, path: Path, about: Mapping[str, object]) -> None:
        """Write the weights, and beside them what is to be known of them as JSON."""
        names = np.array(self.features)
        arrays = {"words": self.words, "features": names, **self.trees.to_arrays("trees")}
        np.savez_compressed(path, **arrays)  # type: ignore[arg-type]
        text = json.dumps(about, ensure_ascii=False, indent=1)
        path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")


def features_of(batch: Batch, words: NDArray[np.int8]) -> dict[str, Float64Array]:
    """All features of all lines, by name."""
    scores = line_scores(batch.reading, words, len(batch.texts))
    return {**line_columns(batch), **word_columns(batch, scores)}


def digest_of(path: Path, *others: str) -> str:
    """A hash of a file of weights, and of whatever else makes scores with them."""
    digest = hashlib.sha256(path.read_bytes())
    for other in others:
        digest.update(other.encode())
    return digest.hexdigest()
