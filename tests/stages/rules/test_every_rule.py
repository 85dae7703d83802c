"""Every rule of every language, on a text that breaks it and on good text."""

import re

import pytest

from schemas.verdict import Decision
from stages.rules import judge
from stages.rules.evidence import COUNTED
from stages.rules.families import RULES
from stages.rules.measures import measure
from stages.rules.ruleset import load_rules
from tests.stages.rules.texts import FAULTY, GOOD, PAGES

CASES = [
    (language, rule.key)
    for language in ("en", "zh")
    for rule, _ in load_rules("rules", language).thresholds
]


RATES = {rule.key for rule in RULES if rule.measure in COUNTED}
TIMES = 20


def page_of(fault, key):
    """A page full of a fault, for what is judged by its rate: once is no evidence of one."""
    return "\n\n".join([fault] * TIMES) if key in RATES else fault


def broken_keys(text, language, url="", title=""):
    rules = load_rules("rules", language)
    measures = measure(text, rules.language, rules.lexicon, url=url, title=title)
    return {rule.key for rule in rules.failures(measures)}


@pytest.mark.parametrize(("language", "key"), CASES)
def test_a_text_with_the_fault_breaks_the_rule(language, key):
    if key in PAGES:
        assert key in broken_keys(GOOD[language], language, **PAGES[key])
    else:
        assert key in broken_keys(page_of(FAULTY[language][key], key), language)


@pytest.mark.parametrize(("language", "key"), [case for case in CASES if case[1] in RATES])
def test_no_rate_is_broken_by_the_only_fault_of_a_page(language, key):
    line = re.findall(r"[^\n，,. ]+(?: [a-z]+)?", FAULTY[language][key])[0]
    assert key not in broken_keys(f"{GOOD[language]}\n{line}", language)


@pytest.mark.parametrize("language", ["en", "zh", "zh-Hant"])
def test_good_text_breaks_no_rule(language):
    page = {"url": "https://a.example/river/mill.html", "title": "The mill"}
    assert broken_keys(GOOD[language], language[:2], **page) == set()
    assert judge(GOOD[language], language=language, **page).decision is Decision.KEEP


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_examples_name_no_rule_that_is_gone(language):
    keys = {rule.key for rule in RULES}
    assert keys >= FAULTY[language].keys() | PAGES.keys()


def test_every_rule_is_used_by_some_rules_file():
    used = {
        rule.key
        for folder, language in (("rules", "en"), ("rules", "zh"), ("rules/papers", "en"))
        for rule, _ in load_rules(folder, language).thresholds
    }
    assert {rule.key for rule in RULES} == used
