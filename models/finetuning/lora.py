"""Low-rank adaptation: a small product beside each linear layer is learnt in its place.

Source: Hu et al., LoRA (arXiv:2106.09685), section 4.1, on every linear layer of the base, with
alpha twice the rank and no dropout. Deviation: the product is a forward hook on the layer and not
a module around it, so names in the checkpoint stay; merging leaves nothing of it behind.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Linear, Module
    from torch.utils.hooks import RemovableHandle

ALPHA_PER_RANK = 2.0
DOWN, UP = "lora_down", "lora_up"


@dataclass(frozen=True)
class Adapted:
    """A linear layer with a product beside it."""

    layer: Linear
    hook: RemovableHandle


def adapt(base: Module, rank: int) -> list[Adapted]:
    """Freeze a base and put a product of this rank, 0 at first, beside each linear layer in it."""
    import torch
    from torch.nn import Linear, Parameter

    for parameter in base.parameters():
        parameter.requires_grad_(requires_grad=False)
    adapted = []
    for layer in [module for module in base.modules() if isinstance(module, Linear)]:
        down = torch.empty(rank, layer.in_features, device=layer.weight.device)
        torch.nn.init.kaiming_uniform_(down, a=math.sqrt(5))
        up = torch.zeros(layer.out_features, rank, device=layer.weight.device)
        layer.register_parameter(DOWN, Parameter(down))
        layer.register_parameter(UP, Parameter(up))
        adapted.append(Adapted(layer, layer.register_forward_hook(_add_product)))
    return adapted


def _add_product(layer: Module, inputs: tuple[Any, ...], output: Tensor) -> Tensor:
    from torch.nn.functional import linear

    down: Any = getattr(layer, DOWN)
    up: Any = getattr(layer, UP)
    product: Tensor = linear(linear(inputs[0], down), up)
    return output + ALPHA_PER_RANK * product


def merge(adapted: list[Adapted]) -> None:
    """Add each product to the weights of its layer, and take it away."""
    import torch

    for one in adapted:
        layer = one.layer
        with torch.no_grad():
            product: Any = getattr(layer, UP) @ getattr(layer, DOWN)
            layer.weight += ALPHA_PER_RANK * product
        one.hook.remove()
        delattr(layer, DOWN)
        delattr(layer, UP)
    adapted.clear()
