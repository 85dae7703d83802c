"""What an element's own attributes say of how it is shown: whether at all, and in which lines."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from lxml import etree

_TEXT = etree.XPath("string()")
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
_UNFOLDED = re.compile(
    r"accordion|collaps|\btab|-tab|tab-|faq|toggle|panel|answer|expand|slide|carousel|read-?more",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[\W_]+")


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


def is_hidden(element: Any) -> bool:
    """Whether an element's attributes keep its text from being seen.

    Of two neighbours with the same text one of which is ``aria-hidden``, that one is a copy for
    the eye. ``hidden="until-found"`` is text that a browser's search finds, so it is read; a
    ``dialog`` is shown where it is ``open``.
    """
    style, hidden = element.get("style"), element.get("hidden")
    return (
        (style is not None and hides(style))
        or (hidden is not None and hidden.lower() != "until-found")
        or (element.get("aria-hidden") == "true" and _is_copy(element))
        or (element.tag == "dialog" and element.get("open") is None)
    )


def unfolds(element: Any) -> bool:
    """Whether a hidden element is one that a click shows: of an accordion, of tabs, of slides.

    >>> from lxml import html
    >>> unfolds(html.fromstring("<div class='faq-answer' hidden>Yes.</div>"))
    True
    """
    above = element.getparent()
    names = [element.get("class"), element.get("id"), element.get("role")]
    if above is not None:
        names.append(above.get("class"))
    return any(_UNFOLDED.search(name) for name in names if name)


def keeps_lines(style: str) -> bool:
    """Whether an inline style shows the line ends of a text.

    >>> keeps_lines("white-space: pre-wrap"), keeps_lines("white-space: nowrap")
    (True, False)
    """
    return _KEEPS_LINES.search(style) is not None


def _is_copy(element: Any) -> bool:
    """Whether the element before or after has the same letters and digits."""
    own: str | None = None
    for other in (element.getprevious(), element.getnext()):
        if other is not None and isinstance(other.tag, str):
            own = _letters(element) if own is None else own
            if own and _letters(other) == own:
                return True
    return False


def _letters(element: Any) -> str:
    return _LETTERS.sub("", _TEXT(element)).lower()
