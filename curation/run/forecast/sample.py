"""A seeded sample of a crawl: pieces of its files, drawn by lot, each read as a run reads it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from curation import storage
from curation.batches.records import Batch
from curation.errors import UsageError
from curation.parts.reader import CrawlSlice
from curation.run.plan import Plan, PlannedStep
from curation.sources.inputs.input_file import InputFile
from curation.sources.inputs.splits import split

PIECES = 32
"""How many pieces a sample has, where they are neither too small nor too large for that."""
MIN_PIECE_BYTES, MAX_PIECE_BYTES = 64 << 10, 16 << 20
"""Smaller ones would mostly be read to find where a record begins."""


@dataclass(frozen=True)
class Sample:
    """Slices of a crawl with their sizes, in crawl order, and how large the whole crawl is."""

    slices: tuple[tuple[CrawlSlice, int], ...]
    crawl_bytes: int

    @property
    def bytes(self) -> int:
        """Of the slices."""
        return sum(size for _, size in self.slices)

    @property
    def share(self) -> float:
        """Of the crawl."""
        return self.bytes / self.crawl_bytes


def draw(inputs: Sequence[InputFile], share: float, seed: int) -> tuple[Sample, Sample]:
    """A sample of about this share of the crawl, and a small one out of it, to warm up on.

    A file that cannot be entered anywhere is one piece, however large. Raises UsageError for a
    crawl that is not large enough to be sampled: its sample would be most of it.
    """
    whole = sum(file.size for file in inputs)
    piece = min(max(int(whole * share / PIECES), MIN_PIECE_BYTES), MAX_PIECE_BYTES)
    pieces = [
        (CrawlSlice(number, file.path, each), size)
        for number, file in enumerate(inputs)
        for each, size in split(file, piece)
        if size
    ]
    pieces.sort(key=lambda one: _lot(one[0], seed))
    chosen = _first(pieces, whole * share)
    if len(chosen) < 2 or sum(size for _, size in chosen) > whole / 2:  # noqa: PLR2004
        raise UsageError(
            f"--forecast: {whole:,} bytes in {len(pieces):,} pieces are too few to be sampled at "
            f"{share:.1%}: raise --sample, or run it"
        )
    few = _first(chosen, sum(size for _, size in chosen) / 8)
    return Sample(_in_order(chosen), whole), Sample(_in_order(few), whole)


Pieces = list[tuple[CrawlSlice, int]]


def _first(pieces: Pieces, wanted: float) -> Pieces:
    chosen: Pieces = []
    for one in pieces:
        if sum(size for _, size in chosen) >= wanted:
            break
        chosen.append(one)
    return chosen


def _in_order(pieces: Pieces) -> tuple[tuple[CrawlSlice, int], ...]:
    return tuple(sorted(pieces, key=lambda one: (one[0].file_number, one[0].split.start)))


def _lot(piece: CrawlSlice, seed: int) -> bytes:
    start = piece.split.ranges[0].offset if piece.split.ranges else piece.split.start
    words = f"{seed} {piece.path} {start}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(words, digest_size=16).digest()


def plan_of(plan: Plan, sample: Sample, root: str) -> Plan:
    """The plan over a sample, into a root of its own, judged against no earlier batch.

    Fingerprints are the whole run's: a worker that has opened a step has opened it for all samples.
    """
    batch = Batch(storage.join(root, plan.config.name), plan.batch.name, 0)

    def moved(step: PlannedStep) -> PlannedStep:
        folder = storage.join(batch.folder, step.folder_name)
        return replace(step, folder=folder, earlier=None)

    outputs = tuple(
        replace(one, step=moved(one.step), made_of=moved(one.made_of)) for one in plan.outputs
    )
    return replace(
        plan,
        config=replace(plan.config, max_quarantine_ratio=1.0),
        batch=batch,
        steps=tuple(map(moved, plan.steps)),
        outputs=outputs,
        slices=sample.slices,
        share=sample.share,
        phases=(),
    )
