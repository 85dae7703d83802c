"""Elements whose classes say that they are no part of a text: dialogs, teasers, signatures."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from models.main_content.ancestors import spread
from models.main_content.layout import Vector, sum_subtrees
from models.main_content.phrases import pattern
from models.main_content.reading.blocks import Blocks
from models.main_content.reading.nodes import Nodes
from models.main_content.reading.page_elements import distinct
from models.main_content.wholes import Chosen

MAX_RATIO = 3.0
"""Of the words in a box to the text outside: a box with more is the page, whatever it is called."""
MAX_CLASSES = 12
MAX_CLASS_CHARS = 60

SURE = frozenset(("cookies", "wikis", "infobox_tables"))
"""What is never a page's text, however much of it there is."""
INFOBOX = "infobox_tables"
SIGNATURES, REVIEWS = "signatures", "reviews"
"""Boxes of some pages only: where posters have signatures, and where one product is sold."""
_CLASS = pattern("classes")


def leave_out_boxes(
    chosen: Chosen,
    words: Vector,
    blocks: Blocks,
    nodes: Nodes,
    *,
    is_product: bool = False,
    in_forum: bool = False,
) -> Chosen:
    """The choice without what stands in elements with such classes; never without all of it.

    ``is_product`` says that the page sells one product: what buyers say is no text of it.
    ``in_forum`` says that posters have signatures.
    """
    is_text = ~blocks.is_linked  # a front page has links outside too
    own = np.column_stack([words, words * is_text])[chosen]
    inside, text = sum_subtrees(nodes.parent, blocks.node[chosen], own).T
    is_box, is_sure = _find_boxes(nodes, inside > 0, is_product=is_product, in_forum=in_forum)
    is_box &= is_sure | (inside <= MAX_RATIO * (text[0] - text))
    spread(nodes.parent, is_box)
    result = chosen & ~is_box[blocks.node]
    return result if result.any() else chosen


def _find_boxes(
    nodes: Nodes, are_asked: Chosen, *, is_product: bool, in_forum: bool
) -> tuple[Chosen, Chosen]:
    """Which of some elements are called a box, and which of these are one for sure."""
    is_box, is_sure = np.zeros((2, len(nodes.signatures)), np.bool_)
    kinds = {
        look: kind
        for look in distinct(nodes.looks[are_asked], len(nodes.signatures))
        if (kind := box_of(nodes.signatures[look]))
    }
    none = set() if is_product else {REVIEWS}
    if SIGNATURES in kinds.values() and not in_forum:
        none.add(SIGNATURES)
    for look, kind in kinds.items():
        is_box[look], is_sure[look] = kind not in none, kind in SURE
    return is_box[nodes.looks], is_sure[nodes.looks]


def box_of(signature: str) -> str | None:
    """Which kind of box an element is by its tag and classes; an infobox is a table.

    >>> box_of("div.related-posts wide"), box_of("div.infobox"), box_of("table.infobox vcard")
    ('related', None, 'infobox_tables')
    """
    tag, _, label = signature.partition(".")
    for name in label.lower().split()[:MAX_CLASSES]:
        kind = _kind_of(name)
        if kind and (kind != INFOBOX or tag == "table"):
            return kind
    return None


@lru_cache(maxsize=1 << 15)
def _kind_of(name: str) -> str | None:
    """The kind of box that a class in lower case names. Sites share most of their classes."""
    found = _CLASS.fullmatch(name) if len(name) <= MAX_CLASS_CHARS else None
    return found.lastgroup if found else None
