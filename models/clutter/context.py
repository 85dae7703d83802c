"""What the words of the lines around a line say: the scores of ``words`` as features."""

from __future__ import annotations

import numpy as np

from models.clutter.features import NEAR, Batch, Columns
from models.kernels.arrays import Float64Array


def word_columns(batch: Batch, scores: Float64Array) -> Columns:
    """The score of each line, of those near it, and the means before, behind and over all.

    Scores are rounded to whole numbers, so that no order of adding them makes a difference.
    """
    whole = np.round(scores)
    place, count = batch.place, batch.count
    total = batch.total(whole)
    so_far = np.cumsum(whole) - whole
    before = so_far - so_far[batch.start]
    steps = [step for step in range(-NEAR, NEAR + 1) if step]
    return {
        "words": whole,
        **{f"words_{step:+d}": batch.near(whole, step, 0) for step in steps},
        "words_before": before / np.maximum(1, place),
        "words_behind": (total - before - whole) / np.maximum(1, count - 1 - place),
        "words_of_all": total / count,
    }
