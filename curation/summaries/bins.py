"""The bins of every histogram: fixed, so that histograms of any documents can be added.

A bin is a whole number, and has the values that share their first five binary digits: it is no
wider than a sixteenth of what is in it. So ratios of a thousandth, probabilities and counts of
pages have bins of one kind, whole numbers up to 31 each their own, and a threshold cuts a narrow
one, whatever its size. Below 1/256 bins are 1/4096 wide, down to 0; values below 0 have the same
bins mirrored.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

DIGITS = 16
"""Bins of an octave: from a power of two to the next one."""
FIRST_OCTAVE = -8  # from 1/256 to 1/128; what is smaller is as rare as it is alike
_WIDTH = 2.0**FIRST_OCTAVE / DIGITS


def bins_of(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """The bin of each value; all must be finite.

    >>> bins_of(np.array([0.0, 0.001, 1 / 256, 1.0, 1.5, 2.0, 3.9, -0.001])).tolist()
    [0, 4, 16, 144, 152, 160, 175, -5]
    """
    sizes = np.abs(values)
    small = (np.minimum(sizes, DIGITS * _WIDTH) / _WIDTH).astype(np.int64)
    mantissas, exponents = np.frexp(sizes)  # from a half to 1, and 1 for values from 1 to 2
    digits = (mantissas * 2 * DIGITS).astype(np.int64) - DIGITS
    octaves = exponents.astype(np.int64) - FIRST_OCTAVE
    bins = np.where(sizes < DIGITS * _WIDTH, small, DIGITS * octaves + digits)
    return np.where(values < 0, -1 - bins, bins)


def edge_of(number: int) -> float:
    """The value that a bin begins with; of a mirrored one, which it ends before.

    >>> edge_of(4), edge_of(144), edge_of(152), edge_of(-5)
    (0.0009765625, 1.0, 1.5, -0.0009765625)
    """
    if number < 0:
        return -edge_of(-1 - number)
    octave, digits = divmod(number, DIGITS)
    if not octave:
        return number * _WIDTH
    return (1 + digits / DIGITS) * 2.0 ** (octave + FIRST_OCTAVE - 1)
