"""What an element's own attributes say of how it is shown: whether at all, and in which lines."""

from __future__ import annotations

import re
from functools import lru_cache

_NOT_SHOWN = re.compile(
    r"\bdisplay:none|\bvisibility:(?:hidden|collapse)|\btext-indent:-\d{3}"
    r"|\bfont-size:0(?:\.0+)?(?:px|pt|r?em|%)?(?:;|!|$)|\bclip:rect\(0|\bclip:rect\(1px[, ]?1px"
    r"|\bclip-path:inset\((?:50|100)%"
)
_OUT_OF_FLOW = re.compile(r"\bposition:(?:absolute|fixed)")
_FAR_AWAY = re.compile(r"\b(?:left|top|right|bottom|margin-left|margin-top):-\d{3}")
_CLIPPED = re.compile(r"\boverflow(?:-[xy])?:(?:hidden|clip)")
_NO_SIZE = re.compile(r"(?:^|;)(?:max-)?(?:height|width):0(?:px|pt|r?em|%)?(?:;|!|$)")
_KEEPS_LINES = re.compile(r"\bwhite-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_CODE_BOXES = tuple(
    tuple(re.compile(part, re.IGNORECASE) for part in parts)
    for parts in (
        (r"\bborder-left:\s?#cccccc", r"\bword-break:\s?break-all"),
        (r"\bfont-family:[^;]{0,80}(?:courier|consolas|monospace)", r"\b(?:border|background)"),
    )
)
_UNFOLDED = re.compile(
    r"accordion|collaps|\bcolla-|-colla-|\btab|-tab|tab-|faq|toggle|panel|answer|expand|slide|carousel|read-?more",
    re.IGNORECASE,
)


@lru_cache(maxsize=1 << 12)
def hides(style: str) -> bool:
    """Whether an inline style keeps text from being seen: off, off screen, or without size.

    >>> hides("display: none"), hides("position:absolute; left:-9999px"), hides("width: 0")
    (True, True, False)
    """
    declared = re.sub(r"\s+", "", style[:1000].lower())
    return (
        _NOT_SHOWN.search(declared) is not None
        or (_OUT_OF_FLOW.search(declared) and _FAR_AWAY.search(declared)) is not None
        or (_CLIPPED.search(declared) and _NO_SIZE.search(declared)) is not None
    )


@lru_cache(maxsize=1 << 14)
def is_unfolding(name: str) -> bool:
    """Whether a class, id or role is of something that a click shows: an accordion, tabs, slides.

    >>> is_unfolding("faq-answer"), is_unfolding("menu")
    (True, False)
    """
    return _UNFOLDED.search(name) is not None


def keeps_lines(style: str) -> bool:
    """Whether an inline style shows the line ends of a text.

    >>> keeps_lines("white-space: pre-wrap"), keeps_lines("white-space: nowrap")
    (True, False)
    """
    return _KEEPS_LINES.search(style) is not None


def boxes_code(style: str) -> bool:
    """Whether an inline style is that of a box of code; nothing else may say that this is code.

    Actipro's CodeHighlighter makes such boxes on Chinese blogs of 2005 to 2012, and people by hand:
    letters of one width on a ground or in a frame of their own.

    >>> boxes_code("border-left: #cccccc 1px solid; word-break: break-all; background: #eee")
    True
    >>> boxes_code("background: #eee; font-family: Courier New"), boxes_code("font-family: courier")
    (True, False)
    """
    return any(all(part.search(style[:1000]) for part in parts) for parts in _CODE_BOXES)
