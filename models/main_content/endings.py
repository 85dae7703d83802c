"""Sections that are no part of a text and say so in a heading: related articles, comments."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from models.main_content.ancestors import stands_in
from models.main_content.layout import Vector
from models.main_content.phrases import pattern
from models.main_content.reading.blocks import Block, Blocks
from models.main_content.reading.elements import HEADING_LEVELS
from models.main_content.reading.nodes import Nodes
from models.main_content.wholes import Chosen
from models.main_content.windows import running_sums

MAX_HEADING_CHARS, MAX_COUNT_CHARS = 60, 120
"""Of a heading, and of one that begins with a number: "17 Responses to" has a title behind it."""
MIN_BEFORE = 0.25
"""The text before, as a share of what stands in the section: a note above a thread is less. On
held-out sites 0.1 to 1 give the same F1: two pages gain 0.04 and 0.06, none loses."""
MIN_POST_WORDS = 60.0
"""Of text before comments, however many these are: what they are on."""
MAX_LEVELS = 3
"""How far above its heading a section may begin."""
MIN_LINKED = 1 / 3
"""Of the blocks below a heading of teasers. Without links what stands there may be text: a shop has
guides in full below "Related Expert Advice articles"."""
MAX_TITLE_CHARS = 100
"""Of blocks in an element of teasers that have no links, as scripts will open them."""
LINKED = frozenset(("related", "offers"))
MAX_SUMMARY_CHARS, MAX_SENTENCE_CHARS = 200, 60
"""Of a block without links beside the heading: a longer one is the text that goes on, as is one in
Chinese that ends as a sentence does, which may have some. Summaries are cut off."""
_SENTENCE_ENDS = ("。", "！", "？", "。”", "。」")
MAX_WORDS = 150.0
"""Of what follows a heading of the author or an invitation: a book's page says who wrote it."""
BRIEF = frozenset(("author", "invitation"))

_HEADING, _ENGLISH_HEADING = (
    pattern(
        "headings",
        before=r"(?:[0-9]{1,6} |[\W_]{1,4})?",
        behind=r"[\s:：…>»→↓▼.!！】\]）)]{0,6}"
        r"(?:[（(\[][0-9]{1,6} ?条?[)）\]]|[0-9]{1,6} ?条?)?[:：]?",
        in_english=in_english,
    )
    for in_english in (False, True)
)


def section_of(text: str, heading: re.Pattern[str] = _HEADING) -> str | None:
    """Which kind of section a heading says that it begins; None for one of a text.

    Of one in traditional characters ``text`` is simplified; ``heading`` is what is looked for.

    >>> section_of("相关阅读："), section_of("12 Comments"), section_of("Related work")
    ('related', 'comments', None)
    """
    is_count = "0" <= text[:1] <= "9"
    if len(text) > (MAX_COUNT_CHARS if is_count else MAX_HEADING_CHARS):
        return None
    found = heading.fullmatch(text.lower())
    return found.lastgroup if found else None


def leave_out_endings(
    chosen: Chosen, words: Vector, blocks: Blocks, nodes: Nodes, *, in_forum: bool = False
) -> Chosen:
    """The choice, without what follows such headings behind a text.

    There must be text before it, and not links alone, as in columns of a front page: a thread under
    "Comments" may be all that a page has. A section
    is the element that begins with the heading; if there is none, what follows up to the next
    heading of its level, or to the end of the element that the heading stands in.
    """
    headings = _find_headings(chosen, blocks)
    if not headings:
        return chosen
    result = chosen.copy()
    before = running_sums(words * chosen)
    text_before = running_sums(words * (chosen & ~blocks.is_linked))
    last = 0
    for place, section in headings:
        if place < last or (section == "comments" and in_forum):
            continue
        end = _end_of_section(place, section, blocks, nodes)
        inside = before[end] - before[place]
        is_behind = text_before[place] > MIN_BEFORE * inside or (
            section == "comments" and text_before[place] >= MIN_POST_WORDS
        )
        if end > place + 1 and is_behind and (section not in BRIEF or inside <= MAX_WORDS):
            result[place:end] = False
            last = end
    return result


def _find_headings(chosen: Chosen, blocks: Blocks) -> list[tuple[int, str]]:
    """Where behind the first chosen block, up to the last, sections begin, and which kind of."""
    is_asked = blocks.sizes <= MAX_COUNT_CHARS
    is_asked &= np.logical_or.accumulate(chosen[::-1])[::-1]
    is_asked[: int(chosen.argmax()) + 1] = False
    heading = _HEADING if blocks.is_chinese else _ENGLISH_HEADING
    return [
        (place, section)
        for place in np.flatnonzero(is_asked).tolist()
        if (section := section_of(blocks.folded(place), heading))
    ]


def _end_of_section(place: int, section: str, blocks: Blocks, nodes: Nodes) -> int:
    """Behind the last block of what a heading opens; of nothing, behind the heading."""
    top = _top_of(place, blocks, nodes)
    end = place + 1
    while top and end < len(blocks) and stands_in(blocks[end].node, top, nodes):
        end += 1
    if end > place + 1:
        held = blocks[place + 1 : end]
        is_offer = _have_links(held) or not any(_is_text(block, MAX_TITLE_CHARS) for block in held)
        return end if is_offer or section not in LINKED else place + 1
    if section == "offers":
        return end
    inside = max(nodes.parent[top or blocks[place].node], 0)
    end = _end_of_siblings(place, inside, blocks, nodes, ends_at_text=section in LINKED)
    return end if section not in LINKED or _have_links(blocks[place + 1 : end]) else place + 1


def _top_of(place: int, blocks: Blocks, nodes: Nodes) -> int:
    """The outermost element near a block that begins with it; 0 if there is none."""
    top = 0
    above = blocks[place].node
    for _ in range(MAX_LEVELS):
        above = max(nodes.parent[above], 0)
        if stands_in(blocks[place - 1].node, above, nodes):
            break
        top = above
    return top


def _end_of_siblings(
    place: int, inside: int, blocks: Blocks, nodes: Nodes, *, ends_at_text: bool
) -> int:
    """Behind the last block in an element before the next heading like that at ``place``."""
    own = blocks[place].node
    level = HEADING_LEVELS.get(nodes.tag[own])
    end = place + 1
    while end < len(blocks) and stands_in(blocks[end].node, inside, nodes):
        node = blocks[end].node
        other = HEADING_LEVELS.get(nodes.tag[node])
        is_like = nodes.kind[node] == nodes.kind[own] != "p"
        if (other and other <= (level or len(HEADING_LEVELS))) or (not level and is_like):
            break
        if ends_at_text and nodes.parent[node] == inside and _goes_on(blocks[end]):
            break
        end += 1
    return end


def _is_text(block: Block, max_chars: int) -> bool:
    return not (block.links or block.link_chars) and len(block.text) > max_chars


def _goes_on(block: Block) -> bool:
    """Whether a block is of the text around a section, and none of its summaries."""
    size = len(block.text)
    is_whole = block.text.endswith(_SENTENCE_ENDS) and block.link_chars < MIN_LINKED * size
    return (is_whole and size > MAX_SENTENCE_CHARS) or _is_text(block, MAX_SUMMARY_CHARS)


def _have_links(blocks: Iterable[Block]) -> bool:
    linked = [block.links > 0 or block.link_chars > 0 for block in blocks]
    return sum(linked) >= MIN_LINKED * len(linked)
