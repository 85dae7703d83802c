"""How sure the model is of a page: the F1 that its text will have, as far as can be told."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import numpy as np

from models.main_content.choice import MIN_WEIGHT, sharpen
from models.main_content.layout import Vector
from models.main_content.wholes import Chosen

DIGITS = 4
"""The last bits of a probability may differ between processors; what a run stores must not."""
_LEAST = 0.001
_STEPS = 50


@dataclass(frozen=True, slots=True)
class Confidence:
    """The F1 of pages that the trees had not seen, given what was expected: a line in log odds."""

    intercept: float = 0.0
    slope: float = 1.0

    def of(self, expected: float) -> float:
        """The confidence in a text of an expected F1, from 0 to 1.

        >>> Confidence().of(0.9), Confidence(intercept=-1.0).of(0.9)
        (0.9, 0.768)
        """
        value = self.intercept + self.slope * float(_log_odds(np.array(expected)))
        return round(1.0 / (1.0 + math.exp(-value)), DIGITS)

    @classmethod
    def read(cls, path: Path) -> Self:
        """What ``write`` has written."""
        return cls(**json.loads(path.read_text("utf-8")))

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", "utf-8")


AS_EXPECTED = Confidence()


def expect_f1(chosen: Chosen, probability: Vector, words: Vector, odds: float = 1.0) -> float:
    """The F1 that a choice of blocks is expected to have with the page's main text.

    As ``choose`` reckons it, but of what is taken in the end.

    >>> expect_f1(np.array([True, False]), np.array([1.0, 0.0]), np.array([9.0, 9.0]))
    1.0
    """
    weight = np.maximum(words, MIN_WEIGHT)
    expected = sharpen(probability, odds) * weight
    total = weight[chosen].sum() + expected.sum()
    return float(2.0 * expected[chosen].sum() / total) if total else 0.0


def fit_confidence(expected: Sequence[float], found: Sequence[float]) -> Confidence:
    """The line that is likeliest, given expected F1 and the F1 that was found, page by page.

    F1 is taken as a share of what is right (a fractional logistic regression), and the line that
    changes nothing counts as one page more. The trees must not have seen the pages.
    """
    rows = np.column_stack([np.ones(len(expected)), _log_odds(np.array(expected))])
    share = np.array(found)
    line = before = np.array([AS_EXPECTED.intercept, AS_EXPECTED.slope])
    for _ in range(_STEPS):  # Newton's
        guess = 1.0 / (1.0 + np.exp(-rows @ line))
        slopes = rows.T @ (share - guess) - (line - before)
        curve = (rows * (guess * (1.0 - guess))[:, None]).T @ rows + np.eye(2)
        line = line + np.linalg.solve(curve, slopes)
    return Confidence(*(round(float(value), DIGITS) for value in line))


def _log_odds(share: Vector) -> Vector:
    inside = share.clip(_LEAST, 1.0 - _LEAST)
    odds: Vector = np.log(inside / (1.0 - inside))
    return odds
