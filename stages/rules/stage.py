"""The stage ``rules``: removes documents that break a rule of their language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import pyarrow as pa

from schemas.verdict import Decision, Verdict, keep, quarantine, remove
from stages.base import DocumentStage, Judge, Row, one_by_one
from stages.rules.families import FAMILIES
from stages.rules.judgement import DEFAULT_RULES, base_language, judge_with
from stages.rules.measures import STRUCT
from stages.rules.ruleset import digest_rules, languages, load_rules


class RulesError(StrEnum):
    """Why a document could not be judged."""

    NO_RULES_FOR_LANGUAGE = "no_rules_for_language"


@dataclass(frozen=True)
class Rules(DocumentStage):
    """Rule-based filtering (dots.llm1, appendix C.2; Gopher, RefinedWeb, C4, FineWeb).

    ``rules`` is a folder with one file of thresholds and phrases for each language; ``families``
    are the kinds of rule that may decide. All measures are stored, whatever decided.
    Deviations: the paper names its families of rules but no thresholds; ours are calibrated
    (docs/stages/rules.md), the published ones of Gopher, C4 and FineWeb are in ``rules/papers``.
    """

    name: ClassVar[str] = "rules"
    reads: ClassVar[tuple[str, ...]] = ("text", "language", "url", "title")
    writes: ClassVar[Mapping[str, pa.DataType]] = {"measures": STRUCT}

    rules: str = DEFAULT_RULES
    families: tuple[str, ...] = FAMILIES

    def open(self) -> Judge:
        """Load the rules of every language of the folder."""
        sets = {
            language: load_rules(self.rules, language).only(self.families)
            for language in languages(self.rules)
        }

        def judge_row(row: Row) -> Verdict:
            rules = sets.get(base_language(row["language"] or ""))
            if rules is None:
                return quarantine(
                    RulesError.NO_RULES_FOR_LANGUAGE,
                    f"language {row['language']!r} has no file in {self.rules!r}",
                )
            verdict = judge_with(
                rules, row["text"] or "", url=row["url"] or "", title=row["title"] or ""
            )
            columns = {"measures": verdict.measures.row()}
            if verdict.decision is Decision.KEEP or verdict.reason is None:
                return keep(columns)
            return remove(verdict.reason, verdict.detail, columns)

        return one_by_one(judge_row)

    def resources(self) -> Mapping[str, str]:
        """The digests of the rules files, each checked."""
        return digest_rules(self.rules)
