"""What tells an article from a list, a forum, a shop: features of text, URL and markup, meaning."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

import numpy as np
from numpy.typing import NDArray

from models.embedding import Embedder, Vectors
from models.page_type.words import word_rows
from models.text import languages, shape
from models.text.characters import NUMERAL
from models.text.languages import DATE, Sign
from models.text.lines import Lines
from models.text.reading import Reading, count_signs, read

MAX_CHARS = 20_000
"""A page's kind shows in its first 20,000 characters of text; the rest is not read."""

SHORT, LONG, NEARLY_EMPTY = 40, 200, 300
"""Widths (``text_shape.width``) of a line as in menus, a paragraph, and a page without a text."""

THIN, FORM, LONG_NUMBER = 1_500, 5, 4
"""Characters of a text that only serves a player or form; its fields; digits of an id."""

DATED, NUMBERED, MAX_PERIOD = 4, 100, 6
"""Digits of a line with a date, its width at most; lines of an entry in a list, at most."""

STRONG_SIGNS = (Sign.ADULT, Sign.GAMBLING)
TITLE_SIGNS = (Sign.TOOL, Sign.AUDIO, Sign.VIDEO, Sign.FORUM, *STRONG_SIGNS)
SIGNS = (
    Sign.SHOP, Sign.SERVICE, Sign.LISTING, Sign.MANUAL, Sign.REPORT, *TITLE_SIGNS,
    Sign.FIRST_PERSON, Sign.WE, Sign.YOU,
)  # fmt: skip
"""What is counted in the title, and in the text."""

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

CURRENCIES = ("$", "£", "€", "¥", "￥", "元", "USD", "EUR", "GBP")
PRICE = re.compile(r"[$£€¥￥]\s?\d|\d\s?(?:元|USD|EUR|GBP)")


@dataclass(frozen=True, slots=True)
class PageContent:
    """What there is of a page to judge.

    ``markup`` is as ``stages.extract.markup`` counts it, or None where unknown.
    """

    text: str
    url: str = ""
    title: str = ""
    markup: Mapping[str, int | None] | None = None


def has_markup(page: PageContent) -> bool:
    """Whether the page came with counts of its markup."""
    return bool(page.markup and page.markup.get("tags"))


def page_features(pages: Sequence[PageContent]) -> list[dict[str, float]]:
    """Every feature of each page; those of the markup only if it has any."""
    return features_of(pages, read_pages(pages))


def read_pages(pages: Sequence[PageContent]) -> list[Reading]:
    """What of each page's text is read."""
    return [read(page.text[:MAX_CHARS]) for page in pages]


def features_of(
    pages: Sequence[PageContent], readings: Sequence[Reading]
) -> list[dict[str, float]]:
    """Every feature of pages that are read already."""
    count_signs(readings)
    titled = languages.KNOWN.search.count([page.title for page in pages], TITLE_SIGNS)
    rows = []
    for number, (page, reading) in enumerate(zip(pages, readings, strict=True)):
        features = {
            **_shape_features(reading),
            **_word_features(reading, reading.sign_counts),
            **{f"title_{sign}": shape.log1p(int(titled[sign][number])) for sign in TITLE_SIGNS},
            **_url_features(page.url),
        }
        rows.append({**features, **_markup_features(page)} if has_markup(page) else features)
    return rows


def page_vectors(
    pages: Sequence[PageContent], readings: Sequence[Reading], embedder: Embedder
) -> Vectors:
    """What text and title mean, and the words used, (pages, 2 x the embedder's + ``BUCKETS``)."""
    texts = embedder.score([page.text for page in pages])
    titles = embedder.score([page.title for page in pages])
    return np.hstack([texts, titles, word_rows(readings)])


def _shape_features(reading: Reading) -> dict[str, float]:
    text, lines = reading.text, reading.filled_lines
    widths, count = lines.width, len(lines.width)
    total, digits = int(widths.sum()), int(reading.lines.decimals.sum())
    listed = lines.begin_with("-*•·–|") | (languages.KNOWN.kinds[lines.first] & NUMERAL != 0)
    questions = text.count("?") + text.count("？")
    return {
        "log_width": shape.log1p(total),
        "log_lines": shape.log1p(count),
        "log_mean_line": shape.log1p(shape.ratio(total, count)),
        "log_longest_line": shape.log1p(int(widths.max(initial=0))),
        "nearly_empty": float(total < NEARLY_EMPTY),
        "long_line_share": shape.ratio(int(widths[widths >= LONG].sum()), total),
        "ended_share": shape.ratio(int(widths @ lines.ended), total),
        "short_lines": shape.ratio(int((widths < SHORT).sum()), count),
        "listed_lines": shape.ratio(int(listed.sum()), count),
        "distinct_lines": shape.distinct_ratio(reading.bare_lines),
        "numbered_lines": shape.ratio(int(_are_numbered(lines).sum()), count),
        "records": _records(lines),
        "digit_share": shape.ratio(digits, len(text)),
        "question_share": shape.ratio(100 * questions, total),
        "bar_share": shape.ratio(100 * text.count("|"), total),
    }


