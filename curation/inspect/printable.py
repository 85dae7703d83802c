"""What a page says, made harmless for a terminal and for a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

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


def printable_lines(text: str) -> str:
    r"""The text with its line ends, which are ours, and each line made harmless.

    >>> printable_lines("a\nb\x1b")
    'a\nb\\x1b'
    """
    return "\n".join(map(printable, text.split("\n")))


def say(console: Console, line: str, style: str | None = None) -> None:
    """Print a line as it is: nothing in it is markup, a number or a place to wrap."""
    console.print(line, style=style, highlight=False, markup=False, soft_wrap=True)


def cell(text: str) -> str:
    r"""The text as a cell of CSV that no spreadsheet computes, on one line.

    >>> cell("=1+1\t")
    "'=1+1\\t"
    """
    shown = printable(text)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown
