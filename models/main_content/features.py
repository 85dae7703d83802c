"""What a block of text looks like, as numbers: itself, its place, its elements, its neighbours."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sized
from functools import cache

import numpy as np
import numpy.typing as npt

from models.kernels.arrays import Int16Array, Int64Array
from models.kernels.compile import kernel
from models.main_content.characters import (
    DIGIT,
    ENDS,
    START_CHARS,
    Classes,
    Codes,
    Counts,
    tables,
)
from models.main_content.containers import describe_containers
from models.main_content.layout import Layout, Numbers, Vector
from models.main_content.reading.blocks import Blocks
from models.main_content.reading.elements import CONTEXTS
from models.main_content.reading.names import NAMES
from models.main_content.reading.nodes import Nodes
from models.main_content.trie import Trie, make_trie

Matrix = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]

NEIGHBOURS = (-2, -1, 1, 2)
WINDOWS = (3, 8, 20)
TAG_NAMES = (
    "p", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "div", "section", "article",
    "blockquote", "pre", "dt", "dd", "figcaption", "header", "tr", "button", "summary",
)  # fmt: skip
TAGS = {tag: number for number, tag in enumerate(TAG_NAMES)}

# Looked for in the lower-case first characters of each block.
CALLS = (
    "©|copyright|all rights reserved|privacy policy|terms of|cookie|subscribe|newsletter"
    "|sign up|signup|log in|login|sign in|share|follow us|read more|learn more|view all|see more"
    "|add to cart|click here|版权|责任编辑|编辑:|编辑：|来源:|来源：|转载|分享|关注|登录|注册"
    "|上一篇|下一篇|相关|推荐|热门|更多|评论|icp|备案|客户端|微信|扫码|打印|收藏|字号|免责|声明"
)
"""What asks or claims, as alternatives of plain text."""

# Those have a digit.
_NUMBERED = (
    re.compile(r"\b(?:19|20)\d\d\b|\d+ ?(?:ago|min|hours?|days?)\b|\d{1,2}:\d\d|年\d|月\d"),
    re.compile(r"[$€£¥￥] ?\d|\d ?元"),
)
_BASIC_PLANE = 0x10000


def compute_features(blocks: Blocks, nodes: Nodes, counts: Counts, layout: Layout) -> Matrix:
    """One row per block; the columns are those of the trained trees, in this order.

    They lie in memory one after the other, as trees read them.
    ``counts`` are what ``characters.measure`` says of the blocks' texts.
    """
    node, words, ends = layout.node, layout.words, counts[:, ENDS]
    chars = blocks.sizes.astype(np.float64)
    own = np.stack([
        np.log1p(words), np.log1p(chars), layout.links, ends, ends / (words + 1),
        chars / np.maximum(words, 0.5),
        np.array([TAGS.get(name, len(TAGS)) for name, _ in nodes.described])[nodes.looks][node],
        *_places(blocks, nodes, layout), *_repeats(blocks, nodes, layout),
        blocks.links,
        blocks.strong_chars / chars,
        *_find_marks(blocks),
    ])  # fmt: skip
    parts = [
        own,
        counts.T[ENDS + 1 :],
        _bits(nodes.contexts, node, CONTEXTS),
        _bits(nodes.inherited, node, NAMES),
        _bits(nodes.near, node, NAMES),
        nodes.hidden[node][None],
        describe_containers(layout),
        _neighbours(own[[0, 2, 3, 6]], node, layout.parent),
        *(_window_mean(layout.paragraphs, reach)[None] for reach in WINDOWS),
    ]
    columns = np.empty((sum(map(len, parts)), len(node)), np.float32)
    np.concatenate(parts, out=columns, casting="same_kind")
    return columns.T


def _find_marks(blocks: Blocks) -> list[Vector]:
    """Which blocks begin with a call, with a date or a time, with a price.

    All that have a digit are searched for the latter at once, a line each.
    """
    count = len(blocks)
    has_call, has_digit = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    classes, _ = tables()
    _find_calls(blocks.codes, blocks.starts, blocks.ends, *_calls(), classes, has_call, has_digit)
    numbered = np.flatnonzero(has_digit)
    starts = [blocks.texts[place][:START_CHARS].lower() for place in numbered.tolist()]
    begins = np.cumsum([0, *(len(start) + 1 for start in starts)])[:-1]
    text = "\n".join(starts)
    found = [has_call.astype(np.float64)]
    for pattern in _NUMBERED:
        hits = [match.start() for match in pattern.finditer(text)]
        marked = np.zeros(count)
        marked[numbered[np.searchsorted(begins, hits, "right") - 1]] = 1.0
        found.append(marked)
    return found


@cache
def _calls() -> Trie:
    return make_trie([CALLS], _BASIC_PLANE)


@kernel()
def _find_calls(  # noqa: PLR0917 -- a compiled kernel takes arrays, not records
    codes: Codes,
    starts: Numbers,
    ends: Numbers,
    letters: Int16Array,
    following: Int16Array,
    final: Int64Array,
    classes: Classes,
    has_call: Bools,
    has_digit: Bools,
) -> None:
    """Say of each block whether its first characters have a call, and whether a digit."""
    for block in range(len(starts)):
        start, end = starts[block], min(ends[block], starts[block] + START_CHARS)
        for place in range(start, end):
            code = codes[place]
            if code >= _BASIC_PLANE:
                has_digit[block] = True  # that may be one
                continue
            has_digit[block] |= classes[code] & DIGIT != 0
            node, at = following[0, letters[code]], place + 1
            while node and not has_call[block]:
                has_call[block] = final[node, 0] != 0
                if at == end or codes[at] >= _BASIC_PLANE:
                    break
                node = following[node, letters[codes[at]]]
                at += 1


def _places(blocks: Blocks, nodes: Nodes, layout: Layout) -> list[Vector]:
    """Where in the page each block stands, and how large the page is."""
    count, words = len(blocks), layout.words
    index = np.arange(count, dtype=np.float64)
    before = np.cumsum(words) - words
    total = max(words.sum(), 1.0)
    headings = [look for look, (name, _) in enumerate(nodes.described) if name == "h1"]
    heading = np.flatnonzero(np.isin(nodes.looks[layout.node], headings))[:1]
    after_heading = index - heading if len(heading) else np.full(count, -999.0)
    sizes = [np.full(count, np.log1p(size)) for size in (total, layout.paragraphs.sum(), count)]
    return [index / count, before / total, index, count - index, after_heading, *sizes]


def _repeats(blocks: Blocks, nodes: Nodes, layout: Layout) -> list[Vector]:
    """How often the same text, and the same kind of element, occurs in the page."""
    looks = nodes.looks[layout.node]
    same_kind = np.bincount(looks)[looks].astype(np.float64)
    texts = Counter(blocks.texts)
    same_text = np.array([*map(texts.__getitem__, blocks.texts)], np.float64)
    return [
        same_text,
        same_kind,
        same_kind / len(blocks),
        layout.depth[layout.node].astype(np.float64),
    ]


def _bits(sets: Numbers, node: Numbers, names: Sized) -> Matrix:
    return ((sets[node] >> np.arange(len(names))[:, None]) & 1).astype(np.float32)


def _neighbours(local: Vector, node: Numbers, parent: Numbers) -> Matrix:
    """The two blocks before and after: a few of their numbers, and whether they are siblings.

    ``local`` has a row for each number.
    """
    found = np.full((len(NEIGHBOURS), len(local) + 1, len(node)), -1, np.float32)
    above = parent[node]
    for near, offset in zip(found, NEIGHBOURS, strict=True):
        start, stop = max(-offset, 0), len(node) - max(offset, 0)
        if start < stop:
            own, other = slice(start, stop), slice(start + offset, stop + offset)
            near[:-1, own] = local[:, other]
            near[-1, own] = np.where(node[other] == node[own], 2, above[other] == above[own])
    return found.reshape(-1, len(node))


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
