"""Blocks that say of themselves that they are no part of a text: notices, and lines that offer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.main_content.layout import Vector
from models.main_content.phrases import pattern
from models.main_content.reading.blocks import Block
from models.main_content.wholes import Chosen

MAX_CHARS = 500
MAX_SHARE = 0.5
"""Of a text that notices are: more of them are what the page is there for."""
MIN_LINKED = 0.4

_NOTICE, _OFFER, _SUBJECT = pattern("notices"), pattern("offers"), pattern("subjects")


def is_notice(block: Block) -> bool:
    """Whether a block is a notice or offers another page, by its whole text.

    >>> texts = ("责任编辑：王小明", "本文来源：港口日报", "Editors are people.")
    >>> [is_notice(Block(text, 0, 0, 0, 0)) for text in texts]
    [True, True, False]
    """
    if len(block.text) > MAX_CHARS or block.written:
        return False
    text = block.text.lower()
    if block.link_chars >= MIN_LINKED * len(text) and _OFFER.fullmatch(text):
        return True
    return _NOTICE.fullmatch(text) is not None


def leave_out_notices(chosen: Chosen, words: Vector, blocks: Sequence[Block], title: str) -> Chosen:
    """The choice without notices, unless these are what the page is about."""
    if _SUBJECT.search(title.lower()):
        return chosen
    result = chosen.copy()
    for place in np.flatnonzero(chosen).tolist():
        result[place] = not is_notice(blocks[place])
    return result if words @ result >= MAX_SHARE * (words @ chosen) else chosen
