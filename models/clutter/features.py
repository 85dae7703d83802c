"""What tells a line of the main text from clutter: named features of each line in its document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.kernels.arrays import Float64Array, Int64Array
from models.text import languages, shape
from models.text.characters import IS_HAN
from models.text.languages import COMMONEST, Sign
from models.text.lines import Lines
from models.text.plain_words import pairs_of
from models.text.reading import Reading
from models.text.scripts import HAN

LONG = 120
"""A line of 120 characters' worth or more is nearly always a paragraph."""

MAX_WIDTH = 400
"""Lines count as no wider than this: beyond it, width says nothing more."""

WRAPPED = 40
"""Hard line ends come after 40 characters' worth and more."""

EDGE, NEAR = 5, 3
"""Lines from either end of a document, and on either side of a line, that count as near it."""

# No host name is longer than 253 characters; without a bound, a row of @ takes cubic time.
ADDRESS = re.compile(r"https?://|www\.|\S@\S{1,253}\.\w|\b\d{3,4}[- ]\d{3,4}[- ]?\d{4}\b")
DATE = re.compile(
    r"(?:19|20)\d\d[-/.年]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d\d|\d{1,2}:\d\d"
)
TELEPHONE_DIGITS, TIME_DIGITS = 10, 3
"""The digits of the shortest telephone number, and of the shortest date or time."""

SIGNS = (Sign.NAVIGATE, Sign.SHARE, Sign.RIGHTS, Sign.PROMOTE, Sign.LISTING)

Columns = dict[str, Float64Array]
"""The values of each feature, (lines,) by name."""


def line_features(lines: Sequence[str]) -> list[dict[str, float]]:
    """One mapping for each line of a document, in order; blank lines have features too."""
    if not lines:
        return []
    columns = line_columns(lines)
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def line_columns(lines: Sequence[str]) -> Columns:
    """The features of the lines of a document, at least one, as columns."""
    reading = Reading("\n".join(lines))
    width = np.minimum(reading.lines.width, MAX_WIDTH)
    return {
        **_own(lines, reading.lines, width),
        **_words(lines, reading, width),
        **_place(reading.lines, width),
        **_neighbours(reading.lines, width),
    }


def _ratio(part: NDArray[np.generic], whole: NDArray[np.generic]) -> Float64Array:
    """``part / whole``, and 0 of nothing."""
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole != 0)


def _log1p(values: NDArray[np.generic]) -> Float64Array:
    """``shape.log1p`` of each; the last bit of numpy's depends on the processor."""
    return np.fromiter(map(shape.log1p, values.tolist()), float, len(values))


def _own(texts: Sequence[str], lines: Lines, width: Int64Array) -> Columns:
    """What the characters of a line say for themselves."""
    is_long = width >= LONG
    ended = lines.ended.astype(float)
    repeats = Counter(text.strip() for text in texts)
    return {
        "log_width": _log1p(width),
        "under_10": (width < 10).astype(float),  # noqa: PLR2004
        "under_25": (width < 25).astype(float),  # noqa: PLR2004
        "over_120": is_long.astype(float),
        "ended": ended,
        "ended_long": ended * is_long,
        "colon_at_end": lines.end_with(":：").astype(float),
        "commas": 100 * lines.commas / (width + 20),
        "digits": _ratio(lines.decimals, lines.size),
        "upper": lines.upper / np.maximum(1, lines.letters),
        "capitalised_words": _ratio(lines.capitalised, lines.stretches),
        "link_marks": 100 * lines.links / (width + 20),
        "bullet": lines.begin_with("-*•·–▪■◆★●").astype(float),
        "address": _addresses(texts, lines),
        "dated_short": _dates(texts, lines) * ~is_long,
        "no_letter": (lines.alphanumerics == 0).astype(float),
        "repeated": _log1p(np.array([repeats[text.strip()] - 1 for text in texts])),
    }


def _addresses(texts: Sequence[str], lines: Lines) -> Float64Array:
    """Whether a line has an address or a telephone number."""
    found = np.zeros(len(texts))
    for number, (text, digits) in enumerate(zip(texts, lines.decimals.tolist(), strict=True)):
        if digits >= TELEPHONE_DIGITS or "@" in text or "://" in text or "www." in text:
            found[number] = ADDRESS.search(text) is not None
    return found


def _dates(texts: Sequence[str], lines: Lines) -> Float64Array:
    """Whether a line has a date or a time in digits."""
    found = np.zeros(len(texts))
    for number in np.flatnonzero(lines.decimals >= TIME_DIGITS).tolist():
        found[number] = DATE.search(texts[number]) is not None
    return found


