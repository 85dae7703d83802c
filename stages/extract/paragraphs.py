"""Text as one line for each paragraph: white space normalised, nothing else changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from models.main_content.main_text import MainText
from stages.extract.html import remove_unfit
from stages.extract.shortcodes import remove_shortcodes

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\xad"))


def normalise_lines(lines: Iterable[str]) -> list[str]:
    r"""Lines with runs of white space as one space and without empty ones; code as it is written.

    An item with a line end in it is several lines that somebody wrote so: they keep indentation and
    empty lines. Ideographic and no-break spaces are white space. Zero-width spaces, byte order
    marks and soft hyphens go, joiners stay (scripts and emoji need them). Characters are not
    composed (no NFC).

    >>> normalise_lines(["\u3000一 \t二\u200b", " ", "if x:\n    y\n"])
    ['一 二', 'if x:\n    y']
    """
    return [line for line in map(_clean, lines) if line]


def normalise_main_text(found: MainText) -> MainText:
    """A main text with its lines, and the cells in them, normalised so; without empty ones."""
    lines = [
        line
        if text == line.text and not line.cells
        else replace(line, text=text, cells=tuple(map(_clean, line.cells)))
        for line in found.lines
        if (text := _clean(line.text))
    ]
    return replace(found, lines=lines)


def _clean(line: str) -> str:
    line = line.translate(_INVISIBLE)
    return line.rstrip() if "\n" in line else " ".join(remove_shortcodes(line).split())


def normalise(text: str) -> list[str]:
    """The lines of a plain text by the same rules: they are its paragraphs."""
    return normalise_lines(remove_unfit(text).splitlines())
