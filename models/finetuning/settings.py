"""How a checkpoint is trained."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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

    epochs: int = 4
    """The most passes over the examples; early stopping may end before."""
    patience: int = 2
    """So many epochs without a lower loss on the validation part end the training."""
    folds: int = 5
    """Of sites, for cross-validation."""
    batch_size: int = 32
    """Documents that one step of the optimizer learns from, over all processes."""
    tokens_per_batch: int = 16_384
    """Of one forward pass, padding included: a step takes as many passes as it needs."""
    max_tokens: int = 2_048
    """What is read of a document; lines beyond it are windows of their own, or not read."""
    learning_rate: float = 2e-5
    warmup_ratio: float = 0.05
    """The share of all steps in which the rate rises; then it falls to 0 in a straight line."""
    weight_decay: float = 0.01
    max_gradient_norm: float = 1.0
    class_weights: ClassWeights = ClassWeights.NONE
    """``balanced``: rare answers weigh as much as common ones together, up to ``MAX_WEIGHT``."""
    lora_rank: int = 0
    """Of the matrices that are learnt beside the base's own, which stay; 0 learns all weights."""
    gradient_checkpointing: bool = False
    """Compute activations again on the way back: less memory, a third more time."""
    precision: Precision = Precision.FLOAT32
    seed: int = 1


MAX_WEIGHT = 20.0
"""A class of three examples in 10,000 would else make its three the whole of some steps."""

VALIDATION_PARTS = 10
"""One site in so many of those that are learnt from says when to stop."""
