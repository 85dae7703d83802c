"""Which examples a step learns from, and who computes what of it: all from seed and position."""

from __future__ import annotations

import random
from collections.abc import Sequence

from models.finetuning.settings import TrainingSettings
from models.transformer.network import batches_by_length


def steps_of_epoch(count: int, batch_size: int, seed: int, epoch: int) -> list[list[int]]:
    """The numbers of all examples in an order of the epoch's own, a list for each step.

    >>> steps_of_epoch(5, 2, 1, 0)
    [[2, 1], [0, 4], [3]]
    """
    order = list(range(count))
    random.Random(f"{seed}/{epoch}").shuffle(order)  # noqa: S311 - reproducible, not secret
    return [order[start : start + batch_size] for start in range(0, count, batch_size)]


def passes_of_step(
    rows: Sequence[int], lengths: Sequence[int], tokens_per_batch: int
) -> list[list[int]]:
    """The rows of a step, by number, as batches of like length for one forward pass each."""
    inner = batches_by_length([lengths[row] for row in rows], tokens_per_batch)
    return [[rows[i] for i in batch] for batch in inner]


def seed_of_pass(seed: int, step: int, number: int) -> int:
    """What the random numbers of a forward pass begin at: nothing else is to be kept of them.

    >>> seed_of_pass(1, 2, 3) == seed_of_pass(1, 3, 2)
    False
    """
    return random.Random(f"{seed}/{step}/{number}").getrandbits(63)  # noqa: S311


def rate_of_step(settings: TrainingSettings, step: int, steps: int) -> float:
    """The learning rate of a step from 0 on: up over the first of ``steps``, then down to 0.

    >>> settings = TrainingSettings(learning_rate=1.0, warmup_ratio=0.5)
    >>> [rate_of_step(settings, step, 4) for step in range(4)]
    [0.5, 1.0, 1.0, 0.5]
    """
    rising = max(1, round(settings.warmup_ratio * steps))
    if step < rising:
        return settings.learning_rate * (step + 1) / rising
    return settings.learning_rate * (steps - step) / max(1, steps - rising)
