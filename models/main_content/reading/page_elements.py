"""The elements of a page as arrays: read from its HTML, or from the serialised form of a tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import Any

import numpy as np
from lxml import etree

from models.kernels.arrays import BoolArray, Int32Array, Int64Array, UInt32Array
from models.kernels.entries import join
from models.kernels.references import GROWTH
from models.kernels.serialised import scan
from models.main_content.reading import words
from models.main_content.reading.html.levels import COLUMNS, MAX_DEPTH
from models.main_content.reading.html.page import (
    CHARACTERS,
    ELEMENTS,
    ENTRIES,
    FOUND,
    STATES,
    WRITTEN,
    PageArrays,
)
from models.main_content.reading.html.parse import PADDING, count_marks, parse
from models.main_content.reading.html.tags import MAX_NAME
from models.main_content.reading.words import NUMBER, READ, VALUED, WORDS

_LOST = re.compile(b"&#xFFFD;|\xef\xbf[\xbe\xbf]")
"""What the serialiser writes for characters that XML cannot hold: U+FFFE and U+FFFF as they are. A
page's own U+FFFD it writes as it is."""

_NO_XML = re.compile("[\x00-\x08\x0b\x0e-\x1f\ufffe\uffff]")
TAG, PARENT, END, OPEN, CLOSE = range(5)
_IMPLIED = 3  # elements that a page need not write: html, head, body
_MIN_ATTRIBUTE = 5
"""Bytes of a page for each attribute of ``READ``: elements with many short ones have 5.2."""


@dataclass(frozen=True)
class PageElements:
    """The elements of a page in document order; the first is the root.

    Rows of ``tags`` are name, parent, the first element that is not inside, and where in ``text``
    it opens and closes; rows of ``values`` the values of ``VALUED``; rows of ``attributes``
    element, attribute (of ``READ``) and where in ``source`` its value stands. Names and values are
    entries: numbers of ``spans`` of ``source``, of which the first are ``WORDS``; -1 for none.
    Values in ``source`` may be escaped as XML has it. ``make_tree`` gives the page as a tree of
    lxml's.
    """

    make_tree: Callable[[], Any]
    source: bytes
    is_escaped: bool
    spans: Int32Array
    tags: Int32Array
    values: Int32Array
    attributes: Int32Array
    text: UInt32Array

    @cached_property
    def tree(self) -> Any:
        """The page as a tree of lxml's. Making it costs more than reading the page did."""
        return self.make_tree()

    @cached_property
    def rows(self) -> memoryview:
        """``tags``, for those that ask for one number: it is Python's, and a third of the cost."""
        return self.tags.data

    @cached_property
    def characters(self) -> str:
        """All text, in one piece."""
        return self.string(0, len(self.text))

    @cached_property
    def names(self) -> list[str]:
        """The names and values by their entries; the last, that of -1, is empty."""
        joined = np.empty(int((self.spans[:, 1] - self.spans[:, 0] + 1).sum()), np.uint8)
        join(np.frombuffer(self.source, np.uint8), self.spans, joined)
        names = joined.tobytes().decode().split("\0")
        if self.is_escaped and ord("&") in joined:
            names = [unescape(name) if "&" in name else name for name in names]
        return names

    def value(self, start: int, end: int) -> str:
        """What stands at a place of the source."""
        value = self.source[start:end].decode()
        return unescape(value) if self.is_escaped and "&" in value else value

    def string(self, start: int, end: int) -> str:
        """The text between two places."""
        return self.text[start:end].tobytes().decode("utf-32-le")

    def string_of(self, element: int) -> str:
        """All text in an element, as XPath's ``string()`` has it."""
        return self.string(self.tags[element, OPEN], self.tags[element, CLOSE])

    def having(self, attribute: str) -> Int32Array:
        """The elements that have an attribute of ``READ``, and the spans of its values, (n, 3)."""
        rows = self.attributes[self.attributes[:, 1] == NUMBER[attribute]]
        return rows[:, [0, 2, 3]]

    def attributes_of(self, name: str, attributes: Collection[str]) -> list[dict[str, str]]:
        """Some attributes of ``READ`` of each element of a name that has one of them."""
        rows = self.attributes[self.tags[self.attributes[:, 0], TAG] == NUMBER[name]]
        found: dict[int, dict[str, str]] = {}
        for element, attribute, start, end in rows.tolist():
            if WORDS[attribute] in attributes:
                found.setdefault(element, {})[WORDS[attribute]] = self.value(start, end)
        return list(found.values())

    def named(self, name: str) -> Int64Array:
        """The elements of a name of ``WORDS``."""
        return np.flatnonzero(self.tags[:, TAG] == NUMBER[name])


