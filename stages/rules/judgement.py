"""One document judged by the rules of its language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.text.languages import base_code
from models.text.reading import read
from schemas.verdict import Decision
from stages.rules.families import FAMILIES, Rule, RuleReason
from stages.rules.measures import Measures, measure
from stages.rules.phrases import chief_phrase, listed_host
from stages.rules.ruleset import RuleSet, load_rules

DEFAULT_RULES = "rules"


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """What the rules say: keep, or remove for the reason that decided; the measures either way."""

    decision: Decision
    reason: RuleReason | None
    detail: str
    measures: Measures


def judge(
    text: str,
    *,
    language: str,
    url: str = "",
    title: str = "",
    rules: str = DEFAULT_RULES,
    families: Sequence[str] = FAMILIES,
) -> RuleVerdict:
    """Judge one document by the rules of its language, whatever script or region the code names.

    The first failing rule in the order of ``families.RULES`` decides; ``detail`` holds its measure
    and threshold and, for lists, the entry that matched. ``rules`` is the folder of rules files.
    Raises FileNotFoundError for a language without a file, ConfigError for a malformed one.
    """
    known = load_rules(rules, base_code(language)).only(families)
    return judge_with(known, text, url=url, title=title)


def judge_with(rules: RuleSet, text: str, *, url: str, title: str) -> RuleVerdict:
    """Judge one document by loaded rules. Pure."""
    measures = measure(text, rules.language, rules.lexicon, url=url, title=title)
    failure = rules.first_failure(measures)
    if failure is None:
        return RuleVerdict(Decision.KEEP, None, "", measures)
    rule, threshold = failure
    found = _evidence(rule, rules, text=text, url=url, title=title)
    detail = rule.explain(measures, threshold, rules.evidence.confidence) + (
        f" ({found!r})" if found else ""
    )
    return RuleVerdict(Decision.REMOVE, rule.reason, detail, measures)


def _evidence(rule: Rule, rules: RuleSet, *, text: str, url: str, title: str) -> str:
    """The list entry or the part of the page that a rule's measure found, "" for other measures."""
    lexicon = rules.lexicon
    name, is_phrase, _ = rule.measure.partition("_phrases")
    if is_phrase:
        reading = read(text)
        return chief_phrase(lexicon.phrases.find(reading, reading.tokens(rules.language))[name])
    if rule.measure == "listed_host":
        return listed_host(url, lexicon)
    pages = {"listed_url": ("urls", url), "listed_diff_url": ("diff_urls", url)}
    pages["listed_title"] = ("titles", title)
    if rule.measure not in pages:
        return ""
    patterns, value = pages[rule.measure]
    match = lexicon.patterns[patterns].search(value.lower().strip())
    return match[0] if match else ""
