"""What a page says, made harmless for a terminal and for a spreadsheet."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@")
"""A spreadsheet computes a cell that begins with one."""
_SPACES = "\u00a0\u3000"  # Python would show these as escapes, people need not see them


def printable(text: str) -> str:
    r"""The text with every character that is not shown as itself as its escape.

    Escape sequences clear a screen and set its title; controls of direction show a line in another
    order than it has; a line end begins a line that the page did not print.

    >>> printable("a\x1b[2J\u202eb\r\n")
    'a\\x1b[2J\\u202eb\\r\\n'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in _SPACES else _escape(c) for c in text)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def cell(text: str) -> str:
    r"""The text as a cell of CSV that no spreadsheet computes, on one line.

    >>> cell("=1+1\t")
    "'=1+1\\t"
    """
    shown = printable(text)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown
