"""Untie the Knots: chunks of documents that share a sequence, interleaved.

After Tian et al. 2024 (arXiv:2409.04774): a model that has to find the next chunk of a document
among those of others learns to look far back, from documents that are short themselves.

Deviations: chunks of a document always keep their order; whole documents share a sequence, so that
nothing is cut off at its end, where the paper's code knots sequences that were concatenated
before; a document that is longer than a sequence, or has fewer tokens than chunks, is left whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from curation.outputs.packing import Packed, Piece, best_fit
from stages.lottery import draw, highest_of


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of a document, as draws are made for it."""

    doc_id: str
    copy: int


@dataclass(frozen=True, slots=True)
class Knots:
    """How documents are knotted: which share of them, in how many chunks each.

    ``token_ids`` holds two for each cut, in order: the one that ends the chunk before it, and the
    one that begins the chunk behind it. Without them a cut is not marked.
    """

    ratio: float
    chunks: int
    token_ids: tuple[int, ...]
    seed: int

    @property
    def added(self) -> int:
        """By how many tokens a document grows."""
        return len(self.token_ids)

    def chosen(self, copies: Sequence[Copy], lengths: Sequence[int], capacity: int) -> list[int]:
        """The numbers of the documents that are knotted."""
        highest = highest_of(self.ratio)
        return [
            number
            for number, (one, length) in enumerate(zip(copies, lengths, strict=True))
            if self.chunks <= length <= capacity - self.added
            and draw(self.seed, one.doc_id, one.copy, "knot") <= highest
        ]

    def pack(
        self,
        numbers: Sequence[int],
        copies: Sequence[Copy],
        lengths: Sequence[int],
        capacity: int,
    ) -> Packed:
        """Sequences of the chunks of these documents, each document whole in one of them."""
        sizes = [lengths[number] + self.added for number in numbers]
        packed = []
        for sequence in best_fit(sizes, capacity):
            documents = [numbers[piece.document] for piece in sequence]
            packed.append(self._interleaved(documents, copies, lengths))
        return packed

    def _interleaved(
        self, documents: Sequence[int], copies: Sequence[Copy], lengths: Sequence[int]
    ) -> list[Piece]:
        """All chunks, by draws; those of a document have theirs in order."""
        placed: list[tuple[int, Piece]] = []
        for document in documents:
            one = copies[document]
            draws = sorted(
                draw(self.seed, one.doc_id, one.copy, number, "place")
                for number in range(self.chunks)
            )
            placed += zip(draws, self._chunks(document, one, lengths[document]), strict=True)
        return [piece for _, piece in sorted(placed)]

    def _chunks(self, document: int, one: Copy, length: int) -> list[Piece]:
        cuts = self._cuts(one, length)
        pieces = []
        for number, (start, end) in enumerate(zip([0, *cuts], [*cuts, length], strict=True)):
            before = self.token_ids[2 * number - 1 : 2 * number] if number else ()
            after = self.token_ids[2 * number : 2 * number + 1]
            pieces.append(Piece(document, start, end - start, before, after))
        return pieces

    def _cuts(self, one: Copy, length: int) -> list[int]:
        """Where a document is cut: ``chunks`` - 1 places between its tokens, drawn alike."""
        drawn: set[int] = set()
        attempt = 0
        while len(drawn) < self.chunks - 1:
            place = draw(self.seed, one.doc_id, one.copy, attempt, "cut")
            drawn.add(1 + place % (length - 1))
            attempt += 1
        return sorted(drawn)
