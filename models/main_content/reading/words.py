"""The names that readers look for in a page, by number: compiled loops compare numbers."""

from __future__ import annotations

from typing import Final

import numpy as np

from models.main_content.reading.elements import (
    CONTEXTS,
    INLINE,
    LINE_BREAKS,
    RAISED,
    SKIPPED,
)
from models.main_content.reading.listings import INLINE_CODE, NO_CODE, PREFORMATTED
from models.main_content.reading.tables import NO_DATA

VALUED: Final = ("class", "id", "style", "role", "aria-hidden", "hidden")
"""Attributes whose values are numbered for each element; a page repeats a few hundred."""

READ: Final = (
    "alt", "src", "data-tex", "open", "shadowrootmode", "eeimg", "type", "property", "name",
    "content", "itemtype", "data-lang", "data-language", "rowspan", "colspan",
)  # fmt: skip
"""Attributes of which it is kept where each value stands."""

COMMENT: Final = "!"
"""Stands for comments and instructions: no element has such a name."""

TRANSPARENT: Final = frozenset(("html", "body"))
"""A page may have several: text after ``</body>`` is the body's, as in a browser."""

_COUNTED = (
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "picture", "meta", "noscript", "caption", "dialog",
    "true", "noframes", "td", "th", COMMENT,
)  # fmt: skip

IS_INLINE, IS_PLAIN, IS_SKIPPED, IS_BREAK, IS_TRANSPARENT, IS_STRONG, IS_RAISED = (
    1 << bit for bit in range(7)
)
IS_PREFORMATTED, IS_CODE, NO_CODE_STANDS_IN, MAKES_LINES, NO_DATA_STANDS_IN = (
    1 << bit for bit in range(7, 12)
)
_MEMBERS = {
    IS_INLINE: INLINE,
    IS_PLAIN: INLINE - RAISED - INLINE_CODE,
    IS_SKIPPED: SKIPPED | {COMMENT},
    IS_BREAK: LINE_BREAKS,
    IS_TRANSPARENT: TRANSPARENT,
    IS_STRONG: frozenset(("b", "strong")),
    IS_RAISED: RAISED,
    IS_PREFORMATTED: PREFORMATTED,
    IS_CODE: INLINE_CODE,
    NO_CODE_STANDS_IN: frozenset(NO_CODE),
    MAKES_LINES: frozenset(("br", "div", "li", "tr")),
    NO_DATA_STANDS_IN: frozenset(NO_DATA),
}
WORDS: Final = tuple(
    dict.fromkeys((
        *VALUED, *READ, "", "template", *CONTEXTS, *_COUNTED,
        *sorted(frozenset().union(*_MEMBERS.values())),
    ))
)  # fmt: skip
NUMBER: Final = {word: number for number, word in enumerate(WORDS)}
BYTES: Final = "".join(WORDS).encode()
"""The words one after the other, as they stand before the source of a page."""

SPANS: Final = np.cumsum([0, *(len(word.encode()) for word in WORDS)])

BITS: Final = np.array(
    [
        *(sum(bit for bit, words in _MEMBERS.items() if word in words) for word in WORDS),
        0,
    ],
    np.uint32,
)
"""What each word is as the name of an element; the last is for any other name."""
