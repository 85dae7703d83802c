"""A small linear model over named features, and over the dimensions of an embedding if it has any.

Weights a person can read, scores numpy can compute.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.kernels.arrays import Float32Array, Float64Array
from models.kernels.compile import kernel

DECIMALS = 6
"""Scores are rounded so that the last bits of another machine's ``exp`` decide nothing."""


HALF = "<f2"
"""Weights of dimensions are kept as base64 of little-endian halves: nobody reads 1,024 of them."""


@dataclass(frozen=True, slots=True)
class LabelWeights:
    """What speaks for a label; weights of dimensions only where a model reads vectors."""

    bias: float
    by_feature: Mapping[str, float]
    by_dimension: tuple[float, ...] = ()


@dataclass(frozen=True, eq=False)
class LinearModel:
    """Softmax over the labels, or one logistic for each.

    ``weights`` is (labels, features), ``vector_weights`` (labels, dimensions), of no dimensions for
    a model that reads no vectors. Sums are made feature by feature and dimension by dimension, in
    the order of the file, so that a score does not depend on the batch that it was computed in (a
    matrix product's order of additions does).
    """

    name: str
    digest: str
    labels: tuple[str, ...]
    features: tuple[str, ...]
    weights: NDArray[np.float64]
    bias: NDArray[np.float64]
    exclusive: bool
    vector_weights: NDArray[np.float64]

    def score(
        self, items: Sequence[Mapping[str, float]], vectors: Float32Array | None = None
    ) -> list[dict[str, float]]:
        """The probability of each label for each mapping of feature to value.

        ``vectors`` (items, dimensions) are theirs. Raises ``ValueError`` for a mapping that lacks a
        feature of the model or has another, and for vectors of other dimensions than the model's.
        """
        for item in items:
            self._check(item)
        columns = {name: np.array([item[name] for item in items], float) for name in self.features}
        return self.score_columns(columns, vectors)

    def score_columns(
        self,
        columns: Mapping[str, NDArray[np.float64]],
        vectors: Float32Array | None = None,
    ) -> list[dict[str, float]]:
        """The same of columns of values, (items,) by feature."""
        rows = self.chances(columns, vectors).T.tolist()
        return [dict(zip(self.labels, row, strict=True)) for row in rows]

    def chances(
        self,
        columns: Mapping[str, NDArray[np.float64]],
        vectors: Float32Array | None = None,
    ) -> NDArray[np.float64]:
        """The same for columns of values, (items,) by feature, as an array (labels, items)."""
        self._check(columns)
        size = len(next(iter(columns.values()), ()))
        logits = np.repeat(self.bias[:, None], size, axis=1)
        for weight, name in zip(self.weights.T, self.features, strict=True):
            logits += weight[:, None] * columns[name]
        self._add_products(logits, vectors)
        chances = _softmax(logits) if self.exclusive else 1.0 / (1.0 + np.exp(-logits))
        return np.round(chances, DECIMALS)

    def _add_products(self, logits: Float64Array, vectors: Float32Array | None) -> None:
        dimensions = self.vector_weights.shape[1]
        given = 0 if vectors is None else vectors.shape[1]
        if given != dimensions:
            raise ValueError(f"{self.name}: vectors have {given} dimensions, not {dimensions}")
        if vectors is not None:
            _add_products(np.ascontiguousarray(vectors), self._by_dimension, logits)

    @cached_property
    def _by_dimension(self) -> Float64Array:
        return np.ascontiguousarray(self.vector_weights.T)

    def _check(self, item: Mapping[str, object]) -> None:
        if item.keys() != set(self.features):
            missing = sorted(set(self.features) - item.keys())
            unknown = sorted(item.keys() - set(self.features))
            raise ValueError(f"{self.name}: features missing {missing}, unknown {unknown}")


@kernel("void(float32[:,::1], float64[:,::1], float64[:,::1])", allocates=True)
def _add_products(vectors: Float32Array, weights: Float64Array, logits: Float64Array) -> None:
    """``weights`` are (dimensions, labels). Of a row of counted words most are zero: skipped."""
    totals = np.empty(weights.shape[1])
    for item in range(vectors.shape[0]):
        totals[:] = 0.0
        for dimension in range(vectors.shape[1]):
            value = vectors[item, dimension]
            if value != 0.0:
                for label in range(weights.shape[1]):
                    totals[label] += weights[dimension, label] * value
        for label in range(weights.shape[1]):
            logits[label, item] += totals[label]


def _softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    powers = np.exp(logits - logits.max(axis=0, initial=-np.inf))
    total = np.zeros(logits.shape[1])
    for row in powers:
        total += row
    return powers / total


def load_linear(path: Path) -> LinearModel:
    """The model of a weight file, named by its stem.

    The file: ``{"exclusive": bool, "labels": {label: {"bias": b, "weights": {feature: w},
    "vector": base64 of float16}}}``, every label with the same features and as many dimensions
    (none without "vector"); ``exclusive`` labels share a probability of 1. Raises
    ``FileNotFoundError``, or ``ValueError`` for a file that is not so.
    """
    content = path.read_bytes()
    try:
        parsed = json.loads(content)
        labels, exclusive = parsed["labels"], bool(parsed["exclusive"])
        features = tuple(next(iter(labels.values()))["weights"])
        weights = np.array(
            [[label["weights"][name] for name in features] for label in labels.values()], float
        )
        bias = np.array([label["bias"] for label in labels.values()], float)
        vectors = np.stack([_from_halves(label.get("vector", "")) for label in labels.values()])
        surplus = [
            name for label in labels.values() for name in label["weights"] if name not in features
        ]
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration) as error:
        raise ValueError(f"{path} is not a file of linear weights: {error!r}") from error
    if surplus or not all(np.isfinite(part).all() for part in (weights, bias, vectors)):
        raise ValueError(f"{path}: weights must be finite and labels share features, not {surplus}")
    digest = hashlib.sha256(content).hexdigest()
    return LinearModel(
        path.stem, digest, tuple(labels), features, weights, bias, exclusive, vectors
    )


def joint_digest(models: Sequence[LinearModel], *others: str) -> str:
    """One digest for models, and whatever else has one, that make a score together."""
    digests = [*(model.digest for model in models), *others]
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def save_linear(
    path: Path,
    labels: Mapping[str, LabelWeights],
    about: Mapping[str, object],
    *,
    exclusive: bool,
) -> None:
    """Write weights by label, and what they are about, as ``load_linear`` reads them."""
    content = {
        "about": dict(about),
        "exclusive": exclusive,
        "labels": {label: _as_content(weights) for label, weights in labels.items()},
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _as_content(label: LabelWeights) -> dict[str, object]:
    content: dict[str, object] = {
        "bias": round(label.bias, DECIMALS),
        "weights": {name: round(weight, DECIMALS) for name, weight in label.by_feature.items()},
    }
    if label.by_dimension:
        content["vector"] = b64encode(np.array(label.by_dimension, HALF).tobytes()).decode()
    return content


def _from_halves(encoded: str) -> Float64Array:
    return np.frombuffer(b64decode(encoded, validate=True), HALF).astype(float)
