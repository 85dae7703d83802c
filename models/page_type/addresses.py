"""What the address of a page says about its kind."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

LONG_NUMBER = 4
"""Digits of an id."""

URL_SIGNS: Mapping[str, re.Pattern[str]] = {
    kind: re.compile(words)
    for kind, words in {
        "forum": r"forum|thread|topic|community|discuss|/t/|/questions?/|reddit\.|bbs|tieba",
        "shop": r"product|/item|/p/|shop|store|/dp/|/buy|detail\.|goods",
        "collection": r"collections?/|categor|/c/|/shop/?$|/browse|/all-|/tags?/|/list|archive",
        "news": r"blog|news|article|/20\d\d[/-]?\d\d|story|/post|magazine|journal|insights",
        "manual": r"docs?[./]|manual|reference|api|tutorial|wiki|/learn|glossary|handbook|guide",
        "service": r"service|solution|pricing|contact|about|booking|rental|program|course|certif",
        "video": r"video|/watch|youtube|youku|bilibili|/play|movie|film|tv\.|/v/",
        "audio": r"podcast|audio|music|/song|mp3|radio|lyrics|fm\.",
        "tool": r"calculator|convert|tool|generator|map|translate|/app|checker|lookup|chaxun",
        "adult": r"porn|xxx|hentai|(?<![a-z])(?:sex|adults?|escorts|nudes?|av\d+|18av)(?![a-z])",
    }.items()
}

_SIGNS = tuple(pattern.search for pattern in URL_SIGNS.values())

ADDRESS_FEATURES = (
    "url_root", "url_depth", "url_slug", "url_digits", "url_query", "url_page",
    *(f"url_{kind}" for kind in URL_SIGNS),
)  # fmt: skip


def address_values(url: str) -> list[float]:
    """The features of an address, as ``ADDRESS_FEATURES`` names them; all 0 of none."""
    parts = _split(url)
    host = parts.hostname
    place = f"{host or ''}{parts.path}".lower()
    segments = [segment for segment in parts.path.split("/") if segment]
    last = segments[-1] if segments else ""
    known = float(bool(host))
    return [
        known * (not segments),
        known * math.log1p(len(segments)),
        known * math.log1p(last.count("-") + last.count("_")),
        known * (sum(map(str.isdigit, last)) >= LONG_NUMBER),
        known * bool(parts.query),
        known * last.endswith((".html", ".htm", ".shtml")),
        *(float(search(place) is not None) for search in _SIGNS),
    ]


def _split(url: str) -> SplitResult:
    """The parts of an address; a malformed one has none and so says nothing."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")