def _words(texts: Sequence[str], reading: Reading, width: Int64Array) -> Columns:
    """What the words of a line say, and whether the document's paragraphs have them too."""
    counts = languages.KNOWN.search.count(texts, [*SIGNS, COMMONEST])
    lines, terms = _terms(reading)
    size = np.bincount(lines, minlength=len(texts))
    in_paragraphs = np.zeros(terms.max(initial=0) + 1, np.bool_)
    in_paragraphs[terms[width[lines] >= LONG]] = True
    known = np.bincount(lines[in_paragraphs[terms]], minlength=len(texts))
    return {
        "function_words": 100 * counts[COMMONEST] / (width + 20),
        "known_terms": _ratio(known, size),
        "no_terms": (size == 0).astype(float),
        **{f"sign_{sign}": _log1p(counts[sign]) * 100 / (width + 30) for sign in SIGNS},
    }


def _terms(reading: Reading) -> tuple[Int64Array, Int64Array]:
    """What lines are about, as numbers, and the line of each: long words, pairs of Han characters.

    A word is long from four letters on; one that begins with a Han character is none.
    """
    words, han = reading.words, reading.kinds & IS_HAN != 0
    chosen = (words.sizes > 3) & ~han[words.places]  # noqa: PLR2004
    places, pairs = pairs_of(reading.codes, han)
    places = np.concatenate([words.places[chosen], places])
    terms = np.unique(np.concatenate([words.hashes[chosen], pairs]), return_inverse=True)[1]
    starts = np.cumsum(reading.lines.size + 1)
    return np.searchsorted(starts, places, "right"), terms


def _place(lines: Lines, width: Int64Array) -> Columns:
    """Where a line stands, and in what kind of document."""
    count, is_long = len(width), width >= LONG
    place = np.arange(count, dtype=float)
    log_width, ended = _log1p(width), lines.ended.astype(float)
    few = max(0.0, 1 - (count - 1) / EDGE)  # so few that the neighbours say little
    chinese = float(HAN.width * lines.han.sum() > lines.latin.sum())  # ``shape.is_chinese``
    return {
        "place": place / max(1, count - 1),
        "head": np.maximum(0.0, 1 - place / EDGE),
        "tail": np.maximum(0.0, 1 - (count - 1 - place) / EDGE),
        "first": (place == 0).astype(float),
        "log_lines": np.full(count, shape.log1p(count)),
        "few": np.full(count, few),
        "few_log_width": few * log_width,
        "few_ended": few * ended,
        "long_share": np.full(count, shape.ratio(int(width[is_long].sum()), int(width.sum()))),
        "chinese": np.full(count, chinese),
        "chinese_log_width": chinese * log_width,
        "chinese_ended": chinese * ended,
    }


def _neighbours(lines: Lines, width: Int64Array) -> Columns:
    """What the lines around a line are like."""
    count = len(width)
    padded = np.pad(width, NEAR, constant_values=-1)
    steps = [step for step in range(-NEAR, NEAR + 1) if step]
    near = np.stack([padded[NEAR + step : NEAR + step + count] for step in steps])
    there = near >= 0
    size = there.sum(axis=0)
    alike = (np.abs(near - width) <= width / 4) & there & (width >= WRAPPED)
    before, after = np.maximum(near[NEAR - 1 : NEAR + 1], 0)
    return {
        "near_log_width": _log1p(_ratio((near * there).sum(axis=0), size)),
        "near_short": _ratio((there & (near < 40)).sum(axis=0), size),  # noqa: PLR2004
        "before_log_width": _log1p(before),
        "after_log_width": _log1p(after),
        "heading": ((width < 80) & (after >= 80) & (lines.ended == 0)).astype(float),  # noqa: PLR2004
        "log_long_distance": _log1p(_distances(width >= LONG)),
        "like_neighbours": _ratio(alike.sum(axis=0), size),
    }


def _distances(marked: NDArray[np.bool_]) -> Int64Array:
    """How many lines away the nearest other marked line is; the number of lines if none is."""
    far = len(marked)
    places = np.arange(far)
    chosen = np.concatenate([[-far], np.flatnonzero(marked), [2 * far]])
    before = chosen[np.searchsorted(chosen, places, "left") - 1]
    after = chosen[np.searchsorted(chosen, places, "right")]
    return np.minimum(np.minimum(places - before, after - places), far)
