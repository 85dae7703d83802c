"""Short parts of a text, left out by trees that judge each by itself: lists, data, answers."""

from __future__ import annotations

import numpy as np

from models.kernels.arrays import BoolArray, Int64Array
from models.kernels.compile import inlined, kernel
from models.main_content.ancestors import common_ancestor, spread
from models.main_content.layout import Vector, number_pairs, sum_subtrees
from models.main_content.reading.blocks import Blocks
from models.main_content.reading.elements import HEADING_LEVELS
from models.main_content.reading.nodes import Nodes
from models.main_content.wholes import MAX_LABELS, Chosen

MIN_PROBABILITY, MIN_BETWEEN = 0.1, 0.15
"""Of a part, the mean of its blocks by words; and of one between two blocks of the text."""
MAX_WORDS = 200.0
MAX_LEVELS, MAX_HEADED_LEVELS = 6, 2
"""How deep below the element that holds both may be what stands between two blocks, and how deep
beside its heading what this begins."""
MIN_WEIGHT = 0.2
MIN_LIKE, MIN_LIKE_CHOSEN = 3, 2
MIN_SHARE = 0.5
"""Of the words of elements of one kind, beside each other, that are text: the others are, too."""
MIN_POST_SHARE, MIN_POST_PROBABILITY = 0.6, 0.3
"""The same in threads, of elements of one kind in others of one kind wherever they stand, and what
such an element must have."""
MIN_PURITY = 0.9
"""Of the words of those that hold text: an element with what is said of posters holds more."""

_SENTENCE_ENDS = (*".!?。！？…”」",)
_IS_BUTTON, _IS_TITLE, _IS_HEADING = 1, 2, 4
_BITS = {
    **dict.fromkeys(HEADING_LEVELS, _IS_HEADING),
    "h1": _IS_HEADING | _IS_TITLE,
    "button": _IS_BUTTON,
}
_WORDS, _WEIGHT, _EXPECTED, _CHOSEN_WORDS, _CHOSEN, _BARRED, _CHARS, _COUNT = range(8)
"""Sums over blocks; one that is barred is a link, a copy, a button, or written as code is."""
_LIKE, _LIKE_CHOSEN, _LIKE_WORDS, _LIKE_CHOSEN_WORDS, _WORDS_OF_CHOSEN = range(5)
"""Sums over elements of one kind beside each other; the last over those that hold text."""


def keep_parts(
    chosen: Chosen,
    probability: Vector,
    words: Vector,
    group: Int64Array,
    blocks: Blocks,
    nodes: Nodes,
    *,
    is_product: bool = False,
    in_forum: bool = False,
) -> Chosen:
    """The choice with what has no links and stands between blocks of it, or below its headings.

    So does what stands beside elements of its class most of which are chosen; ``group`` numbers
    these. Copies of other text (of probability 0) stay out. In a thread posts are added that are
    as most others are, and nothing else: between posts stands what is no text. A product's page has
    many headings, and what they begin is not.
    """
    if not chosen.any():
        return chosen
    share, least, purity = MIN_SHARE, MIN_PROBABILITY, 0.0
    if in_forum:
        share, least, purity = MIN_POST_SHARE, MIN_POST_PROBABILITY, MIN_PURITY
        group = number_pairs(nodes.kinds[np.maximum(nodes.parent, 0)], nodes.kinds)
    place, written, result = blocks.node, blocks.is_written, chosen.copy()
    bits = np.array([_BITS.get(tag, 0) for tag in nodes.tags])[nodes.looks[place]]
    first = int(chosen.argmax())
    if bits[first] & _IS_HEADING or not blocks[first].text.endswith(_SENTENCE_ENDS):
        bits[first] |= _IS_TITLE
    has_class = np.array(["." in kind for kind in nodes.kind_names])[nodes.kinds]
    is_barred = blocks.link_chars > 0
    is_barred |= (probability == 0.0) | written | (bits & _IS_BUTTON != 0)
    own = np.zeros((len(chosen) + 1, _COUNT + 1))
    _describe(chosen, probability, words, is_barred, blocks.sizes, own)
    is_like = np.zeros(len(group), np.bool_)
    held, of_group = sum_subtrees(nodes.parent, place, own[1:]), np.zeros((len(group), 5))
    _find_like_chosen(held, group, has_class, share, least, purity, of_group, is_like)
    spread(nodes.parent, is_like)
    result |= is_like[place]
    if in_forum:
        return result
    sums = own.cumsum(axis=0)
    _fill_gaps(result, bits, written, sums, place, nodes.parent, nodes.depth)
    if not is_product:
        _fill_headed(result, bits, sums, place, nodes.parent, nodes.depth)
    return result


