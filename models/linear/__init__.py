"""A small linear model over named features: weights a person can read, scores numpy can compute."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DECIMALS = 6
"""Scores are rounded so that the last bits of another machine's ``exp`` decide nothing."""


@dataclass(frozen=True, eq=False)
class LinearModel:
    """Softmax over the labels, or one logistic for each; ``weights`` is (labels, features).

    Sums are made feature by feature, in the order of the file, so that a score does not depend on
    the batch that it was computed in (a matrix product's order of additions does).
    """

    name: str
    digest: str
    labels: tuple[str, ...]
    features: tuple[str, ...]
    weights: NDArray[np.float64]
    bias: NDArray[np.float64]
    exclusive: bool

    def score(self, items: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
        """The probability of each label for each mapping of feature to value.

        Raises ``ValueError`` for a mapping that lacks a feature of the model or has another.
        """
        for item in items:
            self._check(item)
        columns = {name: np.array([item[name] for item in items], float) for name in self.features}
        rows = self.chances(columns).T.tolist()
        return [dict(zip(self.labels, row, strict=True)) for row in rows]

    def chances(self, columns: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
        """The same for columns of values, (items,) by feature, as an array (labels, items)."""
        self._check(columns)
        size = len(next(iter(columns.values()), ()))
        logits = np.repeat(self.bias[:, None], size, axis=1)
        for weight, name in zip(self.weights.T, self.features, strict=True):
            logits += weight[:, None] * columns[name]
        chances = _softmax(logits) if self.exclusive else 1.0 / (1.0 + np.exp(-logits))
        return np.round(chances, DECIMALS)

    def _check(self, item: Mapping[str, object]) -> None:
        if item.keys() != set(self.features):
            missing = sorted(set(self.features) - item.keys())
            unknown = sorted(item.keys() - set(self.features))
            raise ValueError(f"{self.name}: features missing {missing}, unknown {unknown}")


def _softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    powers = np.exp(logits - logits.max(axis=0, initial=-np.inf))
    total = np.zeros(logits.shape[1])
    for row in powers:
        total += row
    return powers / total


def load_linear(path: Path) -> LinearModel:
    """The model of a weight file, named by its stem.

    The file: ``{"exclusive": bool, "labels": {label: {"bias": b, "weights": {feature: w}}}}``,
    every label with the same features; ``exclusive`` labels share a probability of 1. Raises
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
        surplus = [
            name for label in labels.values() for name in label["weights"] if name not in features
        ]
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration) as error:
        raise ValueError(f"{path} is not a file of linear weights: {error!r}") from error
    if surplus or not (np.isfinite(weights).all() and np.isfinite(bias).all()):
        raise ValueError(f"{path}: weights must be finite and labels share features, not {surplus}")
    digest = hashlib.sha256(content).hexdigest()
    return LinearModel(path.stem, digest, tuple(labels), features, weights, bias, exclusive)


def joint_digest(models: Sequence[LinearModel], *others: str) -> str:
    """One digest for models, and whatever else has one, that make a score together."""
    digests = [*(model.digest for model in models), *others]
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def save_linear(
    path: Path,
    labels: Mapping[str, tuple[float, Mapping[str, float]]],
    about: Mapping[str, object],
    *,
    exclusive: bool,
) -> None:
    """Write (bias, weights) by label, and what they are about, as ``load_linear`` reads them."""
    content = {
        "about": dict(about),
        "exclusive": exclusive,
        "labels": {
            label: {
                "bias": round(bias, DECIMALS),
                "weights": {name: round(weight, DECIMALS) for name, weight in weights.items()},
            }
            for label, (bias, weights) in labels.items()
        },
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
