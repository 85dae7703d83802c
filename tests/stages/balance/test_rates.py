"""Rates by class and kind, and the scales that even the languages out."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conf import locate
from models.taxonomy import read_taxonomy
from stages.balance.rates import language_scales, read_rates

TAXONOMY = read_taxonomy(locate("taxonomy.toml"))
KINDS = "[kinds]\nknowledge = 1.5\nneutral = 1\nformulaic = 0.4\n"


def read(tmp_path, content, max_copies=4):
    path = tmp_path / "balance.toml"
    path.write_text(content, encoding="utf-8")
    return read_rates(path, TAXONOMY, max_copies)


def test_a_class_has_its_own_rate_or_that_of_its_kind(tmp_path):
    rates = read(tmp_path, KINDS + "[classes]\nphysics = 2.5\n")
    assert rates["physics"] == Fraction(5, 2)
    assert rates["chemistry"] == Fraction(3, 2)
    assert rates["science_fiction"] == Fraction(2, 5)
    assert len(rates) == 200


def test_the_shipped_rates_raise_knowledge_and_lower_fiction_and_products():
    rates = read_rates(locate("balance.toml"), TAXONOMY, 4)
    raised = ("encyclopaedia_entry", "popular_science", "education_research", "physics")
    lowered = ("science_fiction", "fantasy_fiction", "product_description", "romance_fiction")
    assert min(rates[name] for name in raised) > 1 > max(rates[name] for name in lowered)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (KINDS.replace("neutral = 1\n", ""), "kinds.neutral is missing"),
        (KINDS + "[classes]\nphysiks = 1\n", "classes.physiks = 1.0: is not in the taxonomy"),
        (KINDS + "[kind]\n", "kind = {}: is not a known key; did you mean 'kinds'?"),
        (KINDS.replace("0.4", "-0.4"), "kinds.formulaic = -0.4: input should be greater"),
        (KINDS.replace("1.5", "4.5"), "kinds.knowledge = 4.5: must be a number from 0 to 4"),
        (KINDS.replace("1.5", "'much'"), "kinds.knowledge = 'much': input should be a valid"),
        (KINDS.replace("1.5", "true"), "kinds.knowledge = True: input should be a valid number"),
        (KINDS.replace("1.5", "nan"), "kinds.knowledge = nan: input should be"),
        ("kinds = 3\n", "kinds = 3: input should be"),
    ],
)
def test_a_fault_is_told_with_file_key_value_and_rule(tmp_path, content, message):
    with pytest.raises(ValueError, match=re.escape(message)) as raised:
        read(tmp_path, content)
    assert "balance.toml" in str(raised.value)


RATES = {"k": Fraction(3, 2), "n": Fraction(1), "f": Fraction(2, 5), "z": Fraction(0)}


def expected(totals, language, scale, cap=4):
    return sum(
        t * min(RATES[c] * scale, cap) for (lang, c), t in totals.items() if lang == language
    )


def test_the_scarcer_language_is_raised_and_the_other_left_alone_while_that_suffices():
    totals = {("zh", "n"): 100, ("en", "n"): 150}
    scales = language_scales(totals, RATES, Fraction(1), Fraction(2), 4)
    assert scales == {"zh": Fraction(3, 2), "en": 1}


def test_beyond_the_limit_the_ample_language_is_lowered():
    totals = {("zh", "n"): 100, ("en", "n"): 1000}
    scales = language_scales(totals, RATES, Fraction(1), Fraction(2), 4)
    assert scales == {"zh": 2, "en": Fraction(1, 5)}


@pytest.mark.parametrize(
    "totals",
    [{}, {("zh", "k"): 5}, {("en", "k"): 5}, {("zh", "z"): 5, ("en", "n"): 5}, {("fr", "n"): 3}],
)
def test_a_language_alone_is_not_scaled(totals):
    assert language_scales(totals, RATES, Fraction(1), Fraction(2), 4) == {"zh": 1, "en": 1}


TOTALS = st.dictionaries(
    st.tuples(st.sampled_from(["zh", "en"]), st.sampled_from(list(RATES))),
    st.integers(1, 10**15),
)


@given(TOTALS, st.fractions(Fraction(1, 9), 9), st.fractions(1, 50), st.integers(2, 6))
def test_the_expected_tokens_have_the_ratio_exactly(totals, zh_per_en, max_raise, max_copies):
    scales = language_scales(totals, RATES, zh_per_en, max_raise, max_copies)
    zh = expected(totals, "zh", scales["zh"], max_copies)
    en = expected(totals, "en", scales["en"], max_copies)
    assert max(scales.values()) <= max_raise
    if expected(totals, "zh", 1) and expected(totals, "en", 1):
        assert zh == zh_per_en * en > 0
    else:
        assert scales == {"zh": 1, "en": 1}