def _are_numbered(lines: Lines) -> NDArray[np.bool_]:
    """Whether each line is short and has a date's worth of digits, (lines,)."""
    return (lines.decimals >= DATED) & (lines.width < NUMBERED)


def _records(lines: Lines) -> float:
    """How far lines come in records, as title, teaser, date, title, teaser, date: 0 to 1.

    The share of lines that are of the kind of the line so many before, for the best such number,
    over what it would be by chance.
    """
    kinds = (lines.width >= SHORT) + 2 * lines.ended + 4 * _are_numbered(lines)
    if len(kinds) < 2 * MAX_PERIOD:
        return 0.0
    shares = np.bincount(kinds, minlength=8) / len(kinds)
    chance = float(shares @ shares)
    equal = max(float(np.mean(kinds[p:] == kinds[:-p])) for p in range(2, MAX_PERIOD + 1))
    return round(max(0.0, (equal - chance) / (1.0 - chance)), 6) if chance < 1 else 0.0


def _per_thousand(count: int, total: int) -> float:
    """Occurrences in a thousand characters' worth of text, logarithmic: 0 to about 4."""
    return shape.log1p(1000 * count / (total + 300))


def _word_features(reading: Reading, counts: Mapping[str, int]) -> dict[str, float]:
    total = reading.width
    features = {f"words_{sign}": _per_thousand(counts[sign], total) for sign in SIGNS}
    features["words_price"] = _per_thousand(_count_prices(reading.text), total)
    features["words_date"] = _per_thousand(counts[DATE], total)
    return features


def _count_prices(text: str) -> int:
    return len(PRICE.findall(text)) if any(sign in text for sign in CURRENCIES) else 0


def _url_features(url: str) -> dict[str, float]:
    parts = _split(url)
    place = f"{parts.hostname or ''}{parts.path}".lower()
    segments = [segment for segment in parts.path.split("/") if segment]
    last = segments[-1] if segments else ""
    known = float(bool(parts.hostname))
    features = {
        "url_root": known * float(not segments),
        "url_depth": known * shape.log1p(len(segments)),
        "url_slug": known * shape.log1p(last.count("-") + last.count("_")),
        "url_digits": known * float(sum(c.isdigit() for c in last) >= LONG_NUMBER),
        "url_query": known * float(bool(parts.query)),
        "url_page": known * float(last.endswith((".html", ".htm", ".shtml"))),
    }
    for kind, pattern in URL_SIGNS.items():
        features[f"url_{kind}"] = float(bool(pattern.search(place)))
    return features


def _split(url: str) -> SplitResult:
    """The parts of an address; a malformed one has none and so says nothing."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _markup_features(page: PageContent) -> dict[str, float]:
    counts = {name: int(count or 0) for name, count in (page.markup or {}).items()}
    text_chars = len(page.text)
    link_chars = counts.get("link_chars", 0)
    features = {
        "html_text_share": shape.ratio(text_chars, counts.get("html_chars", 0) + 1),
        "html_log_text_per_tag": shape.log1p(shape.ratio(text_chars, counts.get("tags", 0))),
        "html_link_share": shape.ratio(link_chars, link_chars + text_chars),
    }
    for name in ("tags", "links", "paragraphs", "list_items", "headings", "inputs", "images"):
        features[f"html_{name}"] = shape.log1p(counts.get(name, 0))
    for name in ("videos", "audios", "tables", "codes", "scripts"):
        features[f"html_{name}"] = shape.log1p(counts.get(name, 0))
    features["html_video_thin"] = float(counts.get("videos", 0) > 0 and text_chars < THIN)
    features["html_audio_thin"] = float(counts.get("audios", 0) > 0 and text_chars < THIN)
    features["html_input_thin"] = float(counts.get("inputs", 0) > FORM and text_chars < THIN)
    return features
