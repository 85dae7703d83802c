"""Softmax regression over embeddings and lexicon shares; several classes may answer a label."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.category.trained import UNIT, Weights, choose, probabilities

Matrix = NDArray[np.float64]
Rows = NDArray[np.bool_]

STRENGTH = 0.05
"""Of the penalty on squared weights, an example of mass 1 being the unit: out of fold the best of
0.05, 0.1 and 0.2, by a point or two."""
STEPS = 60
LIMIT = 32_000  # of a weight in 16 bits
TINY = 1e-12


@dataclass(frozen=True, eq=False)
class Learnt:
    """Examples in numbers, a row each: ``answers`` says which classes are right.

    ``groups`` has the number of each class's group.
    """

    classes: tuple[str, ...]
    groups: NDArray[np.int64]
    vectors: NDArray[np.float32]
    shares: Matrix
    answers: Rows
    mass: Matrix
    folds: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Layer:
    """A row of weights over the embedding for each class, its bias, the weight of lexicons."""

    matrix: Matrix
    biases: Matrix
    evidence: float

    def logits(self, vectors: NDArray[np.float32], shares: Matrix) -> Matrix:
        """(examples, classes)."""
        return vectors @ self.matrix.T.astype(np.float32) + self.biases + self.evidence * shares


@dataclass(frozen=True, eq=False)
class Judged:
    """How examples fared with layers that had not seen them."""

    chosen: NDArray[np.int64]
    """The class of each, by its number."""
    hits: Rows
    temperature: float
    reliability: tuple[tuple[float, int, float], ...]
    """Lower end of a band of scores, examples in it, share of them that are right."""


def fit(learnt: Learnt, rows: Rows | None = None) -> Layer:
    """The layer that minimises -log of the probability of the classes that answer, by L-BFGS."""
    from scipy.optimize import minimize

    chosen = np.ones(len(learnt.mass), bool) if rows is None else rows
    vectors = learnt.vectors[chosen]
    shares, right, mass = learnt.shares[chosen], learnt.answers[chosen], learnt.mass[chosen]
    width, count = vectors.shape[1], len(learnt.classes)

    def loss(flat: Matrix) -> tuple[float, Matrix]:
        layer = _layer(flat, count, width)
        chances = probabilities(layer.logits(vectors, shares))
        hit = (chances * right).sum(axis=1) + TINY
        slope = (chances - chances * right / hit[:, None]) * mass[:, None]
        penalty = STRENGTH * (np.sum(layer.matrix**2) + np.sum(layer.biases**2)) / 2
        gradient = [
            (slope.T.astype(np.float32) @ vectors + STRENGTH * layer.matrix).ravel(),
            slope.sum(axis=0) + STRENGTH * layer.biases,
            [np.sum(slope * shares)],
        ]
        return float(penalty - mass @ np.log(hit)), np.concatenate(gradient)

    start = np.zeros(count * width + count + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    return _layer(found.x, count, width)


def _layer(flat: Matrix, count: int, width: int) -> Layer:
    cut = count * width
    return Layer(flat[:cut].reshape(count, width), flat[cut:-1], float(flat[-1]))


def judge_out_of_fold(learnt: Learnt) -> Judged:
    """Every example by a layer that was fitted to the other folds, and what that calibrates.

    The temperature is fitted to the examples that a single class answers.
    """
    logits = logits_out_of_fold(learnt)
    exact = learnt.answers.sum(axis=1) == 1
    temperature = temperature_of(logits[exact], learnt.answers[exact])
    chances = probabilities(logits / temperature)
    chosen = choose(chances, learnt.groups)
    rows = np.arange(len(chosen))
    hits, scores = learnt.answers[rows, chosen], chances[rows, chosen]
    return Judged(chosen, hits, temperature, tuple(_bands(scores[exact], hits[exact])))


def logits_out_of_fold(learnt: Learnt) -> Matrix:
    """What layers say of each example that were fitted to the other folds, (examples, classes)."""
    logits = np.zeros(learnt.answers.shape)
    for fold in sorted(set(learnt.folds.tolist())):
        outside = learnt.folds == fold
        layer = fit(learnt, ~outside)
        logits[outside] = layer.logits(learnt.vectors[outside], learnt.shares[outside])
    return logits


def temperature_of(logits: Matrix, answers: Rows, mass: Matrix | None = None) -> float:
    """What logits are to be divided by for the probabilities of the answers to come true."""
    from scipy.optimize import minimize_scalar

    def loss(logarithm: float) -> float:
        chances = probabilities(logits / np.exp(logarithm))
        losses = np.log((chances * answers).sum(axis=1) + TINY)
        return -float(np.average(losses, weights=mass))

    return float(np.exp(minimize_scalar(loss, bounds=(-2, 2), method="bounded").x))


def _bands(scores: Matrix, hits: Rows) -> list[tuple[float, int, float]]:
    numbers = np.minimum((scores * 10).astype(int), 9)
    return [
        (band / 10, int((numbers == band).sum()), float(hits[numbers == band].mean()))
        for band in sorted(set(numbers.tolist()))
    ]


def quantised(layer: Layer, classes: tuple[str, ...], temperature: float) -> Weights:
    """The layer in whole numbers, its logits divided by the temperature."""
    step = float(np.abs(layer.matrix).max()) / LIMIT
    return Weights(
        classes,
        np.rint(layer.matrix / step).astype(np.int16),
        layer.biases / temperature,
        step / UNIT / temperature,
        layer.evidence / temperature,
    )
