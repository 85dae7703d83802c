"""The block elements of a page: what trees, layout and lines know of where a block stands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.kernels.arrays import Int32Array, Int64Array
from models.kernels.compile import kernel
from models.main_content.reading.elements import CONTEXTS
from models.main_content.reading.names import MAX_NAME_CHARS, first_class, names_in
from models.main_content.reading.page_elements import TAG, PageElements
from models.main_content.reading.words import NUMBER, VALUED, WORDS

ROLES = {"navigation": "nav", "contentinfo": "footer", "main": "main", "complementary": "aside"}
_CLASS, _ID, _, _ROLE, _ARIA_HIDDEN, _ = range(len(VALUED))
_CONTEXT_BITS = {context: 1 << bit for bit, context in enumerate(CONTEXTS)}
_BITS_OF_WORDS = np.array([*(_CONTEXT_BITS.get(word, 0) for word in WORDS), 0])
ELEMENT, PARENT, IS_COVERED, ROW = range(4)


@dataclass(frozen=True, slots=True)
class Nodes:
    """The block elements of a page in document order, one entry each; 0 is the body.

    ``own``, ``near`` (own and parent's) and ``inherited`` are bit sets over ``NAMES``,
    ``contexts`` over ``CONTEXTS`` (inherited). ``signature`` is tag and classes, ``kind`` tag and
    first class without digits. ``row`` is the table row it stands in, or -1. ``covered`` says that
    a browser does not show it, ``hidden`` that, or that a screen reader does not.
    """

    parent: Int64Array
    tag: list[str]
    depth: Int64Array
    own: Int64Array
    near: Int64Array
    inherited: Int64Array
    contexts: Int64Array
    kind: list[str]
    hidden: Int64Array
    covered: npt.NDArray[np.bool_]
    signature: list[str]
    row: Int64Array


def find_nodes(page: PageElements, rows: Int32Array) -> Nodes:
    """The nodes of a page; rows are element, parent, whether it is covered, and table row."""
    elements = rows[:, ELEMENT].astype(np.int64)
    tags, values = page.tags[elements, TAG], page.values[elements]
    own, contexts = _names(page, values), _contexts(page, tags, values)
    is_hidden = (values[:, _ARIA_HIDDEN] == NUMBER["true"]).astype(np.int64)
    own[0] = contexts[0] = is_hidden[0] = 0  # whatever element is read as the body
    parent = rows[:, PARENT].astype(np.int64)
    depth, near, inherited = np.zeros_like(own), own.copy(), own.copy()
    covered = rows[:, IS_COVERED] != 0
    _inherit(parent, own, covered, depth, near, inherited, contexts, is_hidden)
    names, signatures, kinds = _describe(page, tags, values[:, _CLASS])
    row = rows[:, ROW].astype(np.int64)
    return Nodes(
        parent, names, depth, own, near, inherited, contexts, kinds, is_hidden, covered, signatures,
        row,
    )  # fmt: skip


@kernel()
def _inherit(
    parent: Int64Array,
    own: Int64Array,
    covered: npt.NDArray[np.bool_],
    depth: Int64Array,
    near: Int64Array,
    inherited: Int64Array,
    contexts: Int64Array,
    hidden: Int64Array,
) -> None:
    """Add to each node what it has from its parents."""
    for node in range(1, len(parent)):
        above = parent[node]
        depth[node] = depth[above] + 1
        near[node] |= own[above]
        inherited[node] |= inherited[above]
        contexts[node] |= contexts[above]
        covered[node] |= covered[above]
        hidden[node] |= hidden[above] | covered[node]


def _names(page: PageElements, values: Int32Array) -> Int64Array:
    """The bit set of the classes and the id of each node."""
    of_entry = np.zeros(len(page.spans) + 1, np.int64)
    label, name = values[:, _CLASS], values[:, _ID]
    for entry, value in page.entries(label).items():
        of_entry[entry] = names_in(value)
    own = of_entry[label]
    for node in np.flatnonzero(name >= 0).tolist():
        identifier = page.entry(name[node])
        classes = page.spans[label[node]]
        if label[node] < 0 or classes[1] - classes[0] + len(identifier) < MAX_NAME_CHARS:
            own[node] |= names_in(identifier)
        else:
            own[node] = names_in(f"{page.entry(label[node])} {identifier}")
    return own


def _contexts(page: PageElements, tags: Int32Array, values: Int32Array) -> Int64Array:
    """The context that each node makes by its role or its tag."""
    contexts = _BITS_OF_WORDS[np.minimum(tags, len(WORDS))]
    for node in np.flatnonzero(values[:, _ROLE] >= 0).tolist():
        role = page.entry(values[node, _ROLE])
        if role:
            tag = page.entry(tags[node])
            contexts[node] = _CONTEXT_BITS.get(ROLES.get(role, tag), 0)
    return contexts


def _describe(
    page: PageElements, tags: Int32Array, labels: Int32Array
) -> tuple[list[str], list[str], list[str]]:
    """Tag, signature and kind of each node."""
    pairs = tags.astype(np.int64) * (len(page.spans) + 1) + labels + 1
    _, first, which = np.unique(pairs, return_index=True, return_inverse=True)
    described = [_describe_one(page, tags[node], labels[node]) for node in first]
    every = [described[number] for number in which]
    every[0] = ("body", "body", "body")
    names, signatures, kinds = (list(column) for column in zip(*every, strict=True))
    return names, signatures, kinds


def _describe_one(page: PageElements, tag: int, label: int) -> tuple[str, str, str]:
    name, classes = page.entry(tag), page.entry(label)
    kind = f"{name}.{first_class(classes)}" if classes else name
    return name, f"{name}.{classes}", kind
