"""Boosted regression trees as flat arrays, evaluated by a compiled kernel."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from models.kernels.compile import inlined, kernel

LEAF = -1

BLOCK = 1024
"""Rows that all trees go over before the next ones: 200 KB of clutter's, which stay in a cache.
With 100,000 lines at once each tree reads 20 MB from memory anew."""

_UNSIGNED = np.uint64
"""A negative index counts from the end, which a loop would have to ask of each of its own."""


@dataclass(frozen=True)
class Trees:
    """An ensemble: the prediction is ``baseline`` plus one leaf's value from each tree.

    Nodes of all trees lie in one list; ``roots`` says where each begins. An inner node sends a row
    left if its ``feature`` is at most ``threshold``; a leaf has feature -1.
    """

    baseline: npt.NDArray[np.float64]
    roots: npt.NDArray[np.int32]
    feature: npt.NDArray[np.int16]
    threshold: npt.NDArray[np.float64]
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    value: npt.NDArray[np.float64]

    def predict(self, rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """One number from 0 to 1 for each row."""
        return self.total(rows).clip(0.0, 1.0)

    def total(self, rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """The baseline and the leaves of each row added, in the order of the trees.

        Rows that lie column by column in memory are not copied.
        """
        found = np.full(len(rows), float(self.baseline[0]))
        stack = np.empty((len(self.feature) + 1, 3), np.uint32)
        order, right = np.empty((2, min(len(rows), BLOCK)), np.uint32)
        for start in range(0, len(rows), BLOCK):
            _add_leaves(
                np.ascontiguousarray(rows[start : start + BLOCK].T, np.float32),
                self.roots,
                self.feature,
                self.threshold,
                self.left,
                self.right,
                self.value,
                found[start : start + BLOCK],
                stack,
                order,
                right,
            )
        return found

    def to_arrays(self, prefix: str) -> dict[str, npt.NDArray[Any]]:
        """The arrays by name, for ``numpy.savez``."""
        return {f"{prefix}.{field.name}": getattr(self, field.name) for field in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: Any, prefix: str) -> Self:
        """The inverse of ``to_arrays``."""
        return cls(**{field.name: arrays[f"{prefix}.{field.name}"] for field in fields(cls)})


def flatten(model: Any) -> Trees:
    """The trees of a fitted ``HistGradientBoosting*`` of scikit-learn, for one class or a number.

    scikit-learn keeps them in a private list of structured nodes.
    """
    parts = [predictor[0].nodes for predictor in model._predictors]  # noqa: SLF001
    starts = np.concatenate([[0], np.cumsum([len(part) for part in parts])])[:-1]
    nodes = np.concatenate(parts)
    offset = np.repeat(starts, [len(part) for part in parts])
    leaf = nodes["is_leaf"].astype(bool)
    return Trees(
        baseline=np.array([float(np.ravel(model._baseline_prediction)[0])]),  # noqa: SLF001
        roots=starts.astype(np.int32),
        feature=np.where(leaf, LEAF, nodes["feature_idx"]).astype(np.int16),
        threshold=nodes["num_threshold"].astype(np.float64),
        left=(nodes["left"] + offset).astype(np.int32),
        right=(nodes["right"] + offset).astype(np.int32),
        value=nodes["value"].astype(np.float64),
    )


@kernel()
def _add_leaves(  # noqa: PLR0917 -- a compiled kernel takes arrays, not records
    columns: npt.NDArray[np.float32],
    roots: npt.NDArray[np.int32],
    feature: npt.NDArray[np.int16],
    threshold: npt.NDArray[np.float64],
    left: npt.NDArray[np.int32],
    right: npt.NDArray[np.int32],
    value: npt.NDArray[np.float64],
    found: npt.NDArray[np.float64],
    stack: npt.NDArray[np.uint32],
    order: npt.NDArray[np.uint32],
    aside: npt.NDArray[np.uint32],
) -> None:
    """Part the rows at each node of a tree as training did, those that go left before the others.

    Nothing has to be guessed then: half of the time that a way down for each row takes, which waits
    for every other comparison. ``stack`` has nodes that are left to do, and where their rows are.
    """
    for root in roots:
        for row in range(len(found)):
            order[row] = row
        stack[0, 0], stack[0, 1], stack[0, 2] = root, 0, len(found)
        waiting = _UNSIGNED(1)
        while waiting:
            waiting -= _UNSIGNED(1)
            node = _UNSIGNED(stack[waiting, 0])
            start, end = _UNSIGNED(stack[waiting, 1]), _UNSIGNED(stack[waiting, 2])
            while start < end and feature[node] >= 0:
                values = columns[_UNSIGNED(feature[node])]
                middle = _part(values, threshold[node], start, end, order, aside)
                if middle < end:
                    stack[waiting, 0] = right[node]
                    stack[waiting, 1], stack[waiting, 2] = middle, end
                    waiting += _UNSIGNED(1)
                node, end = _UNSIGNED(left[node]), middle
            while start < end:
                found[order[start]] += value[node]
                start += _UNSIGNED(1)


@inlined
def _part(
    values: npt.NDArray[np.float32],
    most: np.float64,
    start: np.uint64,
    end: np.uint64,
    order: npt.NDArray[np.uint32],
    aside: npt.NDArray[np.uint32],
) -> np.uint64:
    """Part the rows between two places by their values; where those begin that have more."""
    middle, others, at = start, _UNSIGNED(0), start
    while at < end:
        row = order[at]
        is_left = _UNSIGNED(values[row] <= most)
        order[middle] = aside[others] = row
        middle += is_left
        others += _UNSIGNED(1) - is_left
        at += _UNSIGNED(1)
    at = _UNSIGNED(0)
    while at < others:
        order[middle + at] = aside[at]
        at += _UNSIGNED(1)
    return middle
