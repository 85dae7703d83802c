"""Elements whose classes say that they are no part of a text: dialogs, teasers, forms, navboxes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from models.main_content.layout import Vector, sum_subtrees
from models.main_content.phrases import pattern
from models.main_content.reading.blocks import Block
from models.main_content.reading.nodes import Nodes
from models.main_content.wholes import Chosen

MAX_RATIO = 3.0
"""Of the words in a box to the text outside: a box with more is the page, whatever it is called."""
MAX_CLASSES = 12
MAX_CLASS_CHARS = 60

SURE = frozenset(("cookies", "wikis", "infobox_tables"))
"""What is never a page's text, however much of it there is."""
INFOBOX = "infobox_tables"
_CLASS = pattern("classes")


def leave_out_boxes(chosen: Chosen, words: Vector, blocks: Sequence[Block], nodes: Nodes) -> Chosen:
    """The choice without what stands in elements with such classes; never without all of it."""
    places = np.flatnonzero(chosen).tolist()
    taken = [blocks[place] for place in places]
    is_text = [not block.is_linked for block in taken]  # a front page has links outside too
    own = np.column_stack([words[chosen], words[chosen] * is_text])
    where = np.array([block.node for block in taken], np.int64)
    inside, text = sum_subtrees(np.array(nodes.parent, np.int64), where, own).T
    boxes: set[int] = set()
    for node in np.flatnonzero(inside).tolist():
        if nodes.parent[node] in boxes:
            boxes.add(node)
            continue
        kind = box_of(nodes.signature[node])
        if kind in SURE or (kind and inside[node] <= MAX_RATIO * (text[0] - text[node])):
            boxes.add(node)
    result = chosen.copy()
    result[places] = [block.node not in boxes for block in taken]
    return result if result.any() else chosen


@lru_cache(maxsize=1 << 14)
def box_of(signature: str) -> str | None:
    """Which kind of box an element is by its tag and classes; an infobox is a table.

    >>> box_of("div.related-posts wide"), box_of("div.infobox"), box_of("table.infobox vcard")
    ('related', None, 'infobox_tables')
    """
    tag, _, label = signature.partition(".")
    for name in label.lower().split()[:MAX_CLASSES]:
        found = _CLASS.fullmatch(name) if len(name) <= MAX_CLASS_CHARS else None
        if found and (found.lastgroup != INFOBOX or tag == "table"):
            return found.lastgroup
    return None
