"""Rule-based filtering: measure a document once, then compare with thresholds by language."""

from stages.rules.families import FAMILIES, RULES, Family, Rule, RuleReason
from stages.rules.judgement import RuleVerdict, judge
from stages.rules.measures import Measures
from stages.rules.stage import Rules

__all__ = [
    "FAMILIES",
    "RULES",
    "Family",
    "Measures",
    "Rule",
    "RuleReason",
    "RuleVerdict",
    "Rules",
    "judge",
]
