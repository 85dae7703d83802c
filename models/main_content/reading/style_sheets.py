"""What a page's own style sheets hide: the classes and ids of rules that hide whatever has them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from models.kernels.arrays import Int32Array, UInt32Array
from models.kernels.compile import inlined, kernel
from models.main_content.reading.page_elements import CLOSE, OPEN, PageElements

MAX_CHARS = 20_000
"""Of a page's style sheets, further ones are not read: themes and frameworks have more."""

_MIN_RULE = len("{y:none}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SIMPLE = re.compile(r"(?:[a-zA-Z][\w-]*)?([.#])([\w-]+)")
_SLASH, _STAR, _OPEN, _CLOSE, _SEMICOLON, _COLON, _SPACE, _H, _N, _Y = b"/*{};: hny"
_NONE, _HIDDEN = (np.frombuffer(word, np.uint8).astype(np.uint32) for word in (b"none", b"hidden"))


def hidden_names(page: PageElements) -> tuple[frozenset[str], frozenset[str]]:
    """The classes and the ids that ``display: none`` or ``visibility: hidden`` are said of.

    Only rules of one class or id count, and none that holds under a condition (``@media``).
    """
    names: dict[str, set[str]] = {".": set(), "#": set()}
    for selector in _hiding_selectors(page):
        for one in selector.split(","):
            if found := _SIMPLE.fullmatch(one.strip()):
                names[found[1]].add(found[2])
    return frozenset(names["."]), frozenset(names["#"])


def _hiding_selectors(page: PageElements) -> Iterator[str]:
    found = np.empty((MAX_CHARS // _MIN_RULE, 2), np.int32)
    left = MAX_CHARS
    for start, close in page.tags[page.named("style")][:, [OPEN, CLOSE]].tolist():
        end = min(start + left, close)
        left -= end - start
        for rule in found[: _find_rules(page.text, start, end, _NONE, _HIDDEN, found)].tolist():
            yield _COMMENT.sub("", page.string(*rule))


@kernel()
def _find_rules(  # noqa: C901, PLR0912 -- one loop, compiled
    text: UInt32Array,
    start: int,
    end: int,
    none: UInt32Array,
    hidden: UInt32Array,
    found: Int32Array,
) -> int:
    """Write where the selectors of hiding rules begin and end; how many there are."""
    count = depth = opened = 0
    hides = False
    at = selector = start
    while at < end:
        code = text[at]
        if _SEMICOLON < code < _OPEN:  # letters
            if depth == 1 and not hides:
                if code == _N:
                    hides = _says(text, start, at, end, none)
                elif code == _H:
                    hides = _says(text, start, at, end, hidden)
            at += 1
            continue
        if code == _SLASH and at + 1 < end and text[at + 1] == _STAR:
            at += 2
            while at + 1 < end and (text[at] != _STAR or text[at + 1] != _SLASH):
                at += 1
            at += 2
            continue
        if code == _OPEN:
            depth += 1
            if depth == 1:
                opened, hides = at, False
        elif code == _CLOSE:
            if depth == 1 and hides:
                found[count, 0], found[count, 1] = selector, opened
                count += 1
            depth = max(0, depth - 1)
            if not depth:
                selector = at + 1
        elif code == _SEMICOLON and not depth:
            selector = at + 1
        at += 1
    return count


@inlined
def _says(text: UInt32Array, start: int, at: int, end: int, word: UInt32Array) -> bool:
    """Whether a property whose name ends in y, as display and visibility do, is so."""
    if at + len(word) > end:
        return False
    for place in range(1, len(word)):
        if text[at + place] != word[place]:
            return False
    at -= 1
    while at > start and text[at] == _SPACE:
        at -= 1
    if text[at] != _COLON:
        return False
    at -= 1
    while at > start and text[at] == _SPACE:
        at -= 1
    return text[at] == _Y
