import math
import sys

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from curation.summaries.bins import bins_of, edge_of


def bounds_of(number):
    """The lower and the upper bound of a bin, as its description has them."""
    if number < 0:
        low, high = bounds_of(-1 - number)
        return -high, -low
    if number < 16:
        return number / 4096, (number + 1) / 4096
    octave, digits = divmod(number, 16)
    last = number + 1 == 16 * (sys.float_info.max_exp + 8 + 1)
    width = math.ldexp(1.0, octave - 9 - 4)
    low = (16 + digits) * width
    return low, math.inf if last else low + width


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


@given(st.integers(-16384, 16384))
def test_a_bin_begins_with_its_edge(number):
    assert edge_of(number) in bounds_of(number)
