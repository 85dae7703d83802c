"""Which blocks of a page are its main text: two rounds of boosted trees over named features.

The first round guesses each block by itself, its elements and its neighbours' looks; the second
sees the first guesses around it. Chinese pages have trees of their own. Trained by
``models.main_content.fit``; the model card says on what, and what it scores.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from models.main_content.characters import measure_spans
from models.main_content.choice import PRODUCT_ODDS, choose, leave_one_copy
from models.main_content.companions import keep_companions
from models.main_content.confidence import AS_EXPECTED, Confidence, expect_f1
from models.main_content.context import compute_context
from models.main_content.features import compute_features
from models.main_content.layout import Numbers, Vector, lay_out
from models.main_content.main_links import MainLinks
from models.main_content.main_text import MainText
from models.main_content.parts import keep_parts
from models.main_content.posts import is_forum, keep_posts
from models.main_content.product import sells_one_product
from models.main_content.reading.blocks import Blocks, read_blocks, read_page
from models.main_content.reading.nodes import Nodes
from models.main_content.reading.page_elements import PageElements
from models.main_content.rounds import SCRIPTS, Rounds
from models.main_content.surroundings import leave_out_surroundings
from models.main_content.wholes import keep_whole

EMBEDDED = Path(__file__).with_name("weights.npz")
CONFIDENCE = "confidence.json"
MAX_BLOCKS = 20_000
"""A page with more is judged in parts of so many, one after the other: a part takes 60 MB."""


class _Judged(NamedTuple):
    """By block how likely it is main text, its words, its unit and the kind of that (-1: none).

    ``group`` is that of each element, as `Layout` has it.
    """

    probability: Vector
    words: Vector
    unit: Numbers
    kind: Numbers
    group: Numbers


@dataclass(frozen=True)
class MainContent:
    """The trees for Chinese pages and for all others, how far their expectations hold, a digest."""

    name: str
    digest: str
    chinese: Rounds
    others: Rounds
    confidence: Confidence = AS_EXPECTED

    def find(self, page: PageElements, title: str) -> MainText:
        """The main text of a page, a line for each block; code has several, all ended.

        A row of a table of data is a line; of another table, short cells of a row share one. A page
        without text has no confidence.
        """
        blocks, nodes = read_page(page)
        if not blocks:
            return MainText()
        judged = self._judge(blocks, nodes, title)
        words = judged.words
        is_product, in_forum = sells_one_product(page), is_forum(nodes)
        odds = PRODUCT_ODDS if is_product else 1.0
        probability = leave_one_copy(judged.probability, words, blocks, nodes)
        chosen = keep_whole(choose(probability, words, odds), words, blocks, nodes)
        chosen = keep_posts(chosen, words, blocks, nodes)
        chosen = keep_companions(chosen, words, blocks, nodes, is_product=is_product)
        group, of_page = judged.group, {"is_product": is_product, "in_forum": in_forum}
        chosen = keep_parts(chosen, probability, words, group, blocks, nodes, **of_page)
        main = leave_out_surroundings(chosen, words, blocks, nodes, title, **of_page)
        probability = np.where(chosen & ~main, 0.0, probability)
        confidence = self.confidence.of(expect_f1(main, probability, words, odds))
        links = MainLinks.of(main, blocks, nodes, words, judged.unit, judged.kind)
        return replace(MainText.of_blocks(blocks, nodes, main), confidence=confidence, links=links)

    def _judge(self, blocks: Blocks, nodes: Nodes, title: str) -> _Judged:
        rounds = self.chinese if blocks.is_chinese else self.others
        if len(blocks) <= MAX_BLOCKS:
            return _judge_part(rounds, blocks, nodes, title)
        found = [
            _judge_part(rounds, blocks[start : start + MAX_BLOCKS], nodes, title)
            for start in range(0, len(blocks), MAX_BLOCKS)
        ]
        by_block = zip(*(part[:-1] for part in found), strict=True)
        probability, words, unit, kind = map(np.concatenate, by_block)
        return _Judged(probability, words, unit, kind, found[0].group)


def _judge_part(rounds: Rounds, blocks: Blocks, nodes: Nodes, title: str) -> _Judged:
    counts = measure_spans(blocks.codes, blocks.starts, blocks.ends, title)
    layout = lay_out(blocks, nodes, counts)
    rows = compute_features(blocks, nodes, counts, layout)
    context = compute_context(rounds.first.predict(rows), layout)
    both = np.concatenate([rows.T, context.T]).T
    unit = layout.unit[layout.node]
    kind = np.where(unit < 0, -1, layout.group[unit])
    return _Judged(rounds.second.predict(both), layout.words, unit, kind, layout.group)


def read_all(element: Any) -> MainText:
    """All text of an element, a line for each block."""
    return MainText.of_blocks(*read_blocks(element))


def read_lines(element: Any) -> list[str]:
    """The lines of all text of an element."""
    return read_all(element).texts()


def load(path: Path = EMBEDDED) -> MainContent:
    """The model in a file that training wrote, and in the one of its confidence beside it.

    The kernel is compiled on the way.
    """
    confidence = path.with_name(CONFIDENCE)
    digest = hashlib.sha256(path.read_bytes() + confidence.read_bytes()).hexdigest()
    with np.load(path, allow_pickle=False) as arrays:
        chinese, others = (Rounds.from_arrays(arrays, name) for name in SCRIPTS)
    others.first.predict(np.zeros((1, 512), np.float32))
    return MainContent(path.name, digest, chinese, others, Confidence.read(confidence))
