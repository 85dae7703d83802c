"""What a block of text looks like, as numbers: itself, its place, its elements, its neighbours."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence, Sized

import numpy as np
import numpy.typing as npt

from models.main_content.characters import ENDS, START_CHARS, Counts
from models.main_content.containers import describe_containers
from models.main_content.layout import Layout, Numbers, Vector
from models.main_content.reading.blocks import Block
from models.main_content.reading.elements import CONTEXTS
from models.main_content.reading.names import NAMES
from models.main_content.reading.nodes import Nodes

Matrix = npt.NDArray[np.float32]

NEIGHBOURS = (-2, -1, 1, 2)
WINDOWS = (3, 8, 20)
TAG_NAMES = (
    "p", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "div", "section", "article",
    "blockquote", "pre", "dt", "dd", "figcaption", "header", "tr", "button", "summary",
)  # fmt: skip
TAGS = {tag: number for number, tag in enumerate(TAG_NAMES)}

# Looked for in the lower-case first characters of each block.
_MARKS = (
    re.compile(
        r"©|copyright|all rights reserved|privacy policy|terms of|cookie|subscribe|newsletter"
        r"|sign ?up|log ?in|sign in|share|follow us|read more|learn more|view all|see more"
        r"|add to cart|click here|版权|责任编辑|编辑[:：]|来源[:：]|转载|分享|关注|登录|注册"
        r"|上一篇|下一篇|相关|推荐|热门|更多|评论|icp|备案|客户端|微信|扫码|打印|收藏|字号|免责|声明"
    ),
    re.compile(r"\b(?:19|20)\d\d\b|\d+ ?(?:ago|min|hours?|days?)\b|\d{1,2}:\d\d|年\d|月\d"),
    re.compile(r"[$€£¥￥] ?\d|\d ?元"),
)


def compute_features(
    blocks: Sequence[Block], nodes: Nodes, counts: Counts, layout: Layout
) -> Matrix:
    """One row per block; the columns are those of the trained trees, in this order.

    ``counts`` are what ``characters.measure`` says of the blocks' texts.
    """
    node, words, ends = layout.node, layout.words, counts[:, ENDS]
    chars = np.array([len(block.text) for block in blocks], np.float64)
    own = np.column_stack([
        np.log1p(words), np.log1p(chars), layout.links, ends, ends / (words + 1),
        chars / np.maximum(words, 0.5),
        np.array([TAGS.get(tag, len(TAGS)) for tag in nodes.tag], np.float64)[node],
        *_places(blocks, nodes, layout), *_repeats(blocks, nodes, layout),
        [block.links for block in blocks],
        [block.strong_chars for block in blocks] / chars,
        *_find_marks([block.text[:START_CHARS].lower() for block in blocks]),
    ])  # fmt: skip
    parts = [
        own,
        counts[:, ENDS + 1 :],
        _bits(nodes.contexts, node, CONTEXTS),
        _bits(nodes.inherited, node, NAMES),
        _bits(nodes.near, node, NAMES),
        np.array(nodes.hidden)[node][:, None],
        describe_containers(layout),
        _neighbours(own[:, [0, 2, 3, 6]], node, layout.parent),
        *(_window_mean(layout.paragraphs, reach)[:, None] for reach in WINDOWS),
    ]
    return np.hstack([part.astype(np.float32) for part in parts])


def _find_marks(starts: list[str]) -> list[Vector]:
    """For each pattern, which texts have it: all are searched at once, a line each."""
    begins = np.cumsum([0, *(len(start) + 1 for start in starts)])[:-1]
    text = "\n".join(starts)
    found = []
    for pattern in _MARKS:
        hits = [match.start() for match in pattern.finditer(text)]
        marked = np.zeros(len(starts))
        marked[np.searchsorted(begins, hits, "right") - 1] = 1.0
        found.append(marked)
    return found


def _places(blocks: Sequence[Block], nodes: Nodes, layout: Layout) -> list[Vector]:
    """Where in the page each block stands, and how large the page is."""
    count, words = len(blocks), layout.words
    index = np.arange(count, dtype=np.float64)
    before = np.cumsum(words) - words
    total = max(words.sum(), 1.0)
    heading = next((i for i, block in enumerate(blocks) if nodes.tag[block.node] == "h1"), None)
    after_heading = index - heading if heading is not None else np.full(count, -999.0)
    sizes = [np.full(count, np.log1p(size)) for size in (total, layout.paragraphs.sum(), count)]
    return [index / count, before / total, index, count - index, after_heading, *sizes]


def _repeats(blocks: Sequence[Block], nodes: Nodes, layout: Layout) -> list[Vector]:
    """How often the same text, and the same kind of element, occurs in the page."""
    texts = Counter(block.text for block in blocks)
    kinds = Counter(nodes.signature[block.node] for block in blocks)
    same_kind = np.array([kinds[nodes.signature[block.node]] for block in blocks], np.float64)
    same_text = np.array([texts[block.text] for block in blocks], np.float64)
    return [
        same_text,
        same_kind,
        same_kind / len(blocks),
        layout.depth[layout.node].astype(np.float64),
    ]


def _bits(sets: list[int], node: Numbers, names: Sized) -> Matrix:
    values = np.array(sets, np.int64)[node]
    return ((values[:, None] >> np.arange(len(names))) & 1).astype(np.float32)


def _neighbours(local: Vector, node: Numbers, parent: Numbers) -> Matrix:
    """The two blocks before and after: a few of their numbers, and whether they are siblings."""
    columns = []
    for offset in NEIGHBOURS:
        near = np.full((len(node), local.shape[1] + 1), -1, np.float32)
        there = shift(np.arange(len(node), dtype=np.float64), offset).astype(np.int64)
        inside = there >= 0
        at = there[inside]
        same = np.where(node[at] == node[inside], 2, parent[node[at]] == parent[node[inside]])
        near[inside] = np.column_stack([local[at], same])
        columns.append(near)
    return np.hstack(columns)


def shift(values: Vector, offset: int) -> Vector:
    """Each place gets the value ``offset`` places on; -1 where there is none.

    >>> shift(np.array([1.0, 2.0, 3.0]), 1).tolist()
    [2.0, 3.0, -1.0]
    """
    shifted = np.full(len(values), -1.0)
    if abs(offset) < len(values):
        if offset > 0:
            shifted[:-offset] = values[offset:]
        else:
            shifted[-offset:] = values[:offset]
    return shifted


def _window_mean(values: Vector, reach: int) -> Vector:
    """Mean of the values up to ``reach`` places away on both sides."""
    count = len(values)
    sums = np.concatenate([[0.0], np.cumsum(values)])
    low = np.maximum(0, np.arange(count) - reach)
    high = np.minimum(count, np.arange(count) + reach + 1)
    return (sums[high] - sums[low]) / (high - low)
