"""How far a main text is links: what tells the text of a list of pages from an article's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from models.kernels.arrays import BoolArray
from models.main_content.layout import Numbers, Vector
from models.main_content.reading.blocks import Blocks
from models.main_content.reading.elements import HEADING_LEVELS
from models.main_content.reading.nodes import Nodes


@dataclass(frozen=True, slots=True)
class MainLinks:
    """Counts over the blocks of a main text; all 0 of one that no trees chose.

    A block is linked if more than half of it stands in links; ``linked_headings`` have one in them.
    ``units`` are those (see ``layout``) of the kind that has most of the words, ``linked_units``
    those of them whose first block is linked: entries that lead elsewhere.
    """

    chars: int = 0
    link_chars: int = 0
    blocks: int = 0
    linked_blocks: int = 0
    links: int = 0
    headings: int = 0
    linked_headings: int = 0
    units: int = 0
    linked_units: int = 0

    @classmethod
    def of(
        cls,
        main: BoolArray,
        blocks: Blocks,
        nodes: Nodes,
        words: Vector,
        unit: Numbers,
        kind: Numbers,
    ) -> Self:
        """Of the ``main`` blocks; by block its words, unit and the kind of that (-1: none)."""
        heads = np.array([name in HEADING_LEVELS for name in nodes.tags])
        is_heading = main & heads[nodes.looks[blocks.node]]
        is_linked = blocks.is_linked
        first = _first_of_units(main, words, unit, kind)
        return cls(
            chars=int(blocks.sizes[main].sum()),
            link_chars=int(blocks.link_chars[main].sum()),
            blocks=int(main.sum()),
            linked_blocks=int(is_linked[main].sum()),
            links=int(blocks.links[main].sum()),
            headings=int(is_heading.sum()),
            linked_headings=int((is_heading & (blocks.links > 0)).sum()),
            units=len(first),
            linked_units=int(is_linked[first].sum()),
        )


NOT_COUNTED = MainLinks()
"""Of a text that no trees chose."""


def _first_of_units(main: BoolArray, words: Vector, unit: Numbers, kind: Numbers) -> Numbers:
    """The first main block of each unit of the kind that holds most words of main text."""
    inside = np.flatnonzero(main & (kind >= 0))
    if not len(inside):
        return inside
    most = int(np.bincount(kind[inside], words[inside]).argmax())
    own = inside[kind[inside] == most]
    return own[np.unique(unit[own], return_index=True)[1]]
