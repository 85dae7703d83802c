"""The stage ``rules``: removes documents that break a rule of their language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import ClassVar, Self

import pyarrow as pa

from conf import locate
from models.text.languages import KNOWN, base_code
from schemas.verdict import Verdict, keep, quarantine, remove
from stages.base import DocumentStage, Judge, Row, one_by_one
from stages.recall import Limit, Recall, as_number
from stages.rules.families import FAMILIES
from stages.rules.judgement import DEFAULT_RULES, judge_with
from stages.rules.measures import STRUCT, Measures
from stages.rules.ruleset import (
    RuleSet,
    check_limits,
    digest_rules,
    lacks,
    load_rules,
    ruled_languages,
)
from stages.rules.site_rule import SiteReason, SiteRule, cut_lines
from stages.sites import digest_sites, host_of, load_sites, rule_for


class RulesError(StrEnum):
    """Why a document could not be judged."""

    NO_RULES_FOR_LANGUAGE = "no_rules_for_language"


def judge_row_with(rules: RuleSet, site: SiteRule, row: Row) -> Verdict:
    """The verdict on a document after the lines are cut that its site's rule names."""
    text, edits = cut_lines(row["text"] or "", site)
    found = judge_with(rules, text, url=row["url"] or "", title=row["title"] or "")
    columns: dict[str, object] = {"measures": found.measures.row()}
    if edits:
        columns["text"] = text
    if found.reason is None:
        return keep(columns, edits)
    return remove(found.reason, found.detail, columns, edits)


@dataclass(frozen=True)
class Rules(DocumentStage):
    """Rule-based filtering (dots.llm1, appendix C.2; Gopher, RefinedWeb, C4, FineWeb).

    All measures are stored, whatever decided, but for documents of a site that is dropped.
    Deviations: the paper names its families of rules but no thresholds; ours are calibrated
    (docs/stages/rules.md), and a rate is judged by its confidence limit (``rules.evidence``).
    """

    name: ClassVar[str] = "rules"
    reads: ClassVar[tuple[str, ...]] = ("text", "language", "url", "title")
    writes: ClassVar[Mapping[str, pa.DataType]] = {"text": pa.string(), "measures": STRUCT}
    version: ClassVar[int] = 8

    rules: str = DEFAULT_RULES
    """The folder with one file of thresholds and phrases for each language; "rules/papers" has the
    published ones of Gopher, C4 and FineWeb."""
    families: tuple[str, ...] = FAMILIES
    """The kinds of rule that may decide."""
    sites: str = "sites"
    """The folder of rules for single sites, which come first: lines that they cut are not
    measured."""
    limits: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Thresholds in place of those of the files, by language and key: limits.en.max_digit_ratio."""

    def __post_init__(self) -> None:
        """Raise ValueError for the threshold of no rule."""
        for language, limits in self.limits.items():
            check_limits(language, limits)

    def open(self) -> Judge:
        """Load the rules of every language of the folder, what cuts its words, and site rules."""
        sets = self._rule_sets()
        for language in filter(None, map(KNOWN.find, sets)):
            language.tokens("")
        sites = load_sites(locate(self.sites), "rules", SiteRule)

        def judge_row(row: Row) -> Verdict:
            host = host_of(row["url"] or "")
            site = rule_for(sites, host) or SiteRule()
            if site.drop:
                return remove(SiteReason.DROPPED_SITE, f"{host}: {site.drop}")
            rules = sets.get(base_code(row["language"] or ""))
            if rules is None:
                detail = f"language {row['language']!r} has no rules file in {self.rules!r}"
                return quarantine(RulesError.NO_RULES_FOR_LANGUAGE, detail)
            return judge_row_with(rules.without(site.keep) if site.keep else rules, site, row)

        return one_by_one(judge_row)

    def _rule_sets(self) -> dict[str, RuleSet]:
        return {
            language: load_rules(self.rules, language)
            .with_limits(self.limits.get(language, {}))
            .only(self.families)
            for language in ruled_languages(self.rules)
        }

    def _stored_rules(self) -> Callable[[Row], RuleSet | None]:
        """What finds the rules that hold for a stored document; None where none do."""
        sets, sites = self._rule_sets(), load_sites(locate(self.sites), "rules", SiteRule)

        def find(row: Row) -> RuleSet | None:
            rules = sets.get(base_code(row["language"] or ""))
            site = rule_for(sites, host_of(row["url"] or ""))
            return rules.without(site.keep) if rules and site else rules

        return find

    def limits_in_force(self) -> tuple[Limit, ...]:
        """Every rule with its threshold, by language, in deciding order."""
        return tuple(
            rule.in_force(language, limit, rules.evidence.confidence)
            for language, rules in self._rule_sets().items()
            for rule, limit in rules.thresholds
        )

    def recall(self, recorded: Self) -> Recall:  # noqa: ARG002 - the measures stand by themselves
        """By the measures; what leaves with its site leaves all the same."""
        find = self._stored_rules()

        def judge_again(row: Row) -> Verdict | None:
            if row["reason"] == SiteReason.DROPPED_SITE:
                return remove(SiteReason.DROPPED_SITE, "its site is dropped")
            rules = find(row)
            if rules is None or row["measures"] is None:
                return None
            measures = Measures(**row["measures"])
            failure = rules.first_failure(measures)
            if failure is None:
                return keep()
            rule, limit = failure
            return remove(rule.reason, rule.explain(measures, limit, rules.evidence.confidence))

        reads = ("measures", "language", "url", "reason")
        return Recall(frozenset({"families", "limits"}), reads, judge_again)

    def revise(self, key: str, value: object) -> Self:
        """The stage with another threshold, by LANGUAGE.KEY, or by KEY for every language."""
        language, _, rule = key.rpartition(".")
        languages = [language] if language else ruled_languages(self.rules)
        limits = {one: {**self.limits.get(one, {}), rule: as_number(value)} for one in languages}
        return replace(self, limits={**self.limits, **limits})

    def lacks(self, language: str) -> str:
        """A rules file, or the record of the language."""
        return lacks(self.rules, language)

    def resources(self) -> Mapping[str, str]:
        """The digests of the rules files and of the sites' files, each checked."""
        folder = locate(self.sites)
        load_sites(folder, "rules", SiteRule)
        if unruled := sorted(set(self.limits) - set(ruled_languages(self.rules))):
            raise ValueError(f"limits.{unruled[0]}: {self.rules!r} has no rules of that language")
        return {**digest_rules(self.rules), **digest_sites(folder)}
