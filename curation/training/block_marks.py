"""Blocks of a page as a reader sees them, and what the reader says of them in ranges of numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from curation.errors import UsageError
from curation.training.page_labels import BlockKind
from models.main_content.reading.blocks import Block
from models.main_content.reading.nodes import Nodes

MAX_ELEMENTS = 5
_RANGE = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")


def describe(blocks: Sequence[Block], nodes: Nodes, chars: int) -> Iterator[str]:
    """A line a block: number, "L" if most of it is links, its text up to ``chars``, its elements.

    The elements are left out where they are those of the block before.
    """
    last = ""
    for number, block in enumerate(blocks):
        text = block.text
        if len(text) > chars:
            text = f"{text[: chars * 2 // 3]} … {text[-chars // 3 :]} [{len(text)}]"
        mark = " L" if block.is_linked else ""
        elements = elements_of(block, nodes)
        yield f"{number}{mark} {text}" + ("" if elements == last else f" <{elements}>")
        last = elements


def elements_of(block: Block, nodes: Nodes) -> str:
    """The innermost elements that a block stands in, with their first classes."""
    names: list[str] = []
    node = block.node
    while node > 0 and len(names) < MAX_ELEMENTS:
        names.append(nodes.kind[node])
        node = nodes.parent[node]
    return "<".join(names)


def choose(ranges: str, elements: Sequence[str]) -> set[int]:
    """The numbers of blocks that ranges name, all of them or those in elements of a name.

    >>> sorted(choose("0,2-3", ["p"] * 5)), sorted(choose("0-2@h3", ["p", "h3<div", "h3<li"]))
    ([0, 2, 3], [1, 2])
    """
    chosen: set[int] = set()
    for part in filter(None, ranges.split(",")):
        numbers, _, name = part.partition("@")
        found = _RANGE.fullmatch(numbers)
        if found is None:
            raise UsageError(f"range {part!r}: is not N, N-M, N@NAME or N-M@NAME")
        first, end = int(found[1]), int(found[2] or found[1])
        if not first <= end < len(elements):
            raise UsageError(f"range {part!r}: the page has blocks 0-{len(elements) - 1}")
        chosen.update(n for n in range(first, end + 1) if name in elements[n])
    return chosen


def kinds_of(marks: Sequence[str], elements: Sequence[str]) -> list[BlockKind]:
    """The kind of every block: navigation, unless a mark ``KIND=RANGES`` says so; the last counts.

    Raises UsageError for what is no kind, and for a range that the page does not have.
    """
    kinds = [BlockKind.NAVIGATION] * len(elements)
    for mark in marks:
        name, _, ranges = mark.partition("=")
        if name not in set(BlockKind):
            raise UsageError(f"kind {name!r}: is none of {', '.join(BlockKind)}")
        for number in choose(ranges, elements):
            kinds[number] = BlockKind(name)
    return kinds
