"""Rates by class and kind."""

import re
from fractions import Fraction

import pytest

from conf import locate
from models.taxonomy import read_taxonomy
from stages.balance.rates import read_rates

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
