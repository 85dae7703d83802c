"""An automaton that reads a text once for the words of many lists."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.kernels.arrays import Int32Array, Int64Array, UInt32Array, UInt64Array
from models.kernels.compile import kernel
from models.text.scripts import PLANES
from models.text.word_lists import WordList

MAX_LISTS = 64
"""Lists are bits of an integer."""

_START, _INSIDE = 1, 2
"""The nodes to begin at: where no character of a word stands before a place, and where one does."""


class Automaton(NamedTuple):
    """The nodes of a trie, (nodes,), 0 being none, and what is known at them, a bit for each list.

    ``letters`` numbers the characters that words begin with, those alike that differ in case;
    ``next_node`` is (nodes, letters). ``whole`` has lists with a word that ends here if nothing of
    a word follows, ``complete`` those with one that ends here, ``begun`` those with one that may.
    """

    letters: UInt32Array
    next_node: Int32Array
    whole: UInt64Array
    complete: UInt64Array
    begun: UInt64Array


class Finds(NamedTuple):
    """What was found, (finds,), in the order of places; an ``end`` of 0 is not known."""

    places: Int64Array
    lists: Int64Array
    ends: Int64Array


def make_automaton(lists: Sequence[WordList]) -> Automaton:
    """The automaton of lists whose words begin plainly, at most ``MAX_LISTS``."""
    if len(lists) > MAX_LISTS:
        raise ValueError(f"{len(lists)} lists > {MAX_LISTS}")
    words = [(number, one) for number, some in enumerate(lists) for one in some.beginnings()]
    trie = _Trie(_number_letters("".join(word.text for _, word in words)))
    for number, word in words:
        known = trie.begun if not word.is_all else trie.whole if word.is_whole else trie.complete
        for root in (_START,) if word.is_whole else (_START, _INSIDE):
            node = trie.add(root, word.text)
            known[node] = known.get(node, 0) | 1 << number
    return trie.compile()


def _number_letters(characters: str) -> dict[str, int]:
    """A number for each character from 1 on; those that are alike in any case share it."""
    letters: dict[str, int] = {}
    for number, character in enumerate(sorted(set(characters)), 1):
        if character not in letters:
            alike = re.findall(re.escape(character), _cased(), re.IGNORECASE)
            letters |= dict.fromkeys((character, *alike), number)
    return letters


@cache
def _cased() -> str:
    """All characters that have a case."""
    characters = map(chr, range(PLANES))
    return "".join(one for one in characters if one.lower() != one or one.upper() != one)


@dataclass(eq=False)
class _Trie:
    """An automaton in the making."""

    letters: Mapping[str, int]
    edges: list[dict[int, int]] = field(default_factory=lambda: [{}, {}, {}])
    whole: dict[int, int] = field(default_factory=dict)
    complete: dict[int, int] = field(default_factory=dict)
    begun: dict[int, int] = field(default_factory=dict)

    def add(self, node: int, text: str) -> int:
        """The node that a text leads to."""
        for character in text:
            node = self.edges[node].setdefault(self.letters[character], len(self.edges))
            if node == len(self.edges):
                self.edges.append({})
        return node

    def compile(self) -> Automaton:
        """The same in arrays."""
        letters = np.zeros(PLANES + 1, np.uint32)
        for character, number in self.letters.items():
            letters[ord(character)] = number
        next_node = np.zeros((len(self.edges), int(letters.max()) + 1), np.int32)
        for node, edges in enumerate(self.edges):
            for letter, target in edges.items():
                next_node[node, letter] = target
        known = (self.whole, self.complete, self.begun)
        bits = [[some.get(node, 0) for node in range(len(self.edges))] for some in known]
        return Automaton(letters, next_node, *(np.array(row, np.uint64) for row in bits))


def find(automaton: Automaton, codes: UInt32Array, is_word: NDArray[np.bool_], lists: int) -> Finds:
    """All words of some lists, given as bits, in a text by its codes; they may overlap.

    ``is_word`` says which characters are of a word.
    """
    size = len(codes) // 2
    while True:
        finds = Finds(*(np.empty(size, np.int64) for _ in range(3)))
        size = _find(automaton, codes, is_word, np.uint64(lists), finds)
        if size <= len(finds.places):
            return Finds(*(column[:size] for column in finds))


@kernel(allocates=True)
def _find(
    automaton: Automaton,
    codes: UInt32Array,
    is_word: NDArray[np.bool_],
    lists: np.uint64,
    finds: Finds,
) -> int:
    """Write the finds as long as there is room; returns how many there are."""
    letters, next_node, whole, complete, begun = automaton
    size, count = len(codes), 0
    end_of_list = np.zeros(MAX_LISTS, np.int64)
    for place in range(size):
        root = _INSIDE if place and is_word[place - 1] else _START
        node = next_node[root, letters[codes[place]]]
        once = unsure = np.uint64(0)
        end = place
        while node:
            end += 1
            here = complete[node]
            if end == size or not is_word[end]:
                here |= whole[node]
            here &= lists
            unsure |= begun[node] & lists | once & here  # of two ends the order of words decides
            once |= here
            which = 0
            while here >> np.uint64(which):
                if here >> np.uint64(which) & np.uint64(1):
                    end_of_list[which] = end
                which += 1
            node = next_node[node, letters[codes[end]]] if end < size else 0
        found = once | unsure
        which = 0
        while found >> np.uint64(which):
            bit = np.uint64(1) << np.uint64(which)
            if found & bit:
                if count < len(finds.places):
                    finds.places[count], finds.lists[count] = place, which
                    finds.ends[count] = 0 if unsure & bit else end_of_list[which]
                count += 1
            which += 1
    return count
