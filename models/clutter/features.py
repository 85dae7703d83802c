"""What tells a line of the main text from clutter: named features of each line in its document.

Many documents are read at once: numpy takes a batch of short documents in a fifth of the time that
it takes them one by one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.kernels.arrays import Float64Array, Int64Array
from models.text import languages
from models.text.characters import IS_HAN
from models.text.languages import COMMONEST, Sign
from models.text.lines import Lines
from models.text.plain_words import pairs_of
from models.text.reading import Reading
from models.text.scripts import HAN
from models.text.terms import number_terms

LONG = 120
"""A line of 120 characters' worth or more is nearly always a paragraph."""

MAX_WIDTH = 400
"""Lines count as no wider than this: beyond it, width says nothing more."""

WRAPPED = 40
"""Hard line ends come after 40 characters' worth and more."""

NEAR, FAR = 3, 30
"""Lines on either side of a line that count as near it; farther away is all the same."""

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


@dataclass(frozen=True, eq=False)
class Batch:
    """The lines of some documents, one after another, and what is read of them.

    ``document`` is the number of each line's document, ``start`` the first line of it and ``count``
    how many lines it has, (lines,). ``width`` is at most ``MAX_WIDTH``.
    """

    texts: Sequence[str]
    reading: Reading
    document: Int64Array
    start: Int64Array
    count: Int64Array
    width: Int64Array

    @classmethod
    def of(cls, documents: Sequence[Sequence[str]]) -> Batch:
        """Of documents with a line at least among them."""
        texts = [line for lines in documents for line in lines]
        counts = np.array([len(lines) for lines in documents], np.int64)
        document = np.repeat(np.arange(len(counts)), counts)
        reading = Reading("\n".join(texts))
        start = (np.cumsum(counts) - counts)[document]
        width = np.minimum(reading.lines.width, MAX_WIDTH)
        return cls(texts, reading, document, start, counts[document], width)

    @property
    def place(self) -> Int64Array:
        """The number of each line in its document."""
        return np.arange(len(self.texts)) - self.start

    def near(self, values: NDArray[np.generic], step: int, fill: float) -> Float64Array:
        """The value of the line so many lines behind each, ``fill`` outside its document."""
        place = self.place + step
        inside = (place >= 0) & (place < self.count)
        found = np.full(len(values), fill)
        found[inside] = values[(self.start + place)[inside]]
        return found

    def total(self, values: NDArray[np.generic]) -> Float64Array:
        """The sum over the document of each line, added in the order of the lines."""
        return np.bincount(self.document, values)[self.document].astype(float)


def line_features(lines: Sequence[str]) -> list[dict[str, float]]:
    """One mapping for each line of a document, in order; blank lines have features too."""
    if not lines:
        return []
    columns = line_columns(Batch.of([lines]))
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def line_columns(batch: Batch) -> Columns:
    """The features of all lines as columns."""
    return {**_own(batch), **_words(batch), **_place(batch), **_neighbours(batch)}


def _ratio(part: NDArray[np.generic], whole: NDArray[np.generic]) -> Float64Array:
    """``part / whole``, and 0 of nothing."""
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole != 0)


def _own(batch: Batch) -> Columns:
    """What the characters of a line say for themselves."""
    texts, lines, width = batch.texts, batch.reading.lines, batch.width
    return {
        "width": width.astype(float),
        "ended": lines.ended.astype(float),
        "colon_at_end": lines.end_with(":：").astype(float),
        "asks": lines.end_with("?？!！").astype(float),
        "commas": 100 * lines.commas / (width + 20),
        "digits": _ratio(lines.decimals, lines.size),
        "upper": lines.upper / np.maximum(1, lines.letters),
        "capitalised_words": _ratio(lines.capitalised, lines.stretches),
        "link_marks": 100 * lines.links / (width + 20),
        "bullet": lines.begin_with("-*•·–▪■◆★●").astype(float),
        "address": _addresses(texts, lines),
        "dated_short": _dates(texts, lines) * (width < LONG),
        "no_letter": (lines.alphanumerics == 0).astype(float),
        "repeated": _repeats(batch),
    }


def _repeats(batch: Batch) -> Float64Array:
    """How often the line stands elsewhere in its document."""
    keys = list(zip(batch.document.tolist(), map(str.strip, batch.texts), strict=True))
    counts = Counter(keys)
    return np.array([counts[key] - 1 for key in keys], float)


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


