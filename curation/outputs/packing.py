"""Documents of tokens into sequences of one length: best-fit packing, and concatenation.

Both take lengths and give places; neither sees a token. Every token has exactly one place.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from curation.storage.manifest import Figure


class Method(StrEnum):
    """How documents share sequences."""

    BEST_FIT = "best_fit"
    CONCATENATE = "concatenate"


@dataclass(frozen=True, slots=True, order=True)
class Piece:
    """``length`` tokens of a document (its number) from its token ``start`` on.

    ``before`` and ``after`` are ids that stand around them and are none of the document's.
    """

    document: int
    start: int
    length: int
    before: tuple[int, ...] = field(default=(), repr=False)
    after: tuple[int, ...] = field(default=(), repr=False)

    @property
    def size(self) -> int:
        """How many places it takes."""
        return len(self.before) + self.length + len(self.after)


Packed = list[list[Piece]]
"""For each sequence, its pieces in order."""


@dataclass(frozen=True, slots=True)
class PackingFigures:
    """What packing came to. ``places`` is the room of all sequences, ``tokens`` what fills it.

    ``documents`` counts those without tokens too. ``split_documents`` lie in several sequences;
    ``needless_splits`` are those of them that would have fitted one sequence whole.
    ``knotted_documents`` are cut into chunks within one, with ``knot_tokens`` between them.
    """

    documents: int = 0
    tokens: int = 0
    sequences: int = 0
    places: int = 0
    split_documents: int = 0
    needless_splits: int = 0
    knotted_documents: int = 0
    knot_tokens: int = 0

    @property
    def fill_ratio(self) -> float:
        """The share of places that hold a token, of a document or of a knot; 1.0 of none."""
        return (self.tokens + self.knot_tokens) / self.places if self.places else 1.0

    def figures(self) -> tuple[Figure, ...]:
        """What is said of them."""
        return (
            Figure("sequences", self.sequences),
            Figure("tokens", self.tokens),
            Figure("fill ratio", round(self.fill_ratio, 6)),
            Figure("split documents", self.split_documents),
            *([Figure("knotted documents", self.knotted_documents)] * bool(self.knotted_documents)),
        )


def best_fit(lengths: Sequence[int], capacity: int) -> Packed:
    """Best-fit decreasing: each piece goes where the least room is left after it.

    A document longer than ``capacity`` gives whole sequences and a rest; every other document stays
    whole. Empty documents have no piece. Pieces of a sequence, and sequences by their first piece,
    come in document order, so that lengths do not order the training. As in "Fewer Truncations
    Improve Language Modeling" (Ding et al. 2024), section 3, with two deviations: the fullest
    fitting sequence is found by bisection over the distinct rooms (at most ``capacity`` of them)
    instead of a segment tree, and the order is restored as said.

    >>> best_fit([3, 7, 4], 8)
    [[Piece(document=0, start=0, length=3), Piece(document=2, start=0, length=4)], \
[Piece(document=1, start=0, length=7)]]
    """
    _check(capacity)
    packed: Packed = []
    rests: list[Piece] = []
    for document, length in enumerate(lengths):
        whole = length - length % capacity
        packed.extend([Piece(document, start, capacity)] for start in range(0, whole, capacity))
        if length > whole:
            rests.append(Piece(document, whole, length - whole))
    rests.sort(key=lambda piece: (-piece.length, piece.document))
    rooms: list[int] = []
    by_room: dict[int, list[list[Piece]]] = {}
    for piece in rests:
        place = bisect_left(rooms, piece.length)
        if place == len(rooms):
            sequence, room = [piece], capacity - piece.length
            packed.append(sequence)
        else:
            room = rooms[place]
            sequence = by_room[room].pop()
            if not by_room[room]:
                del rooms[place]
            sequence.append(piece)
            room -= piece.length
        waiting = by_room.setdefault(room, [])
        if not waiting:
            insort(rooms, room)
        waiting.append(sequence)
    return sorted(sorted(sequence) for sequence in packed)


def concatenate(lengths: Sequence[int], capacity: int) -> Packed:
    """One document after the other, cut wherever a sequence is full; only the last has room left.

    >>> concatenate([3, 7], 8)
    [[Piece(document=0, start=0, length=3), Piece(document=1, start=0, length=5)], \
[Piece(document=1, start=5, length=2)]]
    """
    _check(capacity)
    packed: Packed = []
    room = 0
    for document, length in enumerate(lengths):
        start = 0
        while start < length:
            if not room:
                packed.append([])
                room = capacity
            size = min(room, length - start)
            packed[-1].append(Piece(document, start, size))
            start += size
            room -= size
    return packed


METHODS: Mapping[Method, Callable[[Sequence[int], int], Packed]] = {
    Method.BEST_FIT: best_fit,
    Method.CONCATENATE: concatenate,
}


def measure(packed: Packed, lengths: Sequence[int], capacity: int) -> PackingFigures:
    """The figures of a packing of documents of these lengths."""
    sequences, pieces = [0] * len(lengths), [0] * len(lengths)
    for sequence in packed:
        for piece in sequence:
            pieces[piece.document] += 1
        for document in {piece.document for piece in sequence}:
            sequences[document] += 1
    split = [number for number, count in enumerate(sequences) if count > 1]
    return PackingFigures(
        documents=len(lengths),
        tokens=sum(lengths),
        sequences=len(packed),
        places=len(packed) * capacity,
        split_documents=len(split),
        needless_splits=sum(lengths[number] <= capacity for number in split),
        knotted_documents=sum(map(int.__gt__, pieces, sequences)),
        knot_tokens=sum(piece.size - piece.length for sequence in packed for piece in sequence),
    )


def total(figures: Iterable[PackingFigures]) -> PackingFigures:
    """The figures of several packings together."""
    sums: Counter[str] = Counter()
    for one in figures:
        sums.update(asdict(one))
    return PackingFigures(**sums)


def _check(capacity: int) -> None:
    if capacity < 1:
        raise ValueError(f"sequence length is {capacity}: it must be at least 1")
