"""What a site's own rules say about its documents: drop them, spare them some rules, cut lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from schemas.verdict import Edit
from stages.rules.families import FAMILIES, RuleReason


class SiteReason(StrEnum):
    """Why a document or a line leaves for its site's sake."""

    DROPPED_SITE = "dropped_site"
    SITE_LINE = "site_line"


@dataclass(frozen=True)
class SiteRule:
    """One site's table.

    ``drop`` says in words why every document of the site leaves. ``keep`` names families of rules,
    or reasons, that do not decide there. ``cut`` are regular expressions: a line in which one is
    found, without the white space around it, is cut.
    """

    drop: str = ""
    keep: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in self.keep:
            if name not in FAMILIES and name not in list(RuleReason):
                raise ValueError(f"keep: {name!r} is no family of rules and no reason of one")
        for expression in self.cut:
            try:
                re.compile(expression)
            except re.error as error:
                raise ValueError(
                    f"cut: {expression!r} is no regular expression: {error}"
                ) from error

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """All of ``cut`` in one; never matches if there is none."""
        return re.compile("|".join(f"(?:{expression})" for expression in self.cut) or r"(?!)")


def cut_lines(text: str, rule: SiteRule) -> tuple[str, tuple[Edit, ...]]:
    r"""The text without the lines that the site's rule cuts, and those as edits.

    >>> cut_lines("A text.\n Share\nMore.", SiteRule(cut=("^Share$",)))[0]
    'A text.\nMore.'
    """
    if not rule.cut:
        return text, ()
    lines = text.split("\n")
    kept, edits = _sift(lines, rule.pattern)
    return ("\n".join(kept), edits) if edits else (text, ())


def _sift(lines: Sequence[str], pattern: re.Pattern[str]) -> tuple[list[str], tuple[Edit, ...]]:
    kept: list[str] = []
    edits: list[Edit] = []
    for number, line in enumerate(lines):
        if pattern.search(line.strip()):
            edits.append(Edit(number, line, str(SiteReason.SITE_LINE)))
        else:
            kept.append(line)
    return kept, tuple(edits)
