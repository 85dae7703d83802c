"""Pages that are surely in another language, recognised in their markup before it is parsed.

A sample of what a page says is read straight from its HTML: the longest stretches of text, which
are main text if it has any, and some of the short ones, which are menus and lists. A page is surely
in another language if hardly any of the sample is in a wanted one. Whatever is mixed is not sure:
it is extracted, and judged by what was extracted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from typing import Protocol

import numpy as np

from models.kernels.arrays import Int64Array, UInt8Array
from models.kernels.compile import kernel
from models.language import LanguageIdentifier, is_plainly_chinese

MIN_BYTES = 12
"""A stretch of text that is shorter says nothing of its language."""

LONG_BYTES = 60
LONGEST = 10
SLICES = 4
SLICE_CHARS = 200
"""Ten long stretches and four slices of the short ones, of 200 characters at the most."""

LONG_CLIP = 4 * SLICE_CHARS
"""What is looked at of a long stretch, in bytes: 200 characters of it are shown."""

SHORT = 60
SHORT_BYTES = 100
"""The slices are cut from 60 short stretches, evenly spread over the page, 100 bytes of each."""

MIN_SAMPLE_BYTES = 200
"""A smaller sample is not sure of anything."""

MAX_WANTED_RATIO = 0.15
"""The share of the sample that may be in a wanted language (benchmarks/early_exit.py)."""

MAX_STRETCHES = 1 << 14

Span = tuple[int, int]
"""Where a stretch of text starts and ends in the bytes of a page."""


@dataclass(frozen=True, slots=True)
class OtherLanguage:
    """The language of most of a page, and how much of its sample is in a wanted one at most."""

    language: str
    wanted_ratio: float
    sample: str


class LanguageFinder(Protocol):
    """`find_other_language`, told what the wanted languages are."""

    def __call__(self, html: str, *, encoded: bytes | None) -> OtherLanguage | None:
        """The language of a page that is surely in none of them."""


def find_other_language(
    html: str,
    identifier: LanguageIdentifier,
    wanted: Sequence[str],
    encoded: bytes | None = None,
) -> OtherLanguage | None:
    """The language of a page that is surely in none of ``wanted``; None for any other page.

    ``encoded`` is the page in UTF-8, where that is known.
    What the identifier leaves open counts as wanted: of a piece that is French at 0.8, 0.2.
    """
    pieces = read_sample(html, encoded)
    sizes = [len(piece.encode("utf-8", "ignore")) for piece in pieces]
    total = sum(sizes)
    if total < MIN_SAMPLE_BYTES:
        return None
    reads_chinese = "zh" in wanted
    ratio = 0.0
    by_language: Counter[str] = Counter()
    for size, piece in zip(sizes, pieces, strict=True):
        if reads_chinese and is_plainly_chinese(piece):
            ratio += size / total
        else:
            [found] = identifier.score([piece])
            is_wanted = found.language in wanted
            ratio += size / total * (found.confidence if is_wanted else 1 - found.confidence)
            by_language[found.language] += 0 if is_wanted else size
        if ratio > MAX_WANTED_RATIO:
            return None  # most pages: three pieces of fourteen have been looked at
    return OtherLanguage(by_language.most_common(1)[0][0], ratio, "\n".join(pieces))


def read_sample(html: str, encoded: bytes | None = None) -> list[str]:
    """The longest stretches of a page's text, then slices of its short ones, in page order.

    A stretch that stands there again (teasers, placeholders, labels) counts once, but where there
    are not enough long ones.

    >>> read_sample("<p>A stretch of twelve bytes or more</p><script>var a = 'no text'</script>")
    ['A stretch of twelve bytes or more']
    """
    source = html.encode("utf-8", "ignore") if encoded is None else encoded
    spans = np.empty((MAX_STRETCHES, 2), np.int64)
    spans = spans[: _find_texts(np.frombuffer(source, np.uint8), MIN_BYTES, spans)]
    longest, others = _choose(source, spans)
    pieces = [_clean(source[start:end][:LONG_CLIP]) for start, end in longest]
    slices = [source[start : min(end, start + SHORT_BYTES)] for start, end in others]
    short = _clean(b" ".join(slices))
    step = max(SLICE_CHARS, -(-len(short) // SLICES))
    pieces += [short[at : at + step] for at in range(0, len(short), step)]
    return [piece[:SLICE_CHARS] for piece in pieces if piece]


def _choose(source: bytes, spans: Int64Array) -> tuple[list[Span], list[Span]]:
    """Where the longest stretches lie, by size, and 60 of the others, in page order."""
    seen: set[bytes] = set()
    firsts: list[Span] = []
    copies: list[Span] = []
    for start, end in spans[np.argsort(spans[:, 0] - spans[:, 1], kind="stable")].tolist():
        text = source[start : min(end, start + LONG_CLIP)]
        (copies if text in seen else firsts).append((start, end))
        seen.add(text)
    long = [(start, end) for start, end in firsts if end - start >= LONG_BYTES][:LONGEST]
    others = sorted(firsts[len(long) :])
    again = [(start, end) for start, end in copies if end - start >= LONG_BYTES]
    return [*long, *again][:LONGEST], others[:: max(1, len(others) // SHORT)]


def _clean(text: bytes) -> str:
    return " ".join(unescape(text.decode("utf-8", "ignore")).split())


_TAG, _END, _BANG, _DASH, _SLASH, _SPACE = b"<>!-/ "
_FIRST_LETTERS = 3  # enough to tell <style> from <strong>


def _letters(name: bytes) -> int:
    return name[0] << 16 | name[1] << 8 | name[2]


_SCRIPT, _STYLE, _NOSCRIPT, _TEMPLATE = map(_letters, (b"scr", b"sty", b"nos", b"tem"))


@kernel()
def _lower_letters(html: UInt8Array, at: int) -> int:
    return (html[at] | 32) << 16 | (html[at + 1] | 32) << 8 | html[at + 2] | 32


@kernel()
def _trim(html: UInt8Array, start: int, end: int) -> tuple[int, int]:
    """A stretch without the white space around it."""
    while start < end and html[start] <= _SPACE:
        start += 1
    while end > start and html[end - 1] <= _SPACE:
        end -= 1
    return start, end


@kernel()
def _find_texts(html: UInt8Array, min_bytes: int, spans: Int64Array) -> int:
    """Write where stretches of text between tags start and end; how many there are.

    Comments, scripts, styles, templates and what is for browsers without scripts are no text, nor
    is the white space around a stretch (some shops' pages have ten runs of 500 bytes of it). One
    pass, whatever the markup: a tag or comment that does not end takes what is left.
    """
    count, at, last = 0, 0, len(html) - 1 - _FIRST_LETTERS
    while at < last and count < len(spans):
        start = at
        while at < last and html[at] != _TAG:
            at += 1
        start, end = _trim(html, start, at)
        if end - start >= min_bytes:
            spans[count] = start, end
            count += 1
        if at < last and html[at + 1] == _BANG and html[at + 2] == _DASH:
            at += 4
            while at < last and not (html[at] == _END and html[at - 1] == _DASH == html[at - 2]):
                at += 1
            at += 1
            continue
        name = _lower_letters(html, at + 1) if at < last else 0
        while at < last and html[at] != _END:
            at += 1
        at += 1
        if name in (_SCRIPT, _STYLE, _NOSCRIPT, _TEMPLATE):
            while at < last - 1 and not (
                html[at] == _TAG and html[at + 1] == _SLASH and _lower_letters(html, at + 2) == name
            ):
                at += 1
    return count
