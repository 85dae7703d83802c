r"""Text written so that Markdown reads it as it stands: CommonMark, and the tables of GitHub's.

A backslash goes before what would be markup, and nowhere else: `snake_case`, `2 * 3`, `C:\new` and
`a < b` stay as they are. TeX between dollars stays as it is, but that a blank, which TeX does not
see, parts what CommonMark would take for a tag, a link or an entity.
"""

from __future__ import annotations

import re
from itertools import chain

_KEPT = "\udfff"
"""Stands for a formula meanwhile. No page has a lone surrogate."""

_FORMULA = re.compile(r"(?<![\\$])(\$\$?)(?![\s$])([^$]{1,2000})(?<![\s\\])\1(?![0-9$])")
"""As Pandoc has it: no white space inside the dollars, no digit behind them ($5 to $6)."""
_TEX = re.compile(r"[\\^_{}=<>+]|^\S*$")
"""What has none of these is prose that speaks of dollars."""
_UNFIT_IN_FORMULA = re.compile(r"<(?=[A-Za-z/!?])|\](?=\()|&(?=#?[0-9A-Za-z]{1,32};)")

_INLINE = re.compile(
    r"\\(?=[!-/:-@\[-`{-~]|$)"
    r"|(?P<lone>(?<=\s)\*+(?=\s))|\*"
    r"|(?P<inner>(?<=[^\W_])_+(?=[^\W_]))|_"
    r"|`|<(?=[A-Za-z/!?])|&(?=#?[0-9A-Za-z]{1,32};)|\](?=\()"
    r"|(?P<tildes>~+)"
)
_TILDES = re.compile(r"~+")
_AT_START = re.compile(
    r"#{1,6}(?=\s|$)|[-+](?=\s|$)|[>|]|[-=:][-=|:\s]*$"
    r"|\[(?=[ xX]\]\s|[^\[\]]{1,999}\]:)"
    r"|(?P<number>[0-9]{1,9})(?=[.)](?:\s|$))"
)
_CLOSING = re.compile(r"(?<!\S)#+$")


def escape(text: str) -> str:
    r"""A piece of a line.

    >>> print(escape("*Not* a [link](x) or <b>, 2 * 3 < 4 of $a_1 * b_1$"))
    \*Not\* a [link\](x) or \<b>, 2 * 3 < 4 of $a_1 * b_1$
    """
    formulas: list[str] = []

    def keep(found: re.Match[str]) -> str:
        if not _TEX.search(found[2]):
            return found[0]
        formulas.append(_UNFIT_IN_FORMULA.sub(r"\g<0> ", found[0]))
        return _KEPT

    bare = _FORMULA.sub(keep, text) if "$" in text else text
    has_pair = "~" in bare and len(_TILDES.findall(bare)) > 1
    escaped = _INLINE.sub(lambda found: _escape_one(found, has_pair=has_pair), bare)
    between = escaped.split(_KEPT)
    return "".join(chain.from_iterable(zip(between, [*formulas, ""], strict=True)))


def _escape_one(found: re.Match[str], *, has_pair: bool) -> str:
    tildes = found["tildes"]
    if found["lone"] or found["inner"] or (tildes == "~" and not has_pair):
        return found[0]
    return tildes.replace("~", r"\~") if tildes else f"\\{found[0]}"


def escape_line(text: str) -> str:
    r"""A line of a paragraph, which may begin like a heading, a list, a quote, a table, a fence.

    >>> print(escape_line("1. # > - |"), escape_line("- a"), escape_line("----"), sep="\n")
    1\. # > - |
    \- a
    \----
    """
    escaped = escape(text)
    start = _AT_START.match(text)
    if start is None or escaped.startswith(f"\\{text[0]}"):
        return escaped
    place = start.end() if start["number"] else 0
    return f"{escaped[:place]}\\{escaped[place:]}"


def escape_heading(text: str) -> str:
    r"""The text of a heading, which may end like one.

    >>> print(escape_heading("Why C #"))
    Why C \#
    """
    return _CLOSING.sub(r"\\\g<0>", escape(text))


def escape_cell(text: str) -> str:
    r"""The text of a cell of a table.

    >>> print(escape_cell("|x|"))
    \|x\|
    """
    return escape(text).replace("|", r"\|")


def fence(code: str, language: str) -> list[str]:
    """The lines of a piece of code, between fences that are longer than any run of its backticks.

    >>> fence("x = 1", "python")
    ['```python', 'x = 1', '```']
    """
    longest = max(map(len, re.findall(r"`{3,}", code)), default=2)
    ticks = "`" * (longest + 1)
    return [f"{ticks}{language}", *code.split("\n"), ticks]
