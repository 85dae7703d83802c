"""Which blocks to take, given how likely each is main text."""

from __future__ import annotations

import numpy as np

from models.kernels.arrays import BoolArray
from models.kernels.compile import inlined, kernel
from models.main_content.layout import Numbers, Vector
from models.main_content.reading.blocks import Blocks
from models.main_content.reading.nodes import Nodes

MIN_COPY_WORDS = 3.0
MIN_RUN_WORDS = 8.0
"""In a run that is a copy, without rows of tables and code. On half of the sites: documentation
+0.001 (Chinese +0.002), collections and lists +0.002 against no runs; at 10 collections lose."""
MAX_RUN_BLOCKS = 10  # looked at on either side
MIN_WEIGHT = 0.2
SHARPNESS = 1.5
"""The power that odds are raised to. Blocks are right or wrong together (a list of teasers, all
replies), so that many at 0.3 are worth less than their sum. Out of fold, 1.5 against 1: Chinese
+0.003, English articles +0.001, products +0.009, collections -0.017."""
PRODUCT_ODDS = 0.5
"""What odds are multiplied by where a page sells one product. Out of fold, 37% of the words of such
pages' blocks at 0.3 to 0.7 are main text (reviews, delivery and advice are not), where the trees
expect 50%: 0.6 of their odds, and 0.37 if the page is a product indeed. F1 of products: 0.626 at 1,
0.634 at 0.7, 0.647 at 0.5, 0.643 at 0.35; 0.640 if each part takes what is best on the others."""


def leave_one_copy(probability: Vector, words: Vector, blocks: Blocks, nodes: Nodes) -> Vector:
    """The probabilities, 0 for all copies of a text but the likeliest (of equals, the first).

    Pages hold their text twice: for two widths of screen, or as a teaser. Shorter texts may well
    stand in a page more than once, and so may longer ones in the same kind of place (parameters
    that many functions have, rows of tables): these are copies as parts of a run only.
    """
    left, texts = probability.copy(), blocks.text_numbers
    kind, above = nodes.kinds[blocks.node], np.maximum(nodes.parent[blocks.node], 0)
    best = np.full(len(texts), -1)
    _leave_one_copy(
        probability, words, texts, kind, nodes.kinds[above], blocks.is_written, best, left
    )
    return left


@kernel()
def _leave_one_copy(  # noqa: PLR0917 -- a compiled kernel takes arrays, not records
    probability: Vector,
    words: Vector,
    texts: Numbers,
    kind: Numbers,
    kind_above: Numbers,
    is_written: BoolArray,
    best: Numbers,
    left: Vector,
) -> None:
    """Set to 0 what is ``left`` of copies; ``best`` has the likeliest block of each text so far."""
    for place in range(len(texts)):
        text = texts[place]
        other = best[text]
        if words[place] < MIN_COPY_WORDS:
            continue
        if other < 0:
            best[text] = place
        elif (
            kind[place] != kind[other]
            or kind_above[place] != kind_above[other]
            or _is_in_run(other, place, words, texts, is_written)
        ):
            is_better = probability[place] > probability[other]
            left[other if is_better else place] = 0.0
            best[text] = place if is_better else other


@inlined
def _is_in_run(
    first: int, second: int, words: Vector, texts: Numbers, is_written: BoolArray
) -> bool:
    """Whether so much is the same around two blocks that one is a part of a copy."""
    found = 0.0
    for step in (1, -1):
        for away in range(0 if step > 0 else 1, min(second - first, MAX_RUN_BLOCKS)):
            near, far = first + step * away, second + step * away
            if near < 0 or far >= len(texts) or texts[near] != texts[far]:
                break
            found += 0.0 if is_written[near] else words[near]
    return found >= MIN_RUN_WORDS


def sharpen(probability: Vector, odds: float = 1.0) -> Vector:
    """The probabilities whose odds are those times ``odds``, to the power of ``SHARPNESS``.

    >>> sharpen(np.array([0.0, 0.2, 0.5, 1.0])).round(3).tolist()
    [0.0, 0.111, 0.5, 1.0]
    """
    yes, no = (odds * probability) ** SHARPNESS, (1.0 - probability) ** SHARPNESS
    return yes / (yes + no)


def choose(probability: Vector, words: Vector, odds: float = 1.0) -> BoolArray:
    """The blocks whose text is expected to have the best F1 with the main text of the page.

    With p_i the sharpened probability of block i and w_i its words, taking the k likeliest blocks
    has an expected F1 of about 2 sum_k(p w) / (sum_k(w) + sum(p w)); the best k is taken. Blocks
    of probability 0 are never taken.

    >>> choose(np.array([0.9, 0.1, 0.8]), np.array([50.0, 50.0, 50.0])).tolist()
    [True, False, True]
    """
    weight = np.maximum(words, MIN_WEIGHT)
    order = np.argsort(-probability, kind="stable")
    expected = (sharpen(probability, odds) * weight)[order]
    scores = 2 * np.cumsum(expected) / (np.cumsum(weight[order]) + expected.sum() + 1e-9)
    chosen = np.zeros(len(probability), np.bool_)
    chosen[order[: int(scores.argmax()) + 1]] = True
    return chosen & (probability > 0.0)
