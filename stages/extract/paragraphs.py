"""Text as one line for each paragraph: white space normalised, nothing else changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from models.main_content.main_text import MainText
from stages.extract.html import remove_unfit
from stages.extract.shortcodes import remove_shortcodes

_INVISIBLE = "\u200b\u2060\ufeff\xad"


def normalise_lines(lines: Iterable[str]) -> list[str]:
    r"""Lines with runs of white space as one space and without empty ones; code as it is written.

    An item with a line end in it is several lines that somebody wrote so: they keep indentation and
    empty lines. Ideographic and no-break spaces are white space. Zero-width spaces, byte order
    marks and soft hyphens go, joiners stay (scripts and emoji need them). Characters are not
    composed (no NFC).

    >>> normalise_lines(["\u3000一 \t二\u200b", " ", "if x:\n    y\n"])
    ['一 二', 'if x:\n    y']
    """
    given = list(lines)
    invisible = _invisible_in(given)
    return [text for line in given if (text := _clean(line, invisible))]


def normalise_main_text(found: MainText) -> MainText:
    """A main text with its lines, and the cells in them, normalised so; without empty ones."""
    invisible = _invisible_in(found.texts())
    lines = [
        line
        if text == line.text and not line.cells
        else replace(line, text=text, cells=tuple(_clean(cell, invisible) for cell in line.cells))
        for line in found.lines
        if (text := _clean(line.text, invisible))
    ]
    return replace(found, lines=lines)


def _invisible_in(lines: Sequence[str]) -> str:
    """The invisible characters of some lines, mostly none: each is looked for once."""
    whole = "".join(lines)
    return "".join(char for char in _INVISIBLE if char in whole)


def _clean(line: str, invisible: str) -> str:
    for char in invisible:
        line = line.replace(char, "")
    if "\n" in line:
        return line.rstrip()
    line = remove_shortcodes(line)
    return line if _is_normal(line) else " ".join(line.split())


def _is_normal(line: str) -> bool:
    """Whether its white space is surely single spaces within it: no other is printable."""
    return line.isprintable() and "  " not in line and line[:1] != " " != line[-1:]


def normalise(text: str) -> list[str]:
    """The lines of a plain text by the same rules: they are its paragraphs."""
    return normalise_lines(remove_unfit(text).splitlines())
