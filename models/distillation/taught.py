"""What teaching gives: weights to be written, and what they say of documents out of fold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

Writer = Callable[[Path, Mapping[str, object]], None]
"""Writes weights into a folder, with what is to be known of them."""


Said = TypeVar("Said")
"""What a model says of a document: chances of labels, or a score of each line."""


@dataclass(frozen=True, eq=False)
class Taught(Generic[Said]):
    """An embedded model that has learnt from a checkpoint.

    ``chances`` is what is said of each document by a model that saw nothing of its site; None of
    one that no model was taught for: ``left_out`` counts those, by what they lack.
    """

    chances: Sequence[Said | None]
    write: Writer
    left_out: Mapping[str, int]
