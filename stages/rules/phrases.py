"""Measures over phrases that give a page away: advertisements, prompts, notices, remains."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from models.text.reading import Reading
from models.text.tokens import Tokens
from stages.rules.lexicon import RuleLexicon
from stages.sites import host_of

COVERED = ("advertisement", "registration", "spam", "notice", "policy")
"""Lists with the share of characters that their phrases cover, beside their number."""

COUNTED = (*COVERED, "filler", "wiki_diff")
"""Lists with the number of distinct phrases that occur."""

SPAM_REPEATS = 3  # an article about one drug repeats its name; spam strings many names together

_TEMPLATE = re.compile(
    r"\{\{[^{}\n]{1,200}\}\}|\{%[^\n]{1,200}?%\}|<%[^\n]{1,200}?%>|\$\{[^{}\n]{1,100}\}"
    r"|&(?:nbsp|lt|gt|amp|quot|#\d{2,5});"
)
_TEMPLATE_SIGNS = ("{{", "{%", "<%", "${", "&")
_GARBLED = re.compile(
    r"[ÃÂ][\u0080-\u00bf]|â[\u0080-\u00bf€][\u0080-\u00bf™œ“”˜¦]?|ï¿½|锟斤拷|[烫屯]{3,}"
    r"|[ä-é][\u0080-\u00bf\u2010-\u203a\u0152-\u0192ˆ˜€™]{2}"
)
_GARBLED_SIGNS = "ÃÂâïäåæçèé锟烫屯"


def phrase_measures(reading: Reading, tokens: Tokens, lexicon: RuleLexicon) -> dict[str, float]:
    """How much of a text the phrases of each list cover, and how many distinct ones occur.

    ``template_ratio`` is covered by ``{{name}}``, ``${name}``, ``<% … %>``, ``&nbsp;`` and the
    like; ``mojibake_ratio`` by what the usual wrong decodings leave (``Ã©``, ``â€™``, ``锟斤拷``).
    Phrases for more count where they end a line: elsewhere a text speaks of them. ``more_lines``
    counts those lines. All 0 for empty text.
    """
    text, size = reading.text, len(reading.text)
    found = lexicon.phrases.find(reading, tokens)
    measures = {
        f"{name}_phrases_ratio": min(1.0, _ratio(_covered(found[name]), size)) for name in COVERED
    }
    measures["spam_phrases_ratio"] = min(1.0, _ratio(_covered(found["spam"], SPAM_REPEATS), size))
    measures |= {f"{name}_phrases": float(_distinct(found[name])) for name in COUNTED}
    ends = _line_ends(text, found["more"])
    measures["more_lines"] = float(len(ends))
    measures["more_phrases_ratio"] = _ratio(sum(map(len, ends)), size)
    measures["template_ratio"] = _ratio(_matched(_TEMPLATE, _TEMPLATE_SIGNS, text), size)
    measures["mojibake_ratio"] = _ratio(_matched(_GARBLED, tuple(_GARBLED_SIGNS), text), size)
    return measures


def page_measures(url: str, title: str, lexicon: RuleLexicon) -> dict[str, float]:
    """1 for a host, URL or title that is listed, else 0; all 0 where they are unknown."""
    lowered = url.lower()
    return {
        "listed_host": float(bool(listed_host(url, lexicon))),
        "listed_url": float(bool(lexicon.patterns["urls"].search(lowered))),
        "listed_title": float(bool(lexicon.patterns["titles"].search(title.lower().strip()))),
        "listed_diff_url": float(bool(lexicon.patterns["diff_urls"].search(lowered))),
    }


def listed_host(url: str, lexicon: RuleLexicon) -> str:
    """The listed host that the URL's host is or is under, "" if none.

    A URL that cannot be parsed has no host.
    """
    labels = host_of(url).split(".")
    parents = (".".join(labels[i:]) for i in range(len(labels)))
    return next((parent for parent in parents if parent in lexicon.hosts), "")


def chief_phrase(found: Mapping[str, int]) -> str:
    """The phrase that covers most of a text, for the verdict's detail; "" if none was found."""
    return max(sorted(found), key=lambda phrase: found[phrase] * len(phrase), default="")


def _line_ends(text: str, phrases: Collection[str]) -> list[str]:
    r"""The phrases that lines end in, but for up to three marks after them.

    >>> _line_ends("It opened. Read more »\npress read more to go on.", ["read more"])
    ['read more']
    """
    if not phrases:
        return []
    longest = sorted(phrases, key=len, reverse=True)
    ends = rf"({'|'.join(map(re.escape, longest))})\W{{0,3}}$"
    return re.findall(ends, text.lower(), re.MULTILINE)


def _distinct(found: Mapping[str, int]) -> int:
    """How many phrases were found, but for those that are part of another one.

    >>> _distinct({"buy viagra": 1, "viagra": 1, "cialis": 2})
    2
    """
    return sum(not any(one != other and one in other for other in found) for one in found)


def _covered(found: Mapping[str, int], repeats: int | None = None) -> int:
    """Characters of the phrases found, each counted ``repeats`` times at most."""
    return sum(
        (count if repeats is None else min(count, repeats)) * len(phrase)
        for phrase, count in found.items()
    )


def _matched(pattern: re.Pattern[str], signs: tuple[str, ...], text: str) -> int:
    """Characters that a pattern matches; it needs one of the signs, which are searched first."""
    if not any(sign in text for sign in signs):
        return 0
    return sum(len(match[0]) for match in pattern.finditer(text))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
