import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from curation.summaries.bins import LINEAR_BINS, bins_of, bounds_of


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


def test_neighbouring_bins_share_a_bound():
    numbers = range(-LINEAR_BINS - 40, LINEAR_BINS + 40)
    for number in numbers:
        assert bounds_of(number)[1] == pytest.approx(bounds_of(number + 1)[0], abs=0)
