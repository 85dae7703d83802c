"""Where the sentences of a text lie, and how much each takes up of those before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.kernels.arrays import Int64Array, UInt32Array
from models.kernels.compile import kernel
from models.text.characters import CLOSER, END_ANYWHERE, END_BEFORE_BLANK, SPACE, WIDER

_LINE_FEED = 10


@dataclass(frozen=True, eq=False, slots=True)
class Sentences:
    """The stretches between end marks and line ends that are not blank, (sentences,).

    A mark of a language with blanks ends one before a blank or what closes the sentence, any other
    wherever it stands. ``starts`` are places in the text; ``widths`` are those of ``shape.width``,
    without end mark and white space at the ends.
    """

    starts: Int64Array
    widths: Int64Array

    @classmethod
    def of(cls, codes: UInt32Array, kinds: UInt32Array) -> Sentences:
        """The sentences of a text by its characters' codes and kinds."""
        starts, widths = (np.empty(len(codes), np.int64) for _ in range(2))
        count = _cut(codes, kinds, starts, widths)
        return cls(starts[:count], widths[:count])

    def overlap(self, places: Int64Array, terms: Int64Array) -> float:
        """How often a sentence takes up a term of one of the two before it: coherence, roughly.

        ``terms`` are numbers from 0 on, ``places`` where they stand, in order. Sentences without
        terms are left aside; 0 for fewer than two others.
        """
        owners = np.searchsorted(self.starts, places, "right")
        full, taken_up = _count_taken_up(owners, terms, int(terms.max(initial=0)) + 1)
        return taken_up / (full - 1) if full > 1 else 0.0


@kernel()
def _cut(codes: UInt32Array, kinds: UInt32Array, starts: Int64Array, widths: Int64Array) -> int:
    size = len(codes)
    count = start = wider = 0
    first, last = size, -1
    for place in range(size + 1):
        if place < size and not _is_end(codes, kinds, place):
            kind = kinds[place]
            if kind & SPACE == 0:
                first, last = min(first, place), place
            wider += kind >> WIDER
            continue
        if last >= first:
            starts[count], widths[count] = start, last + 1 - first + wider
            count += 1
        start, first, last, wider = place + 1, size, -1, 0
    return count


@kernel()
def _is_end(codes: UInt32Array, kinds: UInt32Array, place: int) -> bool:
    kind = kinds[place]
    if codes[place] == _LINE_FEED or kind & END_ANYWHERE:
        return True
    if kind & END_BEFORE_BLANK == 0:
        return False
    after = place + 1
    while after < len(kinds) and kinds[after] & CLOSER:
        after += 1
    return after == len(kinds) or kinds[after] & SPACE != 0


@kernel(allocates=True)
def _count_taken_up(owners: Int64Array, terms: Int64Array, size: int) -> tuple[int, int]:
    """The sentences with terms, and how many of them have one of the two such before."""
    seen = np.full(size, -9)  # in which sentence last
    sentence, owner = -1, -1
    taken_up, is_taken_up = 0, False
    for number in range(len(terms)):
        if owners[number] != owner:
            sentence, owner, is_taken_up = sentence + 1, owners[number], False
        term = terms[number]
        if not is_taken_up and sentence - 2 <= seen[term] < sentence:
            is_taken_up = True
            taken_up += 1
        seen[term] = sentence
    return sentence + 1, taken_up
