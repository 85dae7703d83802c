"""Measures over lines and paragraphs: how they begin, end and repeat."""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.text import languages
from models.text.reading import Reading
from stages.rules.lexicon import RuleLexicon

_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n\s*")
_OTHER_BREAK = re.compile("[\v\f\r\x1c-\x1e\x85\u2028\u2029]")
_CLOSERS = " \t\u3000\"'”’」』）)]】》*_"
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_SEPARATORS = ("|", "｜", "»", "›", ">", "•", "·", " / ", " - ", " – ", " — ", "\t")
_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W\d_]")
_CODE = re.compile(
    r"function\s*\(|var \w+\s*=|document\.\w+[(.]|window\.\w+[(.=\[]|\$\(['\"#.]|adsbygoogle"
    r"|@media\b"
    r"|\{[\w\s-]{1,40}:[^;{}]{1,100};|</?[a-zA-Z][^<>\n]{0,300}>"
)
_CODE_SIGNS = ("(", "{", "<", "[")
_DIFF_HEAD = re.compile(
    r"diff --git |@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@|Index: \S|index [0-9a-f]{7,}\.\.[0-9a-f]{7,}"
    r"|(?:---|\+\+\+) (?:[ab]/|\S+\t)"
)
_DIFF_BODY = ("+", "-", "@@")
SEPARATED = 2  # "Home | News | Contact": from the second separator on, a line is navigation
FIGURES_CHARACTERS = 40  # a number, date or price is shorter; longer lines of figures are tables
NAVIGATION_CHARACTERS = 500
TABLE_ROW = "|"  # a table that extraction wrote as Markdown


def line_measures(reading: Reading, lexicon: RuleLexicon) -> dict[str, float]:
    """Counts and ratios over the lines that are not blank; all 0 for a text without any.

    ``*_lines_ratio`` are of the lines, ``*_line_characters_ratio`` of their characters. An ended
    line has an end mark last or before closing quotes and brackets; a fragment is a short line that
    has not. Repetition is measured apart, by
    ``repeated_line_measures``.
    """
    text, lines = reading.text, _lines_of(reading)
    count, whole = len(lines), sum(map(len, lines))
    ended = [_is_ended(line, lexicon.end_marks) for line in lines]
    ended_characters = sum(len(line) for line, end in zip(lines, ended, strict=True) if end)
    sentences = len(languages.KNOWN.last_end_mark.findall(text))
    short = lexicon.short_line_characters
    sizes = [len(line) for line, end in zip(lines, ended, strict=True) if not end]
    fragments = [size for size in sizes if size <= short]
    return {
        "lines": float(count),
        "mean_line_length": _ratio(whole, count),
        "sentences": float(sentences),
        "sentences_per_1000_characters": _ratio(1000 * sentences, whole),
        "short_lines_ratio": _ratio(sum(len(line) <= short for line in lines), count),
        "fragment_lines_ratio": _ratio(len(fragments), count),
        "fragment_line_characters_ratio": _ratio(sum(fragments), whole),
        "end_mark_lines_ratio": _ratio(sum(ended), count),
        "end_mark_line_characters_ratio": _ratio(ended_characters, whole),
        "ellipsis_lines_ratio": _ratio(sum(x.endswith(lexicon.ellipses) for x in lines), count),
        "bullet_lines_ratio": _ratio(sum(x.startswith(lexicon.bullets) for x in lines), count),
        "digit_lines_ratio": _ratio(sum(map(_is_figures, lines)), count),
        "separated_lines_ratio": _ratio(_count_separated(text, lines), count),
        "address_characters_ratio": _ratio(_address_characters(text), whole),
        "code_line_characters_ratio": _ratio(_code_characters(text, lines), whole),
        "diff_lines_ratio": _diff_ratio(text, lines),
    }


def _lines_of(reading: Reading) -> Sequence[str]:
    """The lines that are not blank, without white space at their ends.

    A line ends wherever Python's ``splitlines`` has it; nearly always that is at a line feed.
    """
    if not _OTHER_BREAK.search(reading.text):
        return reading.bare_lines
    return [stripped for line in reading.text.splitlines() if (stripped := line.strip())]


def repeated_line_measures(text: str) -> dict[str, float]:
    """Lines and paragraphs that occurred before, as shares of their number and of the text.

    Lines are compared with their indentation; blank ones are none. Source: Gopher, table A1.
    Deviation from FineWeb's code, which counts lines of blanks as repeated lines.
    """
    lines = [line for line in text.split("\n") if line and not line.isspace()]
    paragraphs = [part for part in _PARAGRAPH_BREAK.split(text.strip()) if part]
    repeated_lines, line_characters = count_duplicates(lines)
    repeated_paragraphs, paragraph_characters = count_duplicates(paragraphs)
    return {
        "paragraphs": float(len(paragraphs)),
        "duplicate_lines_ratio": _ratio(repeated_lines, len(lines)),
        "duplicate_line_characters_ratio": _ratio(line_characters, len(text)),
        "duplicate_paragraphs_ratio": _ratio(repeated_paragraphs, len(paragraphs)),
        "duplicate_paragraph_characters_ratio": _ratio(paragraph_characters, len(text)),
    }


def count_duplicates(elements: Sequence[str]) -> tuple[int, int]:
    """How many elements occurred before, and their characters.

    >>> count_duplicates(["ab", "c", "ab", "ab"])
    (2, 4)
    """
    seen: set[str] = set()
    count = characters = 0
    for element in elements:
        if element in seen:
            count += 1
            characters += len(element)
        else:
            seen.add(element)
    return count, characters


def _is_ended(line: str, end_marks: tuple[str, ...]) -> bool:
    return line.endswith(end_marks) or (
        line[-1] in _CLOSERS and line.rstrip(_CLOSERS).endswith(end_marks)
    )


def _is_figures(line: str) -> bool:
    """Whether a line is a number, date or price: letters are less than a quarter of it."""
    if len(line) > FIGURES_CHARACTERS or not _DIGIT.search(line):
        return False
    return len(_LETTERS.findall(line)) * 4 < len(line)


def _count_separated(text: str, lines: Sequence[str]) -> int:
    present = [separator for separator in _SEPARATORS if text.count(separator) >= SEPARATED]
    if not present:
        return 0
    return sum(
        1
        for line in lines
        if len(line) <= NAVIGATION_CHARACTERS
        and line[0] != TABLE_ROW
        and max(map(line.count, present)) >= SEPARATED
    )


def _address_characters(text: str) -> int:
    if "://" not in text and "www." not in text:
        return 0
    return sum(len(address) for address in _ADDRESS.findall(text))


def _code_characters(text: str, lines: Sequence[str]) -> int:
    """Characters of the lines that look like script, style or markup."""
    if not any(sign in text for sign in _CODE_SIGNS) or not _CODE.search(text):
        return 0
    return sum(len(line) for line in lines if _CODE.search(line, 0, 2000))


def _diff_ratio(text: str, lines: Sequence[str]) -> float:
    """Share of lines that belong to a code diff: 0 unless a header of one is there."""
    if "@@ -" not in text and "diff --git" not in text and "Index: " not in text:
        return 0.0
    heads = [bool(_DIFF_HEAD.match(line)) for line in lines]
    if not any(heads):
        return 0.0
    body = sum(head or x.startswith(_DIFF_BODY) for head, x in zip(heads, lines, strict=True))
    return _ratio(body, len(lines))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
