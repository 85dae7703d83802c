"""What tells an article from a list, a forum, a shop: features of text, URL and markup, meaning."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np

from models.embedding import Embedder, Vectors
from models.kernels.arrays import Float64Array
from models.page_type.addresses import ADDRESS_FEATURES, address_values
from models.page_type.line_shapes import shapes_of
from models.page_type.words import word_rows
from models.text import languages, shape
from models.text.languages import DATE, Sign
from models.text.reading import Reading, count_signs, read

MAX_CHARS = 20_000
"""A page's kind shows in its first 20,000 characters of text; the rest is not read."""

NEARLY_EMPTY = 300
"""The width (``text_shape.width``) of a page without a text."""

THIN, FORM = 1_500, 5
"""Characters of a text that only serves a player or form, and the form's fields."""

STRONG_SIGNS = (Sign.ADULT, Sign.GAMBLING)
TITLE_SIGNS = (Sign.TOOL, Sign.AUDIO, Sign.VIDEO, Sign.FORUM, *STRONG_SIGNS)
SIGNS = (
    Sign.SHOP, Sign.SERVICE, Sign.LISTING, Sign.MANUAL, Sign.REPORT, Sign.TOOL, Sign.AUDIO,
    Sign.VIDEO, Sign.FORUM, *STRONG_SIGNS, Sign.FIRST_PERSON, Sign.WE, Sign.YOU,
)  # fmt: skip
"""What is counted in the title, and in the text."""

CURRENCIES = ("$", "£", "€", "¥", "￥", "元", "USD", "EUR", "GBP")
PRICE = re.compile(r"[$£€¥￥\d](?:(?<=\d)\s?(?:元|USD|EUR|GBP)|(?<=[$£€¥￥])\s?\d)")
"""Begins with a set of characters, for which ``re`` looks ahead: half the time of "$1|1 USD"."""

SHAPE_FEATURES = (
    "log_width", "log_lines", "log_mean_line", "log_longest_line", "nearly_empty",
    "long_line_share", "ended_share", "short_lines", "listed_lines", "distinct_lines",
    "numbered_lines", "records", "digit_share", "question_share", "bar_share",
)  # fmt: skip
WORD_FEATURES = (*(f"words_{sign}" for sign in SIGNS), "words_price", "words_date")
TITLE_FEATURES = tuple(f"title_{sign}" for sign in TITLE_SIGNS)
COUNTS = (
    "tags", "links", "paragraphs", "list_items", "headings", "inputs", "images", "videos",
    "audios", "tables", "codes", "scripts",
)  # fmt: skip
"""The counts of the markup that are features by themselves."""

DECLARED = ("declared_articles", "declared_lists", "declared_threads", "declared_products")
"""The counts of the markup that are features as far as they are not 0."""

MAIN = (
    "main_chars", "main_link_chars", "main_blocks", "main_linked_blocks", "main_links",
    "main_headings", "main_linked_headings", "main_units", "main_linked_units",
)  # fmt: skip
"""The counts over the main text; all 0 where no trees found it."""

MAIN_FEATURES = (
    "main_known", "main_link_share", "main_linked_blocks", "main_linked_units", "main_links",
    "main_headings", "main_linked_headings",
)  # fmt: skip
MARKUP_FEATURES = (
    "html_text_share", "html_log_text_per_tag", "html_link_share",
    *(f"html_{name}" for name in COUNTS), "html_video_thin", "html_audio_thin",
    "html_input_thin", *DECLARED, *MAIN_FEATURES,
)  # fmt: skip
TEXT_FEATURES = (*SHAPE_FEATURES, *WORD_FEATURES, *TITLE_FEATURES, *ADDRESS_FEATURES)
"""The features that a page without markup has, too."""

_counts_of = itemgetter(*SIGNS, DATE)


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
    """Every feature by name of pages that are read already."""
    rows = []
    for page, values in zip(pages, _text_values(pages, readings), strict=True):
        row = dict(zip(TEXT_FEATURES, values, strict=True))
        if has_markup(page):
            row |= dict(zip(MARKUP_FEATURES, _markup_values(page), strict=True))
        rows.append(row)
    return rows


