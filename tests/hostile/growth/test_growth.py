"""The time of every stage and every parser grows as its input does, on some kinds of text each.

`make growth` goes over all kinds, up to 400 kB.
"""

from random import Random

import pytest

from stages.registry import STAGES
from tests.growth import excess, growths, lasting_excess
from tests.hostile.growth.kinds import KINDS, text_of
from tests.hostile.growth.pairs import first_excess
from tests.hostile.growth.subjects import MAKERS

EACH = 4
SIZES = (12_500, 50_000)


def some_kinds(name):
    """Those that this subject is tried on: others for each."""
    return Random(name).sample(KINDS, EACH)


@pytest.mark.parametrize("name", MAKERS)
def test_time_grows_as_the_input_does(name):
    excess = [first_excess(name, kind, SIZES) for kind in some_kinds(name)]
    assert not any(excess), excess


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("url host", "random_han_characters"),  # IDNA: a label of 8,000 characters took 1.9 s
        ("stage url_filter", "random_code_points"),
        ("http charset claimed", "spaces"),  # 32,000 took 18 s
        ("chunks after a size", "tabs"),  # 16,000 took 2 s
        ("stage clutter", "short_lines"),  # 1.5 MB took 67 s and 2.8 GB
    ],
)
def test_what_once_grew_faster_does_no_longer(name, kind):
    assert not first_excess(name, kind, SIZES)


def test_every_stage_is_a_subject():
    assert {f"stage {name}" for name in STAGES} <= set(MAKERS)


def test_every_kind_is_of_the_size_asked_for():
    assert len(KINDS) > 60
    for kind in KINDS:
        size = len(text_of(kind, 10_000).encode("utf-8", "surrogatepass"))
        assert 8_000 < size <= 10_500, kind


@pytest.mark.slow
def test_what_is_quadratic_is_told_from_what_is_linear():
    def pairs(text):
        return sum(1 for a in text for b in text if a is b)

    def characters(text):
        return sum(1 for _ in range(40) for a in text if a is text)

    def make(size):
        return "x" * size

    assert excess(make, pairs)
    assert not excess(make, characters)
    assert not all(found.is_linear for found in growths(make, pairs, (1000, 2000, 4000)))
    sizes = [(found.size, found.larger) for found in growths(make, characters, (1, 10_000, 20_000))]
    assert sizes == [(1, 10_000), (10_000, 20_000)]


@pytest.mark.slow
def test_a_step_is_told_from_what_goes_on_growing():
    def characters(text, rounds=60):
        return sum(1 for _ in range(rounds) for a in text if a is text)

    def outgrown(text):
        return characters(text, 60 if len(text) < 40_000 else 240)

    def pairs(text):
        return characters(text, len(text) // 4)

    def make(size):
        return "x" * size

    sizes = (20_000, 40_000, 80_000)
    assert [found.is_linear for found in growths(make, outgrown, sizes)] == [False, True]
    assert not lasting_excess(make, outgrown, sizes)
    assert lasting_excess(make, pairs, (2_000, 4_000, 8_000))
