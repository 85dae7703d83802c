import math
import sys

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from curation.summaries.bins import LINEAR_BINS, bins_of


def bounds_of(number):
    """The lower and the upper bound of a bin."""
    if number < 0:
        low, high = bounds_of(-1 - number)
        return -high, -low
    if number < LINEAR_BINS:
        return number / LINEAR_BINS, (number + 1) / LINEAR_BINS
    octave = number - LINEAR_BINS
    last = octave + 1 == sys.float_info.max_exp
    return math.ldexp(1.0, octave), math.inf if last else math.ldexp(1.0, octave + 1)


@given(st.floats(allow_nan=False, allow_infinity=False))
@example(0.0)
@example(-0.0)
@example(1.0)
@example(math.nextafter(1.0, 2))
@example(math.nextafter(1.0, 0))
@example(5e-324)
@example(1.7976931348623157e308)
def test_a_value_lies_within_the_bounds_of_its_bin(value):
    [number] = bins_of(np.array([value])).tolist()
    low, high = bounds_of(number)
    assert low <= value <= high


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2))
def test_a_greater_value_has_no_lower_bin(values):
    bins = bins_of(np.array(sorted(values))).tolist()
    assert bins == sorted(bins)
