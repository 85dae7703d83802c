"""Text whose lines matter: code, and whatever else a page has written line by line."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import Any

from models.main_content.reading.elements import INLINE
from models.main_content.reading.styles import keeps_lines

PREFORMATTED = frozenset(("pre", "listing", "xmp", "plaintext"))
INLINE_CODE = frozenset(("code", "samp", "tt", "kbd"))
ROWS_OF_LINES = frozenset(("table", "tbody", "thead", "tr", "ol", "ul"))
"""White space between their children is the page's source, and no part of any line."""

# What cannot stand in code: a ``pre`` with it was never closed, or holds an article.
_NO_CODE = ("p", "h1", "h2", "h3", "h4", "form", "article", "section", "blockquote")
_LISTINGS = frozenset((
    "code", "codeblock", "code-block", "codesnippet", "source-code", "sourcecode", "programlisting",
    "highlight", "syntaxhighlighter", "dp-highlighter", "hljs", "hljs-ln", "prettyprint",
    "prism-code", "crayon-pre", "codemirror-code", "react-code-lines", "blob-code-content",
    "js-file-line-container", "cnblogs_code", "lntable", "highlighttable",
))  # fmt: skip
_GUTTERS = frozenset((
    "gutter", "rouge-gutter", "lineno", "linenos", "linenodiv", "linenumber", "linenumbers",
    "line-number", "line-numbers", "line-numbers-rows", "hljs-ln-numbers", "hljs-ln-n", "blob-num",
    "crayon-nums", "crayon-num", "pre-numbering", "ln", "lnt", "lnum", "codemirror-linenumber",
    "codemirror-gutter-wrapper", "react-line-number", "toolbar", "copy-btn", "copybtn",
    "hljs-button", "line_number", "lines-number", "prism-line-numbers",
))  # fmt: skip
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_NUMBER = re.compile(r"\s*(\d{1,6})\s*")


class Layout(Enum):
    """What makes the lines of an element that is a block as a whole."""

    ROW = "row"  # of a table: one line
    WRITTEN = "written"  # all white space counts
    FOLDED = "folded"  # line breaks and no-break spaces count


@lru_cache(maxsize=1 << 12)
def is_gutter(label: str) -> bool:
    """Whether an element of these classes numbers lines, or offers to copy them.

    >>> is_gutter("highlight-gutter gutter"), is_gutter("code")
    (True, False)
    """
    return not _GUTTERS.isdisjoint(label.lower().split())


@lru_cache(maxsize=1 << 12)
def names_listing(label: str) -> bool:
    """Whether classes are those of code."""
    return not _LISTINGS.isdisjoint(label.lower().split())


def is_preformatted(element: Any) -> bool:
    """Whether all white space of a ``pre`` or its like counts."""
    return not _has(element, _NO_CODE)


def has_breaks(element: Any) -> bool:
    """Whether an element of code that stands in a line is of several lines."""
    return len(element) > 0 and _has(element, ("br",))


def layout_of(element: Any, tag: str, label: str) -> Layout | None:
    """How an element of these classes makes lines of its own; None if it is read as pages flow."""
    if tag in PREFORMATTED:
        return Layout.WRITTEN if is_preformatted(element) else None
    if label and names_listing(label) and is_listing(element, tag, label):
        return Layout.WRITTEN if tag == "table" else Layout.FOLDED
    if tag in INLINE_CODE:
        return Layout.FOLDED
    style = element.get("style")
    if style and keeps_lines(style) and is_lines(element):
        return Layout.WRITTEN
    return None


def is_listing(element: Any, tag: str, label: str) -> bool:
    """Whether an element is code in lines that other elements make.

    So it is written by hand and by highlighters without ``pre``, indented by no-break spaces; or,
    on code hosts, as a table with a line in each row, indented by blanks.
    """
    if tag == "table":
        return "js-file-line-container" in label or "hljs-ln" in label
    return not _has(element, (*PREFORMATTED, *_NO_CODE)) and _has(
        element, ("br", "div", "li", "tr")
    )


def is_lines(element: Any) -> bool:
    """Whether an element whose style keeps line ends is one run of text."""
    return all(child.tag in INLINE or child.tag == "br" for child in element)


def fold_blanks(text: str) -> str:
    """Source blanks as one; no-break spaces, which indent, stay."""
    return _BLANKS.sub(" ", text)


def write_lines(text: str, *, is_folded: bool = False) -> str:
    r"""Lines as they are written: indented, without blanks at their ends, the last one ended.

    Where they are folded only no-break spaces indent: other blanks at their ends are the source's.

    >>> write_lines("\nif x:\r\n\xa0\xa0y = 1  \n\n")
    'if x:\n  y = 1\n'
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if is_folded:
        lines = [line.strip(" ") for line in lines]
    kept = "\n".join(line.replace("\xa0", " ").rstrip() for line in lines).strip("\n")
    return f"{kept}\n" if kept.strip() else ""


def numbers_lines(text: str) -> bool:
    r"""Whether a text counts lines and says nothing else.

    >>> numbers_lines("1\n2\n3\n"), numbers_lines("1\n3\n")
    (True, False)
    """
    found = [_NUMBER.fullmatch(line) for line in text.split("\n") if line]
    numbers = [int(match.group(1)) for match in found if match]
    first = numbers[0] if numbers else 0
    return len(numbers) == len(found) and numbers == list(range(first, first + len(numbers)))


def _has(element: Any, tags: tuple[str, ...]) -> bool:
    return next(element.iterdescendants(*tags), None) is not None
