"""What a block of text looks like, as numbers: itself, its place, its elements, its neighbours."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import numpy.typing as npt

from models.main_content.blocks import CONTEXTS, NAMES, Block, Nodes

Matrix = npt.NDArray[np.float32]
Vector = npt.NDArray[np.float64]

HAN_WORDS = 0.6  # words a Han character counts for
MIN_PARAGRAPH_WORDS = 10.0
MAX_PARAGRAPH_LINKS = 0.4
SAMPLE_CHARS = 120
NEIGHBOURS = (-2, -1, 1, 2)
WINDOWS = (3, 8, 20)
TAG_NAMES = (
    "p", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "div", "section", "article",
    "blockquote", "pre", "dt", "dd", "figcaption", "header", "tr",
)  # fmt: skip
TAGS = {tag: number for number, tag in enumerate(TAG_NAMES)}

_HAN = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[A-Za-z0-9]+")
_WORDS = re.compile("[\u3400-\u9fff]|\\w+")
_SENTENCE_ENDS = re.compile(r"[.!?](?:\s|$|[\"'”’)])|[。！？；…]")
_COMMAS = re.compile(r"[,，、;:：]")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\d+ ?(?:ago|min|hours?|days?)\b|\d{1,2}:\d\d|年\d|月\d")
_MONEY = re.compile(r"[$€£¥￥] ?\d|\d ?元")
_BOILERPLATE = re.compile(
    r"©|copyright|all rights reserved|privacy policy|terms of|cookie|subscribe|newsletter|sign ?up"
    r"|log ?in|sign in|share|follow us|read more|learn more|view all|see more|add to cart"
    r"|click here|版权|责任编辑|编辑[:：]|来源[:：]|转载|分享|关注|登录|注册"
    r"|上一篇|下一篇|相关|推荐|热门|更多|评论|ICP|备案|客户端|微信|扫码|打印|收藏|字号|免责|声明",
    re.IGNORECASE,
)


def count_words(text: str) -> tuple[float, bool]:
    """Words, where a Han character counts 0.6, and whether there is a Han character.

    >>> count_words("two words"), count_words("三个字 A")
    ((2.0, False), (2.8, True))
    """
    han = 0 if text.isascii() else len(_HAN.findall(text))
    if not han:
        return float(len(text.split())), False
    return round(han * HAN_WORDS + len(_LATIN.findall(text)), 6), True


def words_of(blocks: list[Block]) -> Vector:
    """The weight of each block in words."""
    return np.array([count_words(block.text)[0] for block in blocks], np.float64)


def compute_features(blocks: list[Block], nodes: Nodes, words: Vector, title: str) -> Matrix:
    """One row per block; the columns are those of the trained trees, in this order."""
    ends = np.array([len(_SENTENCE_ENDS.findall(block.text)) for block in blocks], np.float64)
    chars = np.array([len(block.text) for block in blocks], np.float64)
    links = np.array([block.link_chars for block in blocks], np.float64) / chars
    node = np.array([block.node for block in blocks])
    paragraphs = words * ((words >= MIN_PARAGRAPH_WORDS) & (links < MAX_PARAGRAPH_LINKS))
    in_title = _tokens(title)
    shape = np.array(
        [_shape(block, block.text[:SAMPLE_CHARS], in_title) for block in blocks], np.float64
    )
    base = [
        np.log1p(words), np.log1p(chars), links, ends, ends / (words + 1),
        chars / np.maximum(words, 0.5),
        np.array([TAGS.get(nodes.tag[n], len(TAGS)) for n in node], np.float64),
    ]  # fmt: skip
    page = [*_places(blocks, nodes, words, paragraphs), *_repeats(blocks, nodes)]
    columns = np.column_stack([*base, *page, shape]).astype(np.float32)
    flags = np.hstack(
        [
            _bits(nodes.contexts, node, len(CONTEXTS)),
            _bits(nodes.inherited, node, len(NAMES)),
            _bits(nodes.near, node, len(NAMES)),
            np.array(nodes.hidden, np.float32)[node][:, None],
        ]
    )
    containers = _containers(nodes, node, words, links, ends, paragraphs)[node]
    neighbours = _neighbours(columns[:, [0, 2, 3, 6]], node, np.array(nodes.parent))
    windows = np.column_stack([_window_mean(paragraphs, reach) for reach in WINDOWS])
    return np.hstack([columns, flags, containers, neighbours, windows]).astype(np.float32)


def _tokens(text: str) -> frozenset[str]:
    return frozenset(_WORDS.findall(text.lower()))


def _shape(block: Block, start: str, title: frozenset[str]) -> list[float]:
    text, size = block.text, len(start)
    words = max(1, size / 5)
    shared = len(title & _tokens(start)) / len(title) if title else 0.0
    upper = sum(map(str.isupper, start)) / max(1, sum(map(str.isalpha, start)))
    return [
        len(_COMMAS.findall(start)) / words,
        0.0 if text.isascii() else float(_HAN.search(start) is not None),
        sum(map(str.isdigit, start)) / size,
        upper,
        float(text[0].isupper()),
        float(text[-1] in '.!?。！？…"”'),
        float(text[-1] in ":："),
        block.links,
        block.strong_chars / len(text),
        float(_BOILERPLATE.search(start) is not None),
        float(_DATE.search(start) is not None),
        float(_MONEY.search(start) is not None),
        float("|" in start),
        float(text[0] in "•·-►»>*"),
        shared,
    ]


def _places(blocks: list[Block], nodes: Nodes, words: Vector, paragraphs: Vector) -> list[Vector]:
    """Where in the page each block stands, and how large the page is."""
    count = len(blocks)
    index = np.arange(count, dtype=np.float64)
    before = np.cumsum(words) - words
    total = max(words.sum(), 1.0)
    heading = next((i for i, block in enumerate(blocks) if nodes.tag[block.node] == "h1"), None)
    after_heading = index - heading if heading is not None else np.full(count, -999.0)
    sizes = [np.full(count, np.log1p(size)) for size in (total, paragraphs.sum(), count)]
    return [index / count, before / total, index, count - index, after_heading, *sizes]


def _repeats(blocks: list[Block], nodes: Nodes) -> list[Vector]:
    """How often the same text, and the same kind of element, occurs in the page."""
    texts = Counter(block.text for block in blocks)
    kinds = Counter(nodes.signature[block.node] for block in blocks)
    same_kind = np.array([kinds[nodes.signature[block.node]] for block in blocks], np.float64)
    same_text = np.array([texts[block.text] for block in blocks], np.float64)
    depth = np.array([nodes.depth[block.node] for block in blocks], np.float64)
    return [same_text, same_kind, same_kind / len(blocks), depth]


def _bits(sets: list[int], node: npt.NDArray[np.int64], width: int) -> Matrix:
    values = np.array(sets, np.int64)[node]
    return ((values[:, None] >> np.arange(width)) & 1).astype(np.float32)


def _containers(
    nodes: Nodes,
    node: npt.NDArray[np.int64],
    words: Vector,
    links: Vector,
    ends: Vector,
    paragraphs: Vector,
) -> Matrix:
    """Nine numbers of four ancestors of each element that holds a block.

    They are the nearest with 2 and with 6 blocks, and the nearest that hold a quarter and 0.6 of
    the page's paragraphs.
    """
    sums = np.zeros((len(nodes.parent), 5))
    np.add.at(sums, node, np.column_stack([words, words * links, ends, paragraphs, words * 0 + 1]))
    rows = sums.tolist()
    for child in range(len(rows) - 1, 0, -1):
        into, add = rows[nodes.parent[child]], rows[child]
        for column in range(5):
            into[column] += add[column]
    all_paragraphs = rows[0][3] or 1.0
    found = np.zeros((len(rows), 36), np.float32)
    for number in sorted(set(node.tolist())):
        found[number] = _ancestors(number, nodes, rows, all_paragraphs)
    return found


def _ancestors(
    number: int, nodes: Nodes, rows: list[list[float]], all_paragraphs: float
) -> list[float]:
    wanted = ((4, 2.0), (4, 6.0), (3, 0.25 * all_paragraphs), (3, 0.6 * all_paragraphs))
    values: list[float] = []
    for column, least in wanted:
        place, levels = number, 0
        while place > 0 and rows[place][column] < least:
            place, levels = nodes.parent[place], levels + 1
        words, linked, ends, paragraphs, count = rows[place]
        size = words or 1.0
        values += [
            levels, np.log1p(size), linked / size, paragraphs / size, ends / size,
            paragraphs / all_paragraphs, size / max(count, 1.0), count, nodes.depth[place],
        ]  # fmt: skip
    return values


def _neighbours(
    local: Matrix, node: npt.NDArray[np.int64], parent: npt.NDArray[np.int64]
) -> Matrix:
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
