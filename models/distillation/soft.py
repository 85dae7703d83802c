"""Probabilities as examples: a document stands once for each label that it may have.

Cross entropy to a distribution is the weighted sum of the cross entropies to its labels, so
whatever learns from weighted labels learns from probabilities.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MIN_CHANCE = 0.02
"""A label that is less probable is left out, and the others have its part: with 200 classes a
document would else stand 200 times."""

Chance = Mapping[str, float]
"""The probability of each label of one document."""
Chances = Sequence[Chance]


@dataclass(frozen=True, eq=False)
class Spread:
    """Examples, one for each document and label: the document's number, the label, its mass."""

    documents: NDArray[np.int64]
    labels: tuple[str, ...]
    mass: NDArray[np.float64]

    @property
    def first(self) -> NDArray[np.int64]:
        """The first example of each document."""
        return np.unique(self.documents, return_index=True)[1]


def spread(chances: Chances) -> Spread:
    """The examples that probabilities make; those of a document weigh 1 together.

    >>> made = spread([{"good": 0.75, "bad": 0.25}, {"good": 0.99, "bad": 0.01}])
    >>> made.documents.tolist(), made.labels, made.mass.tolist()
    ([0, 0, 1], ('good', 'bad', 'good'), [0.75, 0.25, 1.0])
    """
    documents: list[int] = []
    labels: list[str] = []
    mass: list[float] = []
    for number, own in enumerate(chances):
        likely = {label: chance for label, chance in own.items() if chance >= MIN_CHANCE}
        whole = sum(likely.values())
        documents += [number] * len(likely)
        labels += likely
        mass += [chance / whole for chance in likely.values()]
    return Spread(np.array(documents, np.int64), tuple(labels), np.array(mass))
