"""Counts the words of many lists in one pass over a text.

The lists are regular expressions, and a search for each of twenty takes forty times as long as the
pass (8 ms of a page of 10,000 characters). Nearly all words begin with characters that stand for
themselves: an automaton of these finds the places where a word may stand, and where there is no
more to it, the word. Only elsewhere is the list's own pattern asked, at that place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.kernels.arrays import Int64Array
from models.kernels.compile import kernel
from models.text.automaton import Automaton, Finds, find, make_automaton
from models.text.characters import WORD, base_kinds
from models.text.scripts import codes_of
from models.text.word_lists import WordList


@dataclass(frozen=True, eq=False)
class WordSearch:
    """Counts the words of some lists, by name, as the ``findall`` of each list's pattern would.

    A list with a word whose beginning is not plain is left to its pattern.
    """

    lists: Mapping[str, WordList]

    def count(self, texts: Sequence[str], names: Sequence[str]) -> dict[str, Int64Array]:
        """How often words of each of some lists stand in each text, (texts,) by name."""
        sizes = np.array([len(text) + 1 for text in texts], np.int64)  # with what joins them
        starts = np.cumsum(sizes) - sizes
        codes = codes_of("\n".join(texts))
        wanted = sum(1 << self._numbers[name] for name in names if name in self._numbers)
        finds = find(self._automaton, codes, base_kinds()[codes] & WORD != 0, wanted)
        owners = np.searchsorted(starts, finds.places, "right") - 1
        self._find_ends(finds, owners, starts, texts)
        counts = np.zeros((len(self._numbers), len(texts)), np.int64)
        _count(finds, owners, counts)
        return {
            name: counts[self._numbers[name]]
            if name in self._numbers
            else np.array([len(self.lists[name].pattern.findall(text)) for text in texts], np.int64)
            for name in names
        }

    def _find_ends(
        self, finds: Finds, owners: Int64Array, starts: Int64Array, texts: Sequence[str]
    ) -> None:
        """Set the ends that are not known; 0 stays where a pattern does not match."""
        unsure = np.flatnonzero(finds.ends == 0)
        columns = (unsure, finds.lists[unsure], finds.places[unsure], owners[unsure])
        for number, which, place, owner in zip(*(some.tolist() for some in columns), strict=True):
            start = int(starts[owner])
            if match := self._patterns[which].match(texts[owner], place - start):
                finds.ends[number] = start + match.end()

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        """The lists that the automaton knows."""
        plain = [name for name, words in self.lists.items() if words.is_plain]
        return {name: number for number, name in enumerate(plain)}

    @cached_property
    def _patterns(self) -> Sequence[re.Pattern[str]]:
        return [self.lists[name].pattern for name in self._numbers]

    @cached_property
    def _automaton(self) -> Automaton:
        return make_automaton([self.lists[name] for name in self._numbers])


@kernel(allocates=True)
def _count(finds: Finds, owners: Int64Array, counts: Int64Array) -> None:
    """Count those that do not overlap one of the same list before them."""
    free = np.zeros(len(counts), np.int64)
    for number in range(len(owners)):
        which = finds.lists[number]
        if finds.places[number] >= free[which] and finds.ends[number]:
            counts[which, owners[number]] += 1
            free[which] = finds.ends[number]
