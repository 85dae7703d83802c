"""Captions of the pictures in a text: trees learnt from truths that have few, and leave most."""

from __future__ import annotations

import re
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


def keep_captions(chosen: Chosen, words: Vector, blocks: Blocks, nodes: Nodes) -> Chosen:
    """The choice with what is said of pictures between its blocks; a credit alone says nothing."""
    if "figcaption" not in nodes.tags and not any(map(nodes.all_classes.__contains__, _WORDS)):
        return chosen
    is_caption = np.array([_is_caption(look) for look in nodes.signatures])
    if not is_caption.any() or not chosen.any():
        return chosen
    inside = is_caption[nodes.looks]
    spread(nodes.parent, inside)
    first, behind = int(chosen.argmax()), len(chosen) - int(chosen[::-1].argmax())
    says = inside[blocks.node] & ~blocks.is_linked
    says &= (words >= MIN_WORDS) & (blocks.sizes <= MAX_CHARS)
    says[: max(first - BEFORE, 0)] = says[behind:] = False
    for place in np.flatnonzero(says & ~chosen).tolist():
        says[place] = not _CREDIT.fullmatch(blocks[place].text.lower())
    return chosen | says


@lru_cache(maxsize=1 << 15)
def _is_caption(signature: str) -> bool:
    tag, _, label = signature.partition(".")
    return tag == "figcaption" or any(map(_CLASS.fullmatch, label.lower().split()))
