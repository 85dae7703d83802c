"""Blocks that say of themselves that they are no part of a text: notices, and lines that offer."""

from __future__ import annotations

import numpy as np

from models.main_content.layout import Vector
from models.main_content.phrases import pattern
from models.main_content.reading.blocks import Blocks
from models.main_content.wholes import Chosen

MAX_CHARS = 500
MAX_SHARE = 0.5
"""Of a text that notices are: more of them are what the page is there for."""
MIN_LINKED = 0.4

_NOTICE, _OFFER, _SUBJECT = pattern("notices"), pattern("offers"), pattern("subjects")


def is_notice(text: str, *, is_linked: bool = False) -> bool:
    """Whether a block is a notice or, where links are much of it, offers another page.

    >>> is_notice("责任编辑：王小明"), is_notice("Editors are people.")
    (True, False)
    """
    text = text.lower()
    if is_linked and _OFFER.fullmatch(text):
        return True
    return _NOTICE.fullmatch(text) is not None


def leave_out_notices(chosen: Chosen, words: Vector, blocks: Blocks, title: str) -> Chosen:
    """The choice without notices, unless these are what the page is about."""
    if _SUBJECT.search(title.lower()):
        return chosen
    result, is_linked = chosen.copy(), blocks.link_chars >= MIN_LINKED * blocks.sizes
    may_be = chosen & (blocks.sizes <= MAX_CHARS) & ~blocks.is_written
    for place in np.flatnonzero(may_be).tolist():
        result[place] = not is_notice(blocks.texts[place], is_linked=is_linked[place])
    return result if words @ result >= MAX_SHARE * (words @ chosen) else chosen
