"""Text whose lines matter: code, and whatever else a page has written line by line."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import Any

from models.main_content.reading.code_language import LANGUAGES

PREFORMATTED = frozenset(("pre", "listing", "xmp", "plaintext"))
INLINE_CODE = frozenset(("code", "samp", "tt", "kbd"))
ROWS_OF_LINES = frozenset(("table", "tbody", "thead", "tr", "ol", "ul"))
"""White space between their children is the page's source, and no part of any line."""

# What cannot stand in code: a ``pre`` with it was never closed, or holds an article.
NO_CODE = ("p", "h1", "h2", "h3", "h4", "th", "form", "article", "section", "blockquote")
LISTINGS = frozenset((
    "code", "codeblock", "code-block", "codesnippet", "source-code", "sourcecode", "programlisting",
    "highlight", "syntaxhighlighter", "dp-highlighter", "hljs", "hljs-ln", "prettyprint",
    "prism-code", "crayon-pre", "codemirror-code", "react-code-lines",
    "js-file-line-container", "cnblogs_code", "lntable", "highlighttable", "codehilite",
    "blockcode", "codebody", "enlighterjs", "linenums", "w3-code", "example_code",
    "hl-main", "dp-c", "dp-cpp", "dp-css", "dp-delphi", "dp-j", "dp-py", "dp-rb", "dp-sql", "dp-vb",
    "dp-xml", "mw-geshi", "cm-content",
))  # fmt: skip
GUTTERS = frozenset((
    "gutter", "rouge-gutter", "lineno", "linenos", "linenodiv", "linenumber", "linenumbers",
    "line-number", "line-numbers", "line-numbers-rows", "line-numbers-wrapper", "hljs-ln-numbers",
    "hljs-ln-n", "blob-num",
    "crayon-nums", "crayon-num", "pre-numbering", "ln", "lnt", "lnum", "codemirror-linenumber",
    "codemirror-gutter-wrapper", "react-line-number", "line_number", "lines-number",
    "prism-line-numbers",
))  # fmt: skip
_ASIDE = GUTTERS | frozenset((
    "toolbar", "bar", "tools", "copy-btn", "copybtn", "copy-code-btn", "copy-code-button",
    "btn-clipboard", "hljs-button", "code-block-extension-header", "codesnippettoolbar",
))  # fmt: skip
_NAMES_OF_LANGUAGE = frozenset(("lang", "code-lang"))
_OFFERS = frozenset(("复制代码", "複製代碼", "复制", "copy code", "view plain"))
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_NUMBERED = re.compile(r"\s{0,6}(\d{1,5})(?: |$)")
MIN_NUMBERED = 3
_SIGNS = re.compile(r"[{}();=<>]")
MIN_SIGNS = 0.5
"""Signs of code for each line that is numbered: less may be a ranking."""
_NUMBER = re.compile(r"\s*(\d{1,6})\s*")


class Layout(Enum):
    """What makes the lines of an element that is a block as a whole."""

    ROW = "row"  # of a table: one line
    WRITTEN = "written"  # all white space counts
    LINES = "lines"  # in each element in it; between them it is the source's
    FOLDED = "folded"  # line breaks and no-break spaces count


@lru_cache(maxsize=1 << 12)
def is_gutter(label: str) -> bool:
    """Whether an element of these classes, in code, numbers its lines or offers to copy them.

    >>> is_gutter("highlight-gutter gutter"), is_gutter("code")
    (True, False)
    """
    return not _ASIDE.isdisjoint(label.lower().split())


def names_language(label: str, text: str) -> bool:
    """Whether an element of these classes says which language the code beside it is in.

    >>> names_language("lang", "ts"), names_language("lang", "English")
    (True, False)
    """
    is_label = not _NAMES_OF_LANGUAGE.isdisjoint(label.lower().split())
    return is_label and text.strip().lower() in LANGUAGES


def names_numbers(label: str) -> bool:
    """Whether classes are those of what numbers lines of code."""
    return not GUTTERS.isdisjoint(label.lower().split())


def offers_copy(text: str) -> bool:
    """Whether an element in code that has this text does no more than offer a copy of it."""
    return text.strip().lower() in _OFFERS


def names_listing(label: str) -> bool:
    """Whether classes are those of code.

    >>> names_listing("source-lua"), names_listing("source-list")
    (True, False)
    """
    names = label.lower().split()
    return not LISTINGS.isdisjoint(names) or any(
        name.startswith("source-") and name[7:] in LANGUAGES for name in names
    )


def names_rows_of_code(label: str) -> bool:
    """Whether a table of these classes, which may be code, has a line of it in each row.

    So code hosts and Trac show it, indented by blanks.
    """
    return "js-file-line-container" in label or "hljs-ln" in label or label == "code"


def layout_of_listing(element: Any) -> Layout:
    """How code in lines of its own is laid out where the page's source says nothing of blanks.

    Of code that the source writes in one line they are the code's own, and so they are in each
    element that has no line end, if all of it stands in such elements.
    """
    inner = ["".join(child.itertext()) for child in element]
    if "\n" in "".join(inner):
        return Layout.FOLDED
    between = [element.text, *(child.tail for child in element)]
    blanks = "".join(text for text in between if text)
    if "\n" not in blanks:
        return Layout.WRITTEN
    return Layout.FOLDED if blanks.strip() else Layout.LINES


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
    return f"{_without_numbers(kept)}\n" if kept.strip() else ""


def _without_numbers(code: str) -> str:
    r"""Lines without their numbers, where each begins with its own and they look like code.

    >>> _without_numbers(" 9 if x:\n10     y()\n11 z()")
    'if x:\n    y()\nz()'
    >>> _without_numbers("1 ham\n2 jam\n3 lamb")
    '1 ham\n2 jam\n3 lamb'
    """
    lines = code.split("\n")
    found = [_NUMBERED.match(line) for line in lines]
    numbers = [int(match[1]) for match in found if match]
    is_counted = len(numbers) == len(lines) >= MIN_NUMBERED and numbers == list(
        range(numbers[0], numbers[0] + len(lines))
    )
    if not is_counted or len(_SIGNS.findall(code)) < MIN_SIGNS * len(lines):
        return code
    bare = [line[match.end() :] for line, match in zip(lines, found, strict=True) if match]
    return "\n".join(bare).strip("\n")


def numbers_lines(text: str) -> bool:
    r"""Whether a text counts lines and says nothing else.

    >>> numbers_lines("1\n2\n3\n"), numbers_lines("1\n3\n")
    (True, False)
    """
    found = [_NUMBER.fullmatch(line) for line in text.split("\n") if line]
    numbers = [int(match.group(1)) for match in found if match]
    first = numbers[0] if numbers else 0
    return len(numbers) == len(found) and numbers == list(range(first, first + len(numbers)))
