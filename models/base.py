"""The interface that every model shares, whatever its size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

Item_contra = TypeVar("Item_contra", contravariant=True)
Score = TypeVar("Score")


class Model(Protocol[Item_contra, Score]):
    """Scores batches; loaded once per worker process by the ``load`` of its module.

    ``name`` is what it was loaded by ("embedded", a path or a Hugging Face name). The module's
    ``digest`` of that name is a hash of what its scores depend on; it loads no checkpoint.
    """

    @property
    def name(self) -> str:
        """What it was loaded by."""
        ...

    def score(self, items: Sequence[Item_contra]) -> list[Score]:
        """One score for each item, in order. An empty batch gives an empty list."""
        ...
