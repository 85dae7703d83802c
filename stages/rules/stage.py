"""The stage ``rules``: removes documents that break a rule of their language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import pyarrow as pa

from conf import locate
from models.text.languages import KNOWN, base_code
from schemas.verdict import Verdict, keep, quarantine, remove
from stages.base import DocumentStage, Judge, Row, one_by_one
from stages.limits import Bound, Limit
from stages.rules.families import FAMILIES
from stages.rules.judgement import DEFAULT_RULES, judge_with
from stages.rules.measures import STRUCT
from stages.rules.ruleset import RuleSet, digest_rules, lacks, load_rules, ruled_languages
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
    version: ClassVar[int] = 5

    rules: str = DEFAULT_RULES
    """The folder with one file of thresholds and phrases for each language; "rules/papers" has the
    published ones of Gopher, C4 and FineWeb."""
    families: tuple[str, ...] = FAMILIES
    """The kinds of rule that may decide."""
    sites: str = "sites"
    """The folder of rules for single sites, which come first: lines that they cut are not
    measured."""

    def open(self) -> Judge:
        """Load the rules of every language of the folder, what cuts its words, and site rules."""
        sets = {
            language: load_rules(self.rules, language).only(self.families)
            for language in ruled_languages(self.rules)
        }
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

    def limits(self) -> Sequence[Limit]:
        """The threshold of each rule that a language has one for, in deciding order."""
        bounds = {"min": Bound.AT_LEAST, "max": Bound.AT_MOST}
        return [
            Limit(
                self.name, f"measures.{r.measure}", bounds[r.bound], r.key, value, language=language
            )
            for language in ruled_languages(self.rules)
            for r, value in load_rules(self.rules, language).only(self.families).thresholds
        ]

    def lacks(self, language: str) -> str:
        """A rules file, or the record of the language."""
        return lacks(self.rules, language)

    def resources(self) -> Mapping[str, str]:
        """The digests of the rules files and of the sites' files, each checked."""
        folder = locate(self.sites)
        load_sites(folder, "rules", SiteRule)
        return {**digest_rules(self.rules), **digest_sites(folder)}
