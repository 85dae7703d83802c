"""What a category model says of a text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CategoryScore:
    """The class of a text, and in [0, 1] how sure the model is of it."""

    category: str
    score: float
