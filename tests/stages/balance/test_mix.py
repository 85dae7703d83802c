"""The mix of a corpus: its shares come out exactly, within the caps, whatever was delivered."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.balance.cells import QualityRule
from tests.stages.balance.mixes import RATES, cells, corpus, mix

CLASSES = list(RATES)
TOTALS = st.dictionaries(
    st.tuples(st.sampled_from(["zh", "en", "fr"]), st.sampled_from(CLASSES)), st.integers(1, 10**9)
)
TARGETS = st.dictionaries(
    st.sampled_from(["physics", "film", "fiction", "knowledge"]),
    st.fractions(0, Fraction(1, 4), max_denominator=100).map(float),
    max_size=4,
)
SHORTFALLS = st.sampled_from(["fill", "shrink"])


def of_language(tokens, language):
    return sum(n for (spoken, *_), n in tokens.items() if spoken == language)


@pytest.mark.parametrize(
    ("offered", "delivered", "copies"),
    [
        ({("zh", "film"): 100, ("en", "film"): 150}, {}, {"zh": Fraction(3, 2), "en": 1}),
        ({("zh", "film"): 100, ("en", "film"): 1000}, {}, {"zh": 2, "en": Fraction(1, 5)}),
        # Evened out with what stands: 500 + 2 x 100 of Chinese, 0.7 x 1000 of English.
        (
            {("zh", "film"): 100, ("en", "film"): 1000},
            {("zh", "film"): 500},
            {"zh": 2, "en": Fraction(7, 10)},
        ),
        # In one language, beside a corpus that has too little or enough of it.
        ({("zh", "film"): 100}, {("zh", "film"): 50, ("en", "film"): 1000}, {"zh": 2}),
        ({("en", "film"): 1000}, {("zh", "film"): 500}, {"en": Fraction(1, 2)}),
        ({("en", "film"): 1000}, {("zh", "film"): 500, ("en", "film"): 600}, {"en": 0}),
        # Alone in the corpus, a language is not scaled.
        ({("en", "film"): 1000}, {("en", "film"): 10}, {"en": 1}),
        ({("fr", "film"): 3, ("en", "film"): 1000}, {}, {"fr": 1, "en": 1}),
        ({("zh", "adult_sensitive"): 5, ("en", "film"): 5}, {}, {"zh": 0, "en": 1}),
    ],
)
def test_languages_are_evened_out_over_the_corpus(offered, delivered, copies):
    found = mix(offered, delivered).copies
    assert {cell.content.language: expected for cell, expected in found.items()} == copies


@given(TOTALS, TOTALS, st.fractions(Fraction(1, 9), 9), st.fractions(1, 50), st.integers(2, 6))
def test_chinese_and_english_have_their_ratio_unless_a_cap_binds(
    offered, delivered, zh_per_en, max_raise, max_copies
):
    limits = {"zh_per_en": zh_per_en, "max_raise": max_raise, "max_copies": max_copies}
    found = corpus(offered, delivered, **limits)
    zh, en = of_language(found, "zh"), of_language(found, "en")
    if zh and en and zh != zh_per_en * en:
        # One of them is too much already: nothing of it was added.
        ample = "zh" if zh > zh_per_en * en else "en"
        assert of_language(found, ample) == of_language(delivered, ample)


@given(TOTALS, st.integers(1, 5), TARGETS, SHORTFALLS)
def test_no_document_is_expected_above_the_cap_or_below_nothing(
    offered, max_copies, targets, shortfall
):
    found = mix(offered, max_copies=max_copies, targets=targets, shortfall=shortfall)
    assert found.copies.keys() == cells(offered).keys()
    assert all(0 <= expected <= max_copies for expected in found.copies.values())
    for cell, expected in found.copies.items():
        assert cell.content.category != "adult_sensitive" or expected == 0


@given(TOTALS, TOTALS, TARGETS, SHORTFALLS, st.integers(1, 10**10))
def test_the_corpus_has_no_more_tokens_than_it_may_beside_what_stands(
    offered, delivered, targets, shortfall, max_tokens
):
    found = corpus(offered, delivered, targets=targets, shortfall=shortfall, max_tokens=max_tokens)
    assert sum(found.values()) <= max(max_tokens, sum(delivered.values()))


@given(TOTALS, TOTALS, TARGETS, SHORTFALLS)
def test_a_target_is_missed_only_where_a_cap_or_what_stands_binds(
    offered, delivered, targets, shortfall
):
    found = mix(offered, delivered, targets=targets, shortfall=shortfall)
    volumes = {}
    for share in found.shares:
        whole = share.delivered + share.expected
        volumes[share.language] = volumes.get(share.language, 0) + whole
    for language, volume in volumes.items():
        of_it = [share for share in found.shares if share.language == language]
        free = [share for share in of_it if 0 < share.expected < share.most]
        for one in free:
            for other in free:
                tokens = one.delivered + one.expected
                assert tokens * other.wanted == (other.delivered + other.expected) * one.wanted
        bound = [one for one in of_it if one not in free and (one.expected or one.delivered)]
        if not bound and all(one.expected for one in of_it if one.wanted):
            for one in of_it:
                assert one.delivered + one.expected == one.wanted * volume


@given(TOTALS, TARGETS)
def test_where_a_shortfall_shrinks_the_corpus_all_that_is_there_has_its_share(offered, targets):
    found = mix(offered, targets=targets, shortfall="shrink")
    for language in found.volumes:
        shares = [one for one in found.shares if one.language == language and one.wanted]
        there = [one for one in shares if one.most]
        if len(there) == len(shares):
            for one in there:
                assert one.expected == one.wanted * found.volumes[language]


def test_a_target_is_met_and_the_rest_keeps_its_rates_among_itself():
    offered = {("en", "physics"): 100, ("en", "film"): 900, ("en", "science_fiction"): 1000}
    found = corpus(offered, targets={"physics": 0.2})
    assert sum(found.values()) == 100 * Fraction(3, 2) + 900 + 400
    assert found["en", "physics"] == Fraction(1, 5) * sum(found.values())
    assert found["en", "film"] * 400 == found["en", "science_fiction"] * 900


def test_others_fill_the_place_of_a_target_that_the_cap_holds_or_the_corpus_shrinks():
    offered = {("en", "physics"): 10, ("en", "film"): 985}
    filled = corpus(offered, targets={"physics": 0.5})
    assert filled == {("en", "physics"): 40, ("en", "film"): 960}
    shrunk = corpus(offered, targets={"physics": 0.5}, shortfall="shrink")
    assert shrunk == {("en", "physics"): 40, ("en", "film"): 40}


def test_a_target_is_that_of_the_corpus_with_what_was_delivered():
    delivered = {("en", "film"): 900, ("en", "physics"): 100}
    offered = {("en", "film"): 500, ("en", "physics"): 400}
    found = corpus(offered, delivered, targets={"physics": 0.25})
    assert found["en", "physics"] == Fraction(1, 4) * sum(found.values())
    enough = corpus(offered, {("en", "physics"): 5000}, targets={"physics": 0.25})
    assert enough["en", "physics"] == 5000


def test_an_empty_target_takes_nothing_from_the_others():
    offered = {("en", "film"): 100}
    for shortfall in ("fill", "shrink"):
        found = mix(offered, targets={"physics": 0.3}, shortfall=shortfall)
        assert [*found.copies.values()] == [1]
        [physics] = [one for one in found.shares if one.target == "physics"]
        assert (physics.wanted, physics.expected) == (Fraction(3, 10), 0)


def test_targets_of_all_leave_nothing_to_others():
    offered = {("en", "film"): 100, ("en", "physics"): 100}
    assert corpus(offered, targets={"physics": 1.0}) == {
        ("en", "film"): 0,
        ("en", "physics"): 250,
    }


def test_set_of_classes_shares_one_target_by_their_rates():
    offered = {("en", "film"): 100, ("en", "science_fiction"): 100, ("en", "physics"): 100}
    found = corpus(
        offered,
        targets={"stories": 0.7},
        sets={"stories": ["film", "science_fiction"]},
    )
    stories = found["en", "film"] + found["en", "science_fiction"]
    assert stories == Fraction(7, 10) * sum(found.values())
    assert found["en", "film"] * 2 == found["en", "science_fiction"] * 5


@pytest.mark.parametrize(
    "offered", [{}, {("en", "film"): 0}, {("zh", "film"): 0, ("en", "film"): 0}]
)
def test_what_has_no_tokens_is_written_at_its_rates(offered):
    found = mix(offered, targets={"physics": 0.5})
    assert all(expected == 1 for expected in found.copies.values())
    assert sum(found.volumes.values()) == 0


@given(TOTALS, TOTALS)
def test_one_more_document_changes_others_by_their_cells_alone(offered, delivered):
    """Documents of one cell have one rate; another cell of the same class keeps their relation."""
    more = {**offered, ("fr", "film"): offered.get(("fr", "film"), 0) + 10**6}
    one, other = (mix(each, delivered).copies for each in (offered, more))
    for cell, expected in one.items():
        if cell.content.language != "fr":
            assert other[cell] == expected


BANDS = {("en", "film", band): 100 * (band + 1) for band in range(3)}
WEIGHTS = QualityRule([(0.0, 0.5), (0.4, 1.0), (0.7, 2.0)])


def test_weights_of_quality_move_tokens_within_a_class_and_leave_its_sum():
    found = mix({**BANDS, ("en", "physics", 1): 100}, quality=WEIGHTS).copies
    by_band = [found[cell] for cell in cells(BANDS)]
    assert by_band[1] == 2 * by_band[0]
    assert by_band[2] == 4 * by_band[0]
    assert (
        sum(copies * tokens for copies, tokens in zip(by_band, BANDS.values(), strict=True)) == 600
    )
    assert found[next(iter(cells({("en", "physics", 1): 0})))] == Fraction(3, 2)


def test_the_worst_documents_of_a_class_are_dropped_first():
    offered = {("en", "science_fiction", band): 10 for band in range(100)}
    found = mix(offered, quality=QualityRule(order="best_first")).copies
    kept = {cell.band for cell, copies in found.items() if copies == 1}
    dropped = {cell.band for cell, copies in found.items() if copies == 0}
    assert kept == set(range(60, 100))
    assert dropped == set(range(60))


def test_the_best_documents_of_a_class_are_repeated_first():
    offered = {("en", "physics", band): 10 for band in (1, 2, 3, 4)}
    found = mix(offered, quality=QualityRule(order="best_first")).copies
    assert [found[cell] for cell in cells(offered)] == [1, 1, 2, 2]
