"""Two rounds of trees: those that guess each block alone, and those that see the first guesses."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np

from models.trees import Trees

SCRIPTS = ("chinese", "others")
"""The pages that have rounds of their own, as the file of the weights names them."""


class Rounds(NamedTuple):
    """The trees of both; the second ones ask what the first say around a block, too."""

    first: Trees
    second: Trees

    def to_arrays(self, name: str) -> dict[str, Any]:
        """The arrays by name, for ``numpy.savez``."""
        return {**self.first.to_arrays(f"{name}.first"), **self.second.to_arrays(f"{name}.second")}

    @classmethod
    def from_arrays(cls, arrays: Any, name: str) -> Self:
        """The inverse of ``to_arrays``."""
        first, second = (Trees.from_arrays(arrays, f"{name}.{own}") for own in ("first", "second"))
        return cls(first, second)


def save(chinese: Rounds, others: Rounds, path: Path) -> None:
    """Write the trees for Chinese pages and those for all others into one file."""
    arrays = zip(SCRIPTS, (chinese, others), strict=True)
    made = {key: array for name, own in arrays for key, array in own.to_arrays(name).items()}
    np.savez_compressed(path, **made)
