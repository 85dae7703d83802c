"""How far a training has come, in one file: what is needed to go on to the same weights.

Tensors are those that are learnt, the best so far, and what AdamW keeps of each. Order, learning
rate and random numbers follow from seed and position (``order.py``). The file is replaced whole, so
a kill at any moment leaves the one before or this one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Parameter
    from torch.optim import Optimizer

FORMAT_VERSION = 1
MOMENTS = ("step", "exp_avg", "exp_avg_sq")
"""What AdamW keeps of each parameter."""


@dataclass(frozen=True, slots=True)
class Position:
    """The next step: its epoch, and its number in that; and what validation has said so far.

    ``losses`` are those of the validation part, one for each epoch that is over.
    """

    epoch: int = 0
    step: int = 0
    losses: tuple[float, ...] = ()

    @property
    def best_epoch(self) -> int | None:
        """The epoch with the lowest loss, the first of equals."""
        return self.losses.index(min(self.losses)) if self.losses else None

    def is_over(self, epochs: int, patience: int) -> bool:
        """Whether all epochs are done, or the last ``patience`` of them brought no lower loss.

        >>> Position(3, 0, (0.5, 0.6, 0.7)).is_over(9, 2), Position(2, 0, (0.5, 0.6)).is_over(9, 2)
        (True, False)
        """
        best = self.best_epoch
        return self.epoch >= epochs or (
            best is not None and len(self.losses) - 1 - best >= patience
        )

    def after_epoch(self, loss: float | None) -> Self:
        """The beginning of the next epoch."""
        losses = self.losses if loss is None else (*self.losses, loss)
        return replace(self, epoch=self.epoch + 1, step=0, losses=losses)


def save(
    path: Path,
    position: Position,
    parameters: Mapping[str, Parameter],
    best: Mapping[str, Tensor],
    optimizer: Optimizer,
) -> None:
    """Put a state in the place of the one before."""
    from safetensors.torch import save_file

    tensors = {f"weights/{name}": one.detach() for name, one in parameters.items()}
    tensors |= {f"best/{name}": one for name, one in best.items()}
    for name, one in parameters.items():
        kept = optimizer.state.get(one, {})
        tensors |= {f"{moment}/{name}": kept[moment] for moment in MOMENTS if moment in kept}
    about = json.dumps({"format_version": FORMAT_VERSION, **asdict(position)})
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_suffix(".new")
    save_file(
        {name: one.contiguous() for name, one in tensors.items()}, written, {"position": about}
    )
    os.replace(written, path)  # noqa: PTH105 - the two names of one rename


def load(
    path: Path, parameters: Mapping[str, Parameter], optimizer: Optimizer
) -> tuple[Position, dict[str, Tensor]]:
    """Put a saved state into parameters and optimizer; the position, and the best weights."""
    import torch
    from safetensors import safe_open

    with safe_open(path, framework="pt") as file:
        about = json.loads(file.metadata()["position"])
        names = list(file.keys())
        with torch.no_grad():
            for name, one in parameters.items():
                one.copy_(file.get_tensor(f"weights/{name}"))
        for name, one in parameters.items():
            kept = {m: file.get_tensor(f"{m}/{name}") for m in MOMENTS if f"{m}/{name}" in names}
            if kept:
                moved = {m: t if m == "step" else t.to(one.device) for m, t in kept.items()}
                optimizer.state[one] = moved
        best = {
            name.removeprefix("best/"): file.get_tensor(name)
            for name in names
            if name.startswith("best/")
        }
    return Position(about["epoch"], about["step"], tuple(about["losses"])), best
