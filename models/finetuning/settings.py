"""How a checkpoint is trained."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from annotated_types import Ge, Interval

Positive = Annotated[int, Ge(1)]
Ratio = Annotated[float, Interval(ge=0, le=1)]
NotNegative = Annotated[float, Ge(0)]


class ClassWeights(StrEnum):
    """What an answer weighs in the loss."""

    NONE = "none"
    BALANCED = "balanced"


class Precision(StrEnum):
    """What a forward pass is computed in; weights and their optimizer are float32 in either."""

    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """What decides the weights, besides base and examples; any change of it starts anew."""

    epochs: Positive = 4
    """The most passes over the examples; early stopping may end before."""
    patience: Positive = 2
    """So many epochs without a lower loss on the validation part end the training."""
    folds: Annotated[int, Ge(2)] = 5
    """Of sites, for cross-validation."""
    batch_size: Positive = 32
    """Documents that one step of the optimizer learns from, over all processes."""
    tokens_per_batch: Positive = 16_384
    """Of one forward pass, padding included: a step takes as many passes as it needs."""
    max_tokens: Annotated[int, Ge(2)] = 2_048
    """What is read of a document; lines beyond it are windows of their own, or not read. 2,048
    unless given, of clutter alone 8,192."""
    learning_rate: NotNegative = 2e-5
    """The highest."""
    warmup_ratio: Ratio = 0.05
    """The share of all steps in which the rate rises; then it falls to 0 in a straight line."""
    weight_decay: NotNegative = 0.01
    """Of AdamW."""
    max_gradient_norm: NotNegative = 1.0
    """Longer gradients are cut to it."""
    class_weights: ClassWeights = ClassWeights.NONE
    """``balanced``: rare answers weigh as much as common ones together, each 20 times at most."""
    lora_rank: Annotated[int, Ge(0)] = 0
    """Of the matrices that are learnt beside the base's own, which stay; 0 learns all weights."""
    gradient_checkpointing: bool = False
    """Compute activations again on the way back: less memory, a third more time."""
    precision: Precision = Precision.FLOAT32
    """Of forward passes; bfloat16 unless given where there is a GPU."""
    seed: int = 1
    """Of order, dropout and new weights."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What a threshold is chosen for: a least precision, or a share of the wanted that stays."""

    min_precision: Ratio | None = None
    """Choose the lowest threshold of this precision."""
    min_retained: Ratio = 0.99
    """Else the highest that keeps this share of the wanted."""


MAX_WEIGHT = 20.0
"""A class of three examples in 10,000 would else make its three the whole of some steps."""

VALIDATION_PARTS = 10
"""One site in so many of those that are learnt from says when to stop."""
