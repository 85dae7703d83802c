"""Bands of scores that are sent on: those of brute force, and what cannot be a cascade."""

import json
from itertools import combinations_with_replacement
from random import Random

import pytest

from models.cascade import (
    NOTHING_SENT,
    Band,
    Bin,
    Calibration,
    Cascade,
    JudgedBy,
    Rule,
    best_band,
    bins_of,
    cascade_scores,
)

RULE = Rule("min_quality", 0.5, ("good",))


@pytest.mark.parametrize("seed", range(8))
def test_the_band_of_a_share_is_the_one_that_brute_force_finds(seed):
    source = Random(seed)
    numbers = sorted(source.sample(range(1001), 12))
    bins = []
    for number in numbers:
        weight = source.randrange(1, 9)
        bins.append(Bin(number, weight, source.randrange(weight + 1)))
    total, most = sum(one.weight for one in bins), source.random()
    edges = sorted({0, *numbers, 500, 1000})
    allowed = [
        [one for one in bins if low <= one.number <= high]
        for low, high in combinations_with_replacement(edges, 2)
        if low <= 500 <= high
    ]
    best = max(
        (sum(b.differing for b in inside), -sum(b.weight for b in inside))
        for inside in allowed
        if sum(b.weight for b in inside) <= most * total
    )
    band = best_band(bins, 0.5, most)
    inside = [one for one in bins if band.sends(one.number / 1000)]
    assert band.sends(0.5)
    assert (sum(b.differing for b in inside), -sum(b.weight for b in inside)) == best


def test_nothing_is_sent_where_the_threshold_alone_would_be_too_much():
    band = best_band([Bin(100, 1, 0), Bin(500, 9, 3)], 0.5, 0.5)
    assert band == NOTHING_SENT
    assert not any(band.sends(number / 100) for number in range(101))


def test_all_may_be_sent():
    band = best_band([Bin(0, 1, 1), Bin(1000, 9, 3)], 0.5, 1.0)
    assert band.sends(0.0)
    assert band.sends(1.0)


def test_documents_are_counted_by_their_score():
    found = bins_of([0.2, 0.9, 0.2004], [1.0, 2.0, 0.5], [False, True, True])
    assert found == [Bin(200, 1.5, 0.5), Bin(900, 2.0, 2.0)]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"min_sent": 0.2}, "needs max_sent"),
        ({"min_sent": 0.6, "max_sent": 0.5}, "is above max_sent"),
        ({"max_sent": 0.5, "max_sent_ratio": 0.1}, "names a band twice"),
        ({"min_sent": 0.2, "max_sent_ratio": 0.1}, "names a band twice"),
    ],
)
def test_half_a_band_or_two_are_refused(given, words):
    with pytest.raises(ValueError, match=words):
        Cascade(**given)


def test_a_band_must_hold_the_threshold():
    assert Cascade(min_sent=0.5, max_sent=0.5).band("", "quality", "c", RULE) == Band(0.5, 0.5)
    with pytest.raises(ValueError, match=r"must hold min_quality = 0\.5"):
        Cascade(min_sent=0.51, max_sent=0.9).band("", "quality", "c", RULE)


def test_a_calibration_is_written_and_read_and_holds_for_what_it_was_made_for(tmp_path):
    Calibration("quality", "c", 0.5, ("good",), (Bin(400, 3, 1), Bin(500, 1, 1))).write(tmp_path)
    cascade = Cascade(max_sent_ratio=0.3)
    band = cascade.band(str(tmp_path), "quality", "c", RULE)
    assert band.sends(0.5)
    assert not band.sends(0.4)
    others = {
        "task quality, not page_type": ("page_type", "c", RULE),
        "digest": ("quality", "d", RULE),
        r"min_quality 0\.5, not 0\.4": ("quality", "c", RULE._replace(threshold=0.4)),
        "kept labels": ("quality", "c", RULE._replace(wanted=("high",))),
    }
    for words, (task, checkpoint, rule) in others.items():
        with pytest.raises(ValueError, match=words):
            cascade.band(str(tmp_path), task, checkpoint, rule)


@pytest.mark.parametrize("content", [None, "", "{", "[]", '{"task": 1}'])
def test_a_calibration_that_is_none_is_refused_with_what_to_do(tmp_path, content):
    if content is not None:
        (tmp_path / "calibration.json").write_text(content)
    with pytest.raises(ValueError, match="curate distil") as raised:
        Cascade(max_sent_ratio=0.1).band(str(tmp_path), "quality", "c", RULE)
    assert "\n" not in str(raised.value)


def test_bins_are_what_a_person_can_read(tmp_path):
    Calibration("quality", "c", 0.5, ("good",), (Bin(400, 3, 1),)).write(tmp_path)
    found = json.loads((tmp_path / "calibration.json").read_text())
    assert found["bins"] == [[400, 3, 1]]


class Numbers:
    """A model whose score of a number is a multiple of it; it counts what it is asked."""

    def __init__(self, factor):
        self.name, self.factor, self.asked = "numbers", factor, []

    def score(self, items):
        self.asked += items
        return [self.factor * item for item in items]


def test_each_item_is_judged_by_one_model_and_the_last_is_asked_for_no_more():
    first, last = Numbers(1), Numbers(10)
    found = cascade_scores(
        first, last, [1, 5, 2, 6], lambda score: score > 4, lambda score, tolerance: False
    )
    assert found == [
        (1, JudgedBy.EMBEDDED),
        (50, JudgedBy.CHECKPOINT),
        (2, JudgedBy.EMBEDDED),
        (60, JudgedBy.CHECKPOINT),
    ]
    assert last.asked == [5, 6]


def test_a_checkpoint_without_anything_to_judge_is_not_asked():
    class Never(Numbers):
        def score(self, items):
            pytest.fail("asked")

    assert cascade_scores(Numbers(1), Never(1), [1], lambda _: False, lambda *_: False)
