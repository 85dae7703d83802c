"""The bins of every histogram: fixed, so that histograms of any documents can be added.

A bin is a whole number. Values from 0 to 1 have 64 of equal width, which resolve a ratio or a
probability to 0.016; above 1, where counts and lengths are, each bin is an octave. Values below 0
have the same bins mirrored.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LINEAR_BINS = 64


def bins_of(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """The bin of each value; all must be finite.

    >>> bins_of(np.array([0.0, 0.02, 1.0, 1.5, 2.0, 3.9, 4.0, -0.01])).tolist()
    [0, 1, 63, 64, 65, 65, 66, -1]
    """
    sizes = np.abs(values)
    linear = np.minimum(np.minimum(sizes, 1) * LINEAR_BINS, LINEAR_BINS - 1).astype(np.int64)
    octaves = np.frexp(sizes)[1] + (LINEAR_BINS - 1)  # frexp gives 1 for 1 to 2, 2 for 2 to 4
    bins = np.where(sizes <= 1, linear, octaves)
    return np.where(values < 0, -1 - bins, bins)