def _words(batch: Batch) -> Columns:
    """What the words of a line say, and whether the document's paragraphs have them too."""
    width, size = batch.width, len(batch.texts)
    counts = languages.KNOWN.search.count(batch.texts, [*SIGNS, COMMONEST])
    lines, terms = _terms(batch)
    total = np.bincount(lines, minlength=size)
    in_paragraphs = np.zeros(terms.max(initial=0) + 1, np.bool_)
    in_paragraphs[terms[width[lines] >= LONG]] = True
    known = np.bincount(lines[in_paragraphs[terms]], minlength=size)
    return {
        "function_words": 100 * counts[COMMONEST] / (width + 20),
        "known_terms": _ratio(known, total),
        "no_terms": (total == 0).astype(float),
        **{f"sign_{sign}": 100 * counts[sign] / (width + 30) for sign in SIGNS},
    }


def _terms(batch: Batch) -> tuple[Int64Array, Int64Array]:
    """What lines are about, as numbers in each document, and the line of each.

    That is long words, of four letters and more, and pairs of Han characters. A word that begins
    with a Han character is none.
    """
    reading = batch.reading
    words, han = reading.words, reading.kinds & IS_HAN != 0
    chosen = (words.sizes > 3) & ~han[words.places]  # noqa: PLR2004
    places, pairs = pairs_of(reading.codes, han)
    places = np.concatenate([words.places[chosen], places])
    terms = number_terms(np.concatenate([words.hashes[chosen], pairs]))
    lines = line_of(reading, places)
    own = batch.document[lines] * (terms.max(initial=0) + 1) + terms
    return lines, number_terms(own.astype(np.uint64))


def line_of(reading: Reading, places: Int64Array) -> Int64Array:
    """The number of the line that each place is in."""
    return np.searchsorted(np.cumsum(reading.lines.size + 1), places, "right")


def _place(batch: Batch) -> Columns:
    """Where a line stands, and in what kind of document."""
    lines, width, count, place = batch.reading.lines, batch.width, batch.count, batch.place
    return {
        "place": place / np.maximum(1, count - 1),
        "from_start": np.minimum(place, FAR).astype(float),
        "from_end": np.minimum(count - 1 - place, FAR).astype(float),
        "lines": count.astype(float),
        "long_share": _ratio(batch.total(width * (width >= LONG)), batch.total(width)),
        "chinese": (HAN.width * batch.total(lines.han) > batch.total(lines.latin)).astype(float),
    }


def _neighbours(batch: Batch) -> Columns:
    """What the lines around a line are like."""
    width, ended = batch.width, batch.reading.lines.ended
    steps = [step for step in range(-NEAR, NEAR + 1) if step]
    near = np.stack([batch.near(width, step, -1) for step in steps])
    there = near >= 0
    size = there.sum(axis=0)
    alike = (np.abs(near - width) <= width / 4) & there & (width >= WRAPPED)
    return {
        "near_width": _ratio((near * there).sum(axis=0), size),
        "near_short": _ratio((there & (near < 40)).sum(axis=0), size),  # noqa: PLR2004
        "before_width": batch.near(width, -1, 0),
        "after_width": batch.near(width, 1, 0),
        "before_ended": batch.near(ended, -1, 0),
        "after_ended": batch.near(ended, 1, 0),
        "long_before": _distances(batch, -1),
        "long_after": _distances(batch, 1),
        "like_neighbours": _ratio(alike.sum(axis=0), size),
    }


def _distances(batch: Batch, step: int) -> Float64Array:
    """How many lines before (-1) or behind (1) the next long one stands, at most ``FAR``."""
    place = np.arange(len(batch.texts))
    marked = np.flatnonzero(batch.width >= LONG)
    chosen = np.concatenate([[-FAR - 1], marked, [len(place) + FAR]])
    if step < 0:
        found = chosen[np.searchsorted(chosen, place, "left") - 1]
        distance = np.where(found >= batch.start, place - found, FAR)
    else:
        found = chosen[np.searchsorted(chosen, place, "right")]
        distance = np.where(found < batch.start + batch.count, found - place, FAR)
    return np.minimum(distance, FAR).astype(float)
