"""The block elements of a page: what trees, layout and lines know of where a block stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from models.kernels.arrays import Int32Array, Int64Array
from models.kernels.compile import kernel
from models.main_content.reading.elements import CONTEXTS
from models.main_content.reading.names import MAX_NAME_CHARS, NAMES, first_classes, names_in
from models.main_content.reading.page_elements import TAG, PageElements
from models.main_content.reading.words import NUMBER, VALUED, WORDS

ROLES = {"navigation": "nav", "contentinfo": "footer", "main": "main", "complementary": "aside"}
_CLASS, _ID, _, _ROLE, _ARIA_HIDDEN, _ = range(len(VALUED))
_CONTEXT_BITS = {context: 1 << bit for bit, context in enumerate(CONTEXTS)}
_BITS_OF_WORDS = np.array([*(_CONTEXT_BITS.get(word, 0) for word in WORDS), 0])
ELEMENT, PARENT, IS_COVERED, ROW = range(4)


@dataclass(frozen=True)
class Nodes:
    """The block elements of a page in document order, one entry each; 0 is the body.

    ``own``, ``near`` (own and parent's) and ``inherited`` are bit sets over ``NAMES``,
    ``contexts`` over ``CONTEXTS`` (inherited). ``looks`` numbers ``signature``, tag and classes,
    and ``kinds`` numbers ``kind``, tag and first class without digits. ``row`` is the table row it
    stands in, or -1. ``covered`` says that a browser does not show it, ``hidden`` that, or that a
    screen reader does not.
    """

    parent: Int64Array
    depth: Int64Array
    own: Int64Array
    near: Int64Array
    inherited: Int64Array
    contexts: Int64Array
    hidden: Int64Array
    covered: npt.NDArray[np.bool_]
    row: Int64Array
    looks: Int64Array
    kinds: Int64Array
    described: list[tuple[str, str | None]]
    """Name and classes of each look; the first is the body, of which only the name is known."""
    kind_names: list[str]

    @cached_property
    def tag(self) -> list[str]:
        """The name of each element."""
        return self._by_look(self.tags)

    @cached_property
    def tags(self) -> list[str]:
        """The name of each look."""
        return [name for name, _ in self.described]

    @cached_property
    def signature(self) -> list[str]:
        """The name and the classes of each element."""
        return self._by_look(self.signatures)

    @cached_property
    def kind(self) -> list[str]:
        """The name and the first class, without digits, of each element."""
        return [self.kind_names[kind] for kind in self.kinds.tolist()]

    @cached_property
    def signatures(self) -> list[str]:
        """The signature of each look."""
        return [
            name if classes is None else f"{name}.{classes}" for name, classes in self.described
        ]

    @cached_property
    def all_classes(self) -> str:
        """The classes of all looks in lower case: one string is searched faster than many are."""
        return "\n".join(classes for _, classes in self.described if classes).lower()

    def may_have_class(self, parts: Iterable[str]) -> bool:
        """Whether one of some strings in lower case stands in the classes of a look."""
        return any(map(self.all_classes.__contains__, parts))

    def _by_look(self, names: list[str]) -> list[str]:
        return [names[look] for look in self.looks.tolist()]


def find_nodes(page: PageElements, rows: Int32Array, names: Int64Array) -> Nodes:
    """The nodes of a page; rows are element, parent, whether it is covered, and table row.

    ``names`` are those of each class and id, by entry.
    """
    elements = rows[:, ELEMENT]
    tags, values = page.tags[elements, TAG], page.values[elements]
    own, contexts = _names(page, values, names), _contexts(page, tags, values)
    is_hidden = (values[:, _ARIA_HIDDEN] == NUMBER["true"]).astype(np.int64)
    own[0] = contexts[0] = is_hidden[0] = 0  # whatever element is read as the body
    parent = rows[:, PARENT].astype(np.int64)
    depth, near, inherited = np.zeros_like(own), own.copy(), own.copy()
    covered = rows[:, IS_COVERED] != 0
    _inherit(parent, own, covered, depth, near, inherited, contexts, is_hidden)
    looks, kinds, described, kind_names = _describe(page, tags, values[:, _CLASS])
    row = rows[:, ROW].astype(np.int64)
    return Nodes(
        parent,
        depth,
        own,
        near,
        inherited,
        contexts,
        is_hidden,
        covered,
        row,
        looks,
        kinds,
        described,
        kind_names,
    )


@kernel()
def _inherit(  # noqa: PLR0917 -- a compiled kernel takes arrays, not records
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


def _names(page: PageElements, values: Int32Array, names: Int64Array) -> Int64Array:
    """The bit set of the classes and the id of each node."""
    label, identifier = values[:, _CLASS], values[:, _ID]
    own: Int64Array = (names[label] | names[identifier]) & ((1 << len(NAMES)) - 1)
    sizes = np.diff(page.spans, axis=1)[:, 0]
    is_long = sizes[label] + sizes[identifier] >= MAX_NAME_CHARS
    for node in np.flatnonzero(is_long & (label >= 0) & (identifier >= 0)):
        own[node] = names_in(f"{page.names[label[node]]} {page.names[identifier[node]]}")
    return own


def _contexts(page: PageElements, tags: Int32Array, values: Int32Array) -> Int64Array:
    """The context that each node makes by its role or its tag."""
    contexts: Int64Array = _BITS_OF_WORDS[np.minimum(tags, len(WORDS))]
    for node in np.flatnonzero(values[:, _ROLE] >= 0).tolist():
        role = page.names[values[node, _ROLE]]
        if role:
            contexts[node] = _CONTEXT_BITS.get(ROLES.get(role, page.names[tags[node]]), 0)
    return contexts


def _describe(
    page: PageElements, tags: Int32Array, labels: Int32Array
) -> tuple[Int64Array, Int64Array, list[tuple[str, str | None]], list[str]]:
    """The look and the kind of each node, by number; name and classes by look, names by kind."""
    size = len(page.names)
    is_empty = np.append(page.spans[:, 0] == page.spans[:, 1], True)
    labels = np.where(is_empty[labels], -1, labels)
    pairs, looks = np.unique(tags.astype(np.int64) * size + labels + 1, return_inverse=True)
    looks += 1
    looks[0] = 0
    described: list[tuple[str, str | None]] = [("body", None)]
    names = page.names
    described += [(names[pair // size], names[pair % size - 1]) for pair in pairs.tolist()]
    numbers: dict[str, int] = {}
    kinds = [numbers.setdefault(kind, len(numbers)) for kind in _kinds_of(described)]
    return looks, np.array(kinds)[looks], described, list(numbers)


def _kinds_of(described: Sequence[tuple[str, str | None]]) -> list[str]:
    """Name and first class of each look."""
    firsts = first_classes([classes or "" for _, classes in described])
    return [
        f"{name}.{first}" if classes else name
        for (name, classes), first in zip(described, firsts, strict=True)
    ]
