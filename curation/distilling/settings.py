"""What a distillation is to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, Interval


@dataclass(frozen=True, slots=True)
class DistillingSettings:
    """What a sample is to be; equal settings on one run give equal weights."""

    size: Annotated[int, Ge(1)] = 5_000
    """Documents to be scored by the checkpoint, and learnt from."""
    max_per_site: Annotated[int, Ge(1)] = 50
    """The most documents of one site."""
    seed: int = 0
    """Another one draws another sample."""
    threshold: Annotated[float, Interval(ge=0, le=1)] | None = None
    """Of the checkpoint's scores; what its card says, else the stage's default."""
    licence: str = ""
    """Of the weights, for the card: an SPDX name."""
