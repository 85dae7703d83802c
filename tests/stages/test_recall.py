"""What stages say of their thresholds holds for every stage that there is."""

import dataclasses
import math

import pyarrow as pa
import pytest

from conf import locate
from conf.records import ConfigError
from curation.config import load_config
from stages.balance import Balance
from stages.recall import Bound, Limit
from stages.registry import STAGES
from stages.rules import Rules
from stages.rules.families import RULES

ALL_WRITTEN = {column for stage in STAGES.values() for column in stage.writes}
LIMIT = {bound: Limit("limit", "record.number", bound, 0.5) for bound in Bound}


def made(name):
    return load_config(locate("local.toml")).stage.get(name) or STAGES[name]()


@pytest.mark.parametrize("name", sorted(STAGES))
def test_every_threshold_is_a_setting_and_bounds_a_number_that_the_stage_stores(name):
    stage = STAGES[name]
    fields = {field.name for field in dataclasses.fields(stage)}
    for setting, threshold in stage.thresholds.items():
        assert setting in fields
        if threshold.measure in stage.reads:  # another one's, which stores it
            assert threshold.measure in ALL_WRITTEN
            continue
        kind = stage.writes[threshold.measure]
        assert pa.types.is_floating(kind) or pa.types.is_integer(kind)


@pytest.mark.parametrize("name", sorted({*STAGES} - {"payload_dedup", "url_filter", "extract"}))
def test_what_a_stage_recalls_by_is_stored_and_what_it_follows_is_a_setting(name):
    stage = made(name)
    recall = stage.recall(stage)
    if recall is None:
        return
    assert recall.settings <= {field.name for field in dataclasses.fields(stage)}
    stored = {*stage.reads, *stage.writes, "reason", "edits"} - {"text", "flag"}
    assert set(recall.reads) <= stored
    assert set(stage.thresholds) <= recall.settings


@pytest.mark.parametrize(
    ("bound", "inside", "outside"),
    [
        (Bound.AT_LEAST, [0.5, 0.7], [0.49]),
        (Bound.AT_MOST, [0.5, 0.2], [0.51]),
        (Bound.BELOW, [0.49], [0.5, 0.6]),
    ],
)
def test_a_comparison_says_on_which_side_a_value_lies(bound, inside, outside):
    for values, expected in ((inside, True), (outside, False)):
        for value in values:
            found = LIMIT[bound].compare({"record": {"number": value}})
            assert found.is_inside is expected
            sign = str(found).split()[2]
            assert {"<": value < 0.5, "<=": value <= 0.5, ">": value > 0.5, ">=": value >= 0.5}[
                sign
            ]


def test_a_limit_of_a_language_is_for_its_documents_alone():
    limit = Limit("max", "score", Bound.AT_MOST, 0.0, language="zh")
    assert limit.compare({"score": 1, "language": "en"}) is None
    assert limit.compare({"score": None, "language": "zh"}) is None
    assert limit.compare({"score": 1, "language": "zh"}).distance == math.inf


def test_every_rule_with_a_threshold_is_recorded_with_it_in_deciding_order():
    found = Rules(limits={"en": {"max_digit_ratio": 0.2}}).limits_in_force()
    english = [limit for limit in found if limit.language == "en"]
    order = [rule.key for rule in RULES]
    places = [order.index(limit.setting) for limit in english]
    assert places == sorted(places)
    [digits] = [limit for limit in english if limit.setting == "max_digit_ratio"]
    assert (digits.measure, digits.bound, digits.value) == ("measures.digit_ratio", "<=", 0.2)
    [chinese] = [one for one in found if (one.language, one.setting) == ("zh", "max_digit_ratio")]
    assert chinese.value == 0.33  # as conf/rules/zh.toml has it


@pytest.mark.parametrize(
    ("override", "fault"),
    [
        ("stage.rules.limits.en.max_digits_ratio=0.2", "did you mean 'max_digit_ratio'"),
        ("stage.rules.limits.en.max_digit_ratio=2.0", "must be a ratio between 0 and 1"),
        ("stage.rules.limits.en.min_words=-1.0", "must be a number, 0 or more"),
        ("stage.balance.class_rates.recipes=-1.0", "greater than or equal to 0"),
    ],
)
def test_a_threshold_that_cannot_be_is_refused(override, fault):
    with pytest.raises(ConfigError, match=fault):
        load_config(locate("local.toml"), [override])


def test_limits_of_a_language_without_rules_are_refused():
    with pytest.raises(ValueError, match=r"limits.fr: 'rules' has no rules of that language"):
        Rules(limits={"fr": {"min_words": 5.0}}).resources()


@pytest.mark.parametrize(
    ("rates", "fault"),
    [({"recipe": 1.0}, "did you mean 'recipes'"), ({"recipes": 9.0}, "from 0 to 4")],
)
def test_rates_of_single_classes_are_checked(rates, fault):
    with pytest.raises(ValueError, match=fault):
        Balance(class_rates=rates).recall(Balance())
