"""One part of a step, start to end, in one worker and without Spark.

A part is a contiguous slice of crawl order: some files of the crawl at first, then what is left of
them. It is the unit of work and of determinism: what it becomes depends on what is in it and on
the flags that its step's corpus stage raised, on nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

import pyarrow as pa

from curation.parts.keys import KeyWriter, columns_for_keys
from curation.parts.opened import opened_step
from curation.parts.reader import (
    CrawlSlices,
    Intake,
    Part,
    StepFiles,
    batched,
    read_batches,
    read_documents,
)
from curation.parts.writer import PartWriter
from curation.sources.reader import SourceOptions
from curation.storage import StoredFile
from curation.storage.manifest import PartResult
from schemas.verdict import Decision
from stages.base import CorpusStage, Row, Stage
from stages.chain import run_chain

Flags = Mapping[int, Row]
"""The columns of a flag by the position of its document."""


@dataclass(frozen=True)
class KeysAhead:
    """The keys of the next step, made of what this one keeps while it is in memory.

    Where the next step begins with its ``stage``, nothing has to be read again for them.
    ``fingerprint`` is that step's.
    """

    fingerprint: str
    stage: CorpusStage
    folder: str


@dataclass(frozen=True)
class StepWork:
    """What a worker needs to know to do any part of a step."""

    fingerprint: str
    stages: tuple[Stage, ...]
    columns: Mapping[str, pa.DataType]
    folder: str
    batch: str
    source: SourceOptions
    max_removed_chars: int
    ahead: KeysAhead | None = None


@dataclass(frozen=True, slots=True)
class ProcessedPart:
    """What a part became, and the file of the next step's keys, if they were made ahead."""

    result: PartResult
    keys: StoredFile | None = None


def process_part(
    work: StepWork, part: Part, flags: Flags, follow: Callable[[int, int], None]
) -> ProcessedPart:
    """Judge every document of a part and write it.

    ``follow`` is told how many are done so far, and how many of them are kept.
    """
    chain = opened_step(work.fingerprint).chain(work.stages)
    intake = Intake()
    done = kept_so_far = 0
    found = intake.count(read_documents(part.content, work.batch, work.source, intake))
    with ExitStack() as stack:
        writer = stack.enter_context(
            PartWriter(
                work.columns,
                work.folder,
                part.number,
                work.max_removed_chars,
                is_crawled=isinstance(part.content, CrawlSlices),
                limits={stage.name: stage.limits_in_force() for stage in work.stages},
            )
        )
        keys = stack.enter_context(_key_writer(work.ahead, part)) if work.ahead else None
        for documents in batched(found):
            for document in documents:
                document.flag = flags.get(document.columns["position"])
            run_chain(chain, documents)
            kept = writer.write(documents)
            if keys:
                keys.write_batch(kept)
            done += len(documents)
            kept_so_far += kept.num_rows
            follow(done, kept_so_far)
        result = replace(
            writer.finish(intake.skipped),
            rows_in=intake.rows,
            records=intake.records,
            identities_in=intake.identities,
        )
        return ProcessedPart(result, keys.finish() if keys else None)


def write_keys(work: StepWork, stage: CorpusStage, folder: str, part: Part) -> StoredFile:
    """Write the keys of every document of a part that reaches the step's corpus stage."""
    with KeyWriter(stage, opened_step(work.fingerprint).keys(stage), folder, part.number) as keys:
        for rows in _rows_for_keys(work, stage, part):
            keys.write(rows)
        return keys.finish()


def _key_writer(ahead: KeysAhead, part: Part) -> KeyWriter:
    return KeyWriter(
        ahead.stage, opened_step(ahead.fingerprint).keys(ahead.stage), ahead.folder, part.number
    )


def _rows_for_keys(work: StepWork, stage: CorpusStage, part: Part) -> Iterator[Sequence[Row]]:
    """What the stages before the corpus stage keep; its own columns only, where there are none."""
    before = work.stages[: work.stages.index(stage)]
    if isinstance(part.content, StepFiles) and not before:
        columns = columns_for_keys(stage)
        for file in part.content.files:
            yield from (batch.to_pylist() for batch in read_batches(file.path, columns))
        return
    chain = opened_step(work.fingerprint).chain(before)
    for documents in batched(read_documents(part.content, work.batch, work.source, Intake())):
        run_chain(chain, documents)
        yield [d.columns for d in documents if d.decision is Decision.KEEP]
