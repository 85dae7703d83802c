"""What a block of text looks like, as numbers: itself, its place, its elements, its neighbours."""

from __future__ import annotations

from collections.abc import Sized

import numpy as np
import numpy.typing as npt

from models.main_content.characters import ENDS, Counts
from models.main_content.containers import describe_containers
from models.main_content.heads import find_marks
from models.main_content.layout import Layout, Numbers, Vector
from models.main_content.reading.blocks import Blocks
from models.main_content.reading.elements import CONTEXTS
from models.main_content.reading.names import NAMES
from models.main_content.reading.nodes import Nodes
from models.main_content.reading.page_elements import flags
from models.main_content.windows import mean_around

Matrix = npt.NDArray[np.float32]

NEIGHBOURS = (-2, -1, 1, 2)
WINDOWS = (3, 8, 20)
TAG_NAMES = (
    "p", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "div", "section", "article",
    "blockquote", "pre", "dt", "dd", "figcaption", "header", "tr", "button", "summary",
)  # fmt: skip
TAGS = {tag: number for number, tag in enumerate(TAG_NAMES)}


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
        np.array([TAGS.get(name, len(TAGS)) for name in nodes.tags])[nodes.looks][node],
        *_places(blocks, nodes, layout), *_repeats(blocks, nodes, layout),
        blocks.links,
        blocks.strong_chars / chars,
        *find_marks(blocks.codes, blocks.starts, blocks.ends),
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
        mean_around(layout.paragraphs, np.ones(len(node)), WINDOWS),
    ]
    columns = np.empty((sum(map(len, parts)), len(node)), np.float32)
    np.concatenate(parts, out=columns, casting="same_kind")
    return columns.T


def _places(blocks: Blocks, nodes: Nodes, layout: Layout) -> list[Vector]:
    """Where in the page each block stands, and how large the page is."""
    count, words = len(blocks), layout.words
    index = np.arange(count, dtype=np.float64)
    before = np.cumsum(words) - words
    total = max(words.sum(), 1.0)
    headings = [look for look, name in enumerate(nodes.tags) if name == "h1"]
    heading = np.flatnonzero(flags(headings, len(nodes.tags))[nodes.looks[layout.node]])[:1]
    after_heading = index - heading if len(heading) else np.full(count, -999.0)
    sizes = [np.full(count, np.log1p(size)) for size in (total, layout.paragraphs.sum(), count)]
    return [index / count, before / total, index, count - index, after_heading, *sizes]


def _repeats(blocks: Blocks, nodes: Nodes, layout: Layout) -> list[Vector]:
    """How often the same text, and the same kind of element, occurs in the page."""
    looks = nodes.looks[layout.node]
    same_kind = np.bincount(looks)[looks].astype(np.float64)
    texts = blocks.text_numbers
    return [
        np.bincount(texts)[texts].astype(np.float64),
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