def flags(numbers: Int32Array | Int64Array | list[int], size: int) -> BoolArray:
    """Of each number below ``size``, whether it is among some: a table, faster than ``isin``."""
    found = np.zeros(size, np.bool_)
    found[numbers] = True
    return found


def distinct(numbers: Int32Array | Int64Array, size: int) -> list[int]:
    """The distinct numbers from 0 to ``size`` among some, in order; -1 is none."""
    return np.flatnonzero(flags(numbers, size + 1)[:-1]).tolist()


def read_html(html: bytes, make_tree: Callable[[], Any]) -> PageElements | None:
    """The elements of a page in UTF-8 with ``PADDING`` behind it; None if it has none.

    They are those of libxml2's tree, but that elements deeper than ``MAX_DEPTH`` stand beside each
    other, where libxml2 reads no further. Raises ValueError without the padding.
    """
    if not html.endswith(PADDING):
        raise ValueError("a page ends with PADDING")
    source = np.frombuffer(html, np.uint8)
    length = len(html) - len(PADDING)
    tags, equals = count_marks(source)
    elements = tags + _IMPLIED
    size = len(WORDS) + elements + equals
    page = PageArrays(
        source,
        written=np.empty(len(words.BYTES) + int(GROWTH * length) + MAX_NAME, np.uint8),
        table=np.full(1 << int(2 * size).bit_length(), -1, np.int32),
        entries=np.empty((size, 4), np.int32),
        tags=np.empty((elements, 5), np.int32),
        values=np.full((elements, len(VALUED)), -1, np.int32),
        attributes=np.empty((length // _MIN_ATTRIBUTE + 1, 4), np.int32),
        text=np.empty(length + 1, np.uint32),
        levels=np.empty((min(elements, MAX_DEPTH), COLUMNS), np.int32),
        state=np.zeros(STATES, np.int64),
    )
    parse(page, length)
    state = page.state
    if not state[ELEMENTS]:
        return None
    return PageElements(
        make_tree,
        page.written[: state[WRITTEN]].tobytes(),
        False,
        page.entries[: state[ENTRIES], :2].copy(),
        page.tags[: state[ELEMENTS]],
        page.values[: state[ELEMENTS]],
        page.attributes[: state[FOUND]],
        page.text[: state[CHARACTERS]],
    )


def read_elements(tree: Any) -> PageElements:
    """The elements of a tree or of a part of one."""
    page = _serialise(tree)
    source = words.BYTES + page
    data = np.frombuffer(source, np.uint8)
    elements = int(np.count_nonzero(data == ord("<")))
    found = int(np.count_nonzero(data == ord('"'))) // 2
    size = len(WORDS) + elements + found
    table = np.full(1 << int(2 * size).bit_length(), -1, np.int32)
    spans = np.empty((size, 2), np.int32)
    tags = np.empty((elements, 5), np.int32)
    values = np.empty((elements, len(VALUED)), np.int32)
    attributes = np.empty((found, 4), np.int32)
    text = np.empty(len(page), np.uint32)
    counts = np.zeros(4, np.int64)
    scan(
        data, words.SPANS, table, spans, NUMBER[words.COMMENT], len(VALUED) + len(READ), tags,
        values, attributes, text, counts,
    )  # fmt: skip
    elements, found, entries, characters = counts.tolist()
    return PageElements(
        lambda: tree,
        source,
        True,
        spans[:entries],
        tags[:elements],
        values[:elements],
        attributes[:found],
        text[:characters],
    )


def _serialise(tree: Any) -> bytes:
    """The tree as XML in UTF-8. What XML cannot hold is taken out of the tree.

    The doctype is hidden meanwhile: for XHTML, attributes and elements would be made up.
    """
    doctype = tree.getroottree().docinfo
    public, system = doctype.public_id, doctype.system_url
    if public or system:
        doctype.public_id = doctype.system_url = None
    page: bytes = etree.tostring(tree, encoding="utf-8", with_tail=False)
    if _LOST.search(page):
        _make_fit(tree)
        page = etree.tostring(tree, encoding="utf-8", with_tail=False)
    if public or system:
        doctype.public_id, doctype.system_url = public, system
    return page


def _make_fit(tree: Any) -> None:
    """Take out of a tree what XML cannot hold."""
    for element in tree.iter():
        element.text, element.tail = _fit(element.text), _fit(element.tail)
        for name in set(element.keys()).intersection((*VALUED, *READ)):
            element.set(name, _fit(element.get(name)))


def _fit(text: str | None) -> str | None:
    return text and _NO_XML.sub("", text.replace("\f", " "))
