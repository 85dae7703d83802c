"""Bands of quality, and how the copies of a class are spread over them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.balance.cells import NO_BAND, Cell, Content, QualityRule

CONTENT = Content("en", "film")
WEIGHTS = QualityRule([(0.0, 0.5), (0.5, 1.0), (0.8, 3.0)])
BEST = QualityRule(order="best_first")
BANDS = st.dictionaries(st.integers(0, 2), st.integers(0, 10**6))


@pytest.mark.parametrize("quality", [None, math.nan, math.inf, -math.inf])
def test_a_quality_that_is_no_number_has_no_band_where_one_is_asked_for(quality):
    assert WEIGHTS.band(quality) == BEST.band(quality) == NO_BAND
    assert QualityRule().band(quality) == 0


@pytest.mark.parametrize(
    ("quality", "band"), [(-3.0, 0), (0.0, 0), (0.499, 49), (1.0, 99), (7, 99)]
)
def test_the_best_are_told_to_a_hundredth(quality, band):
    assert BEST.band(quality) == band


@given(BANDS, st.fractions(0, 4, max_denominator=100), st.sampled_from([WEIGHTS, BEST]))
def test_spreading_leaves_the_tokens_of_a_class_and_goes_up_with_quality(bands, rate, rule):
    tokens = {Cell(CONTENT, band): count for band, count in bands.items()}
    copies = rule.spread(tokens, rate, 4)
    assert copies.keys() == tokens.keys()
    assert sum(copies[cell] * count for cell, count in tokens.items()) == rate * sum(bands.values())
    counted = [copies[cell] for cell in sorted(tokens) if tokens[cell]]
    assert counted == sorted(counted)
    assert all(0 <= expected <= 4 for expected in copies.values())
