"""Captions of a text's pictures and its notes: trees learnt from truths that have few of either."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from models.main_content.ancestors import spread
from models.main_content.layout import Vector
from models.main_content.reading.blocks import Blocks
from models.main_content.reading.nodes import Nodes
from models.main_content.wholes import Chosen

MIN_WORDS = 7.0
"""Of a caption that says something; of Chinese, a word is a character or two."""
MAX_CHARS = 400
BEFORE = 3
"""Blocks before the first that is chosen: the picture above a text is its own."""

NOTES = frozenset(("footnotes", "endnotes"))
"""Classes: of one note alone it is also what shops call the small print."""
_WORDS = ("caption", "pic_", "pic-t", "img_", "img-d", "photo_")
"""Of which a class that names a caption has one."""
_CLASS = re.compile(
    r"(?:thumb|img|image|photo|pic|picture|figure|media|wp|pgc)?[-_]?(?:img)?[-_]?"
    r"caption(?:[-_]?(?:text|credit))?|(?:img|pic|photo)_(?:tips?|con|txt|text|desc|info)"
    r"|pic-(?:txt|text|tips?)|img-desc"
)
_CREDIT = re.compile(
    r"\W{0,2}(?:(?:photos?|images?|pictures?|illustrations?)\b.{0,12}(?:by|credit|:|courtesy|via)|"
    r"credits?\b|courtesy|getty|source:|资料图|[图圖][片源]?[:：/]|.{0,12}[摄攝][)）]?$).*"
)


def keep_companions(
    chosen: Chosen, words: Vector, blocks: Blocks, nodes: Nodes, *, is_product: bool = False
) -> Chosen:
    """The choice with what is said of pictures between its blocks, and with the notes behind them.

    Pictures of products have names, not captions. A credit alone says nothing, nor does what stands
    under several pictures.
    """
    if not chosen.any():
        return chosen
    first, behind = int(chosen.argmax()), len(chosen) - int(chosen[::-1].argmax())
    result = chosen.copy()
    if not is_product and ("figcaption" in nodes.tags or nodes.may_have_class(_WORDS)):
        says = _stands_in(_is_caption, blocks, nodes) & ~chosen
        says &= (words >= MIN_WORDS) & (blocks.sizes <= MAX_CHARS)
        says[: max(first - BEFORE, 0)] = says[behind:] = False
        texts = {place: blocks[place].text.lower() for place in np.flatnonzero(says).tolist()}
        counts = Counter(texts.values())
        for place, text in texts.items():
            result[place] = counts[text] == 1 and not _CREDIT.fullmatch(text)
    if nodes.may_have_class(NOTES):
        notes = _stands_in(_holds_notes, blocks, nodes)
        notes[:first] = False
        if words @ notes <= words @ chosen:
            result |= notes
    return result


def _stands_in(is_one: Callable[[str], bool], blocks: Blocks, nodes: Nodes) -> Chosen:
    """The blocks, but links, in elements with such a signature."""
    inside = np.array([is_one(signature) for signature in nodes.signatures])[nodes.looks]
    spread(nodes.parent, inside)
    return inside[blocks.node] & ~blocks.is_linked


@lru_cache(maxsize=1 << 15)
def _is_caption(signature: str) -> bool:
    tag, _, label = signature.partition(".")
    return tag == "figcaption" or any(map(_CLASS.fullmatch, label.lower().split()))


def _holds_notes(signature: str) -> bool:
    return not NOTES.isdisjoint(signature.partition(".")[2].lower().split())
