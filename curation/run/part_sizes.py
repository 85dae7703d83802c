"""How a step's input is cut into parts: by what it holds, and by the cores there are.

A task costs a worker some 30 ms whatever is in it, and the last tasks of a step leave cores idle.
So a crawl has a few parts a core, as long as they are not too small to be worth a task, and no part
is larger than ``part_bytes``. What a part holds decides nothing of what becomes of its documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

from curation import storage
from curation.parts.reader import CrawlSlice, CrawlSlices, Part, StepFile, StepFiles
from curation.run.plan import PlannedStep
from curation.sources.inputs.input_file import InputFile
from curation.sources.inputs.splits import Split, split
from curation.storage.grouping import group_neighbours
from curation.storage.manifest import Manifest
from schemas.verdict import Decision

PARTS_PER_CORE = 4
MIN_PART_BYTES = 512 << 10
"""Of a crawl: some 20 pages of the usual size, which take a second to be extracted."""

BYTES_PER_TEXT_BYTE = 4
"""What a step keeps of a part takes a quarter of its bytes at most, both compressed: of so many
bytes, a part of kept documents has as many documents as one of a crawl."""


@dataclass(frozen=True, slots=True)
class PartSizing:
    """What sizes parts: the cores of the session, and the most that a part of a crawl may have."""

    cores: int
    max_bytes: int

    def of_crawl(self, total: int) -> int:
        """How many of ``total`` bytes a part of a crawl should have.

        >>> [PartSizing(2, 256 << 20).of_crawl(mib << 20) >> 10 for mib in (2, 16, 100_000)]
        [512, 2048, 262144]
        """
        return self._size(total, 1)

    def of_step(self, total: int) -> int:
        """How many of ``total`` bytes of kept documents a part should have."""
        return self._size(total, BYTES_PER_TEXT_BYTE)

    def _size(self, total: int, share: int) -> int:
        wanted = max(MIN_PART_BYTES // share, -(-total // (self.cores * PARTS_PER_CORE)))
        return max(1, min(wanted, self.max_bytes // share))


def parts_of_step(step: PlannedStep, done: Manifest, sizing: PartSizing) -> list[Part]:
    """What a step kept, in crawl order; small neighbouring files share a part."""
    kept = done.files(Decision.KEEP)
    target = sizing.of_step(sum(file.bytes for _, file in kept))
    groups = group_neighbours(kept, lambda found: found[1].bytes, target)
    return [
        Part(
            number,
            StepFiles(
                tuple(
                    StepFile(storage.join(step.folder, file.name), part, file.sha256)
                    for part, file in group
                )
            ),
        )
        for number, group in enumerate(groups)
    ]


def parts_of_crawl(inputs: Sequence[InputFile], sizing: PartSizing) -> list[Part]:
    """The crawl cut into parts, in crawl order.

    Small neighbouring files share a part; a large file is split evenly where its format allows it.
    """
    target = sizing.of_crawl(sum(file.size for file in inputs))
    slices = [
        (CrawlSlice(number, file.path, piece), length)
        for number, file in enumerate(inputs)
        for piece, length in _split_evenly(file, target, sizing.max_bytes)
    ]
    return parts_of_slices(slices, target)


def parts_of_slices(slices: Sequence[tuple[CrawlSlice, int]], target: int) -> list[Part]:
    """Slices of a crawl with their sizes, in crawl order; small neighbouring ones share a part."""
    groups = group_neighbours(slices, itemgetter(1), target)
    return [
        Part(number, CrawlSlices(tuple(piece for piece, _ in group)))
        for number, group in enumerate(groups)
    ]


def _split_evenly(file: InputFile, target: int, max_bytes: int) -> list[tuple[Split, int]]:
    """The splits of a file, about as large as each other and as ``target``."""
    count = max(1, round(file.size / target), -(-file.size // max_bytes))
    return split(file, -(-max(file.size, 1) // count))