@kernel()
def _describe(
    chosen: BoolArray,
    probability: Vector,
    words: Vector,
    is_barred: BoolArray,
    sizes: Int64Array,
    own: Vector,
) -> None:
    """What to sum of each block, in the row behind its own."""
    for block in range(len(chosen)):
        row = own[block + 1]
        row[_WORDS] = words[block]
        row[_WEIGHT] = max(words[block], MIN_WEIGHT)
        row[_EXPECTED] = row[_WEIGHT] * probability[block]
        row[_CHOSEN], row[_CHOSEN_WORDS] = chosen[block], chosen[block] * words[block]
        row[_BARRED], row[_CHARS], row[_COUNT] = is_barred[block], sizes[block], 1.0


@kernel()
def _find_like_chosen(  # noqa: PLR0917 -- a compiled kernel takes arrays, not records
    held: Vector,
    group: Int64Array,
    has_class: BoolArray,
    share: float,
    least: float,
    purity: float,
    of_group: Vector,
    is_like: BoolArray,
) -> None:
    """Mark the elements without text beside which most of the same class is text."""
    for element in range(1, len(group)):
        row = held[element]
        if has_class[element] and row[_COUNT] > 0:
            sums = of_group[group[element]]
            sums[_LIKE] += 1
            sums[_LIKE_CHOSEN] += row[_CHOSEN] > 0
            sums[_LIKE_WORDS] += row[_WORDS]
            sums[_LIKE_CHOSEN_WORDS] += row[_CHOSEN_WORDS]
            sums[_WORDS_OF_CHOSEN] += row[_WORDS] * (row[_CHOSEN] > 0)
    for element in range(1, len(group)):
        row, sums = held[element], of_group[group[element]]
        is_like[element] = (
            has_class[element]
            and row[_COUNT] > 0
            and row[_CHOSEN] == 0
            and sums[_LIKE] >= MIN_LIKE
            and sums[_LIKE_CHOSEN] >= MIN_LIKE_CHOSEN
            and sums[_LIKE_CHOSEN_WORDS] >= share * sums[_LIKE_WORDS]
            and sums[_LIKE_CHOSEN_WORDS] >= purity * sums[_WORDS_OF_CHOSEN]
            and row[_BARRED] == 0
            and row[_WEIGHT] <= MAX_WORDS
            and row[_EXPECTED] >= least * row[_WEIGHT]
        )


@inlined
def _is_part(sums: Vector, start: int, end: int, least: float) -> bool:
    """Whether some blocks are likely enough, few, and none of them barred."""
    return (
        sums[end, _BARRED] == sums[start, _BARRED]
        and sums[end, _WORDS] - sums[start, _WORDS] <= MAX_WORDS
        and sums[end, _EXPECTED] - sums[start, _EXPECTED]
        >= least * (sums[end, _WEIGHT] - sums[start, _WEIGHT])
    )


@kernel()
def _fill_gaps(
    chosen: BoolArray,
    bits: Int64Array,
    is_written: BoolArray,
    sums: Vector,
    place: Int64Array,
    parent: Int64Array,
    depth: Int64Array,
) -> None:
    """Choose what stands between two chosen blocks, not far below the element of both.

    Not what follows a title, which is who wrote the text and when, nor labels beside code.
    """
    before = -1
    for block in range(len(chosen)):
        if not chosen[block]:
            continue
        if (
            0 <= before < block - 1
            and not bits[before] & _IS_TITLE
            and _is_part(sums, before + 1, block, MIN_BETWEEN)
            and not (
                (is_written[before] or is_written[block])
                and sums[block, _CHARS] - sums[before + 1, _CHARS] <= MAX_LABELS
            )
        ):
            top = depth[common_ancestor(place[before], place[block], parent)] + MAX_LEVELS
            is_near = True
            for inner in range(before, block + 1):
                is_near &= depth[place[inner]] <= top
            if is_near:
                chosen[before + 1 : block] = True
        before = block


@kernel()
def _fill_headed(
    chosen: BoolArray,
    bits: Int64Array,
    sums: Vector,
    place: Int64Array,
    parent: Int64Array,
    depth: Int64Array,
) -> None:
    """Choose what follows a chosen heading in its element, up to the next, if none of it is.

    Titles are none: what follows them is who wrote the text.
    """
    for block in range(len(chosen) - 1):
        if not chosen[block] or bits[block] & (_IS_HEADING | _IS_TITLE) != _IS_HEADING:
            continue
        above = max(parent[place[block]], 0)
        end = block + 1
        is_near = True
        while end < len(chosen) and not (chosen[end] or bits[end] & _IS_HEADING):
            if common_ancestor(place[end], above, parent) != above:
                break
            is_near &= depth[place[end]] <= depth[above] + MAX_HEADED_LEVELS
            end += 1
        if is_near and end > block + 1 and _is_part(sums, block + 1, end, MIN_PROBABILITY):
            chosen[block + 1 : end] = True