def feature_columns(
    pages: Sequence[PageContent], readings: Sequence[Reading], *, with_markup: bool
) -> dict[str, Float64Array]:
    """The same as columns, (pages,) by name; ``with_markup`` for pages that all have some."""
    rows, names = _text_values(pages, readings), TEXT_FEATURES
    if with_markup:
        names = (*TEXT_FEATURES, *MARKUP_FEATURES)
        rows = [[*row, *_markup_values(page)] for page, row in zip(pages, rows, strict=True)]
    matrix = np.array(rows, float).reshape(len(pages), len(names))
    return dict(zip(names, np.ascontiguousarray(matrix.T), strict=True))


def page_vectors(
    pages: Sequence[PageContent], readings: Sequence[Reading], embedder: Embedder
) -> Vectors:
    """What text and title mean, and the words used, (pages, 2 x the embedder's + ``BUCKETS``)."""
    texts = embedder.score([page.text for page in pages])
    titles = embedder.score([page.title for page in pages])
    return np.hstack([texts, titles, word_rows(readings)])


def _text_values(pages: Sequence[PageContent], readings: Sequence[Reading]) -> list[list[float]]:
    """The values of ``TEXT_FEATURES`` of each page."""
    count_signs(readings)
    titled = languages.KNOWN.search.count([page.title for page in pages], TITLE_SIGNS)
    titles = np.array([titled[sign] for sign in TITLE_SIGNS]).T.tolist()
    return [
        [
            *_shape_values(reading),
            *_word_values(reading),
            *map(math.log1p, title),
            *address_values(page.url),
        ]
        for page, reading, title in zip(pages, readings, titles, strict=True)
    ]


def _shape_values(reading: Reading) -> list[float]:
    text, lines = reading.text, shapes_of(reading.lines)
    total, count = lines.width, lines.lines
    questions = text.count("?") + text.count("？")
    return [
        math.log1p(total),
        math.log1p(count),
        math.log1p(shape.ratio(total, count)),
        math.log1p(lines.longest),
        float(total < NEARLY_EMPTY),
        shape.ratio(lines.long, total),
        shape.ratio(lines.ended, total),
        shape.ratio(lines.short, count),
        shape.ratio(lines.listed, count),
        shape.distinct_ratio(reading.bare_lines),
        shape.ratio(lines.numbered, count),
        round(lines.records, 6),
        shape.ratio(lines.digits, len(text)),
        shape.ratio(100 * questions, total),
        shape.ratio(100 * text.count("|"), total),
    ]


def _word_values(reading: Reading) -> list[float]:
    """Occurrences in a thousand characters' worth of text, logarithmic: 0 to about 4 each."""
    *signs, dates = _counts_of(reading.sign_counts)
    room = reading.width + 300
    counts = (*signs, _count_prices(reading.text), dates)
    return [math.log1p(1000 * count / room) if count else 0.0 for count in counts]


def _count_prices(text: str) -> int:
    for sign in CURRENCIES:  # ten times as fast as the pattern where there is none
        if sign in text:
            return len(PRICE.findall(text))
    return 0


def _markup_values(page: PageContent) -> list[float]:
    counts = {name: count or 0 for name, count in (page.markup or {}).items()}
    text_chars, count_of = len(page.text), counts.get
    link_chars = count_of("link_chars", 0)
    is_thin = text_chars < THIN
    return [
        shape.ratio(text_chars, count_of("html_chars", 0) + 1),
        math.log1p(shape.ratio(text_chars, count_of("tags", 0))),
        shape.ratio(link_chars, link_chars + text_chars),
        *[math.log1p(count_of(name, 0)) for name in COUNTS],
        float(is_thin and count_of("videos", 0) > 0),
        float(is_thin and count_of("audios", 0) > 0),
        float(is_thin and count_of("inputs", 0) > FORM),
        *[float(count_of(name, 0) > 0) for name in DECLARED],
        *_main_values(counts),
    ]


def _main_values(counts: Mapping[str, int]) -> list[float]:
    """The values of ``MAIN_FEATURES``."""
    count = {name: counts.get(name, 0) for name in MAIN}
    return [
        float(count["main_blocks"] > 0),
        shape.ratio(count["main_link_chars"], count["main_chars"]),
        shape.ratio(count["main_linked_blocks"], count["main_blocks"]),
        shape.ratio(count["main_linked_units"], count["main_units"]),
        math.log1p(count["main_links"]),
        math.log1p(count["main_headings"]),
        math.log1p(count["main_linked_headings"]),
    ]
