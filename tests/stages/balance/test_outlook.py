"""What a mix comes to, in rows and in words."""

from fractions import Fraction

import pytest

from stages.balance.cells import Content
from stages.balance.mix import solve
from stages.balance.outlook import NAMES, Outlook
from tests.stages.balance.mixes import cells, rules


def outlook(offered, delivered=None, **changes):
    ruled = rules(**changes)
    written = {Content(*content): tokens for content, tokens in (delivered or {}).items()}
    return Outlook(cells(offered), written, ruled, solve(cells(offered), written, ruled))


JUNE = {("zh", "film"): 300, ("en", "physics"): 100}
MAY = {("en", "film"): 250}


def test_shares_are_those_of_the_batch_and_then_of_the_corpus():
    rows = {row.name: row for row in outlook(JUNE, MAY).rows("language")}
    assert (rows["zh"].offered, rows["zh"].before) == (300, Fraction(3, 4))
    # 150 of physics at its rate and 250 that stand; so many are wanted of Chinese.
    assert (rows["zh"].expected, rows["zh"].delivered, rows["zh"].after) == (400, 0, Fraction(1, 2))
    assert (rows["en"].expected, rows["en"].delivered) == (150, 250)
    kinds = {row.name: row.after for row in outlook(JUNE, MAY).rows("kind")}
    assert kinds == {"knowledge": Fraction(150, 800), "neutral": Fraction(650, 800)}


@pytest.mark.parametrize("by", NAMES)
def test_shares_add_up_to_one_before_and_after(by):
    rows = outlook(JUNE, MAY).rows(by)
    assert sum(row.before for row in rows) == sum(row.after for row in rows) == 1
    assert [row.after for row in rows] == sorted((row.after for row in rows), reverse=True)
    assert outlook({}).rows(by) == []


def test_tokens_are_told_by_how_often_they_are_written():
    found = outlook({("en", "physics"): 100, ("en", "science_fiction"): 100, ("en", "film"): 30})
    # Half of physics twice, two fifths of science fiction once.
    assert found.tokens_by_copies() == [60, 50 + 40 + 30, 50, 0, 0]


@pytest.mark.parametrize(
    ("offered", "changes", "notes"),
    [
        ({}, {}, ["this batch has no tokens: nothing is to be decided"]),
        (
            {("en", "film"): 100},
            {},
            [
                "en is alone: there is nothing to even it out with",
                "en is written 1 times on average",
            ],
        ),
        (
            {("en", "physics"): 10, ("en", "film"): 985},
            {"targets": {"physics": 0.5}},
            ["en: physics comes to 4.00% of 50.00%: max_copies 4 binds, 460 tokens are missing"],
        ),
        (
            {("en", "film"): 100},
            {"targets": {"physics": 0.5, "film": 0.5}},
            [
                (
                    "en: physics comes to 0.00% of 50.00%: nothing of it is there, "
                    "50 tokens are missing"
                ),
                "en: film comes to 100.00% of 50.00%: others fall short",
            ],
        ),
        (
            {("en", "film"): 100, ("fr", "film"): 100},
            {"max_tokens": 50},
            ["max_tokens 50 binds", "en is written 0.25 times on average"],
        ),
        (
            {("zh", "film"): 10, ("en", "film"): 100},
            {"delivered": {("en", "film"): 60}},
            ["0.333 Chinese tokens per English one, not 1: more is delivered already of one"],
        ),
        (
            {("en", "film"): 100},
            {"delivered": {("en", "physics"): 300}, "targets": {"physics": 0.5}},
            ["en: physics comes to 75.00% of 50.00%: too much is delivered already"],
        ),
        (
            {("en", "film"): 100},
            {"delivered": {("en", "film"): 300}, "max_tokens": 200},
            ["max_tokens 200 is passed by what stands: 300 tokens are written already"],
        ),
    ],
)
def test_caps_that_bind_and_what_is_missing_are_said(offered, changes, notes):
    said = list(outlook(offered, **changes).notes())
    for note in notes:
        assert any(line.startswith(note) for line in said), said


def test_a_mix_that_comes_out_says_nothing_of_caps():
    offered = {
        ("zh", "film"): 100,
        ("en", "film"): 100,
        ("zh", "physics"): 90,
        ("en", "physics"): 90,
    }
    said = list(outlook(offered, targets={"physics": 0.25}).notes())
    assert all("times on average" in line for line in said)
