"""What teaching gives: weights to be written, and what they say of documents out of fold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Writer = Callable[[Path, Mapping[str, object]], None]
"""Writes weights into a folder, with what is to be known of them."""


@dataclass(frozen=True, eq=False)
class Taught:
    """An embedded model that has learnt from a checkpoint.

    ``chances`` are those of each document by a model that saw nothing of its site; None for one
    that no model was taught for: ``left_out`` counts those, by what they lack.
    """

    chances: Sequence[Mapping[str, float] | None]
    write: Writer
    left_out: Mapping[str, int]
