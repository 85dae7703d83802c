"""One part of a step, start to end, in one worker and without Spark.

A part is a contiguous slice of crawl order: some files of the crawl at first, then what is left of
them. It is the unit of work and of determinism: what it becomes depends on what is in it and on
the flags that its step's corpus stage raised, on nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

import pyarrow as pa

from curation.parts.guard import CalledStages, Guard, KeyedStage, guarding
from curation.parts.keys import KeyWriter, WrittenKeys, columns_for_keys
from curation.parts.limits import DocumentLimits
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
from curation.sources.takedown.lists import StoredLists
from curation.storage.manifest import PartResult
from models.memories import forget_all
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
    """What a worker needs to know to do any part of a step.

    ``is_sample``: of a crawl so small that a worker would know all of its texts from the step
    before, as none does of a whole one.
    """

    fingerprint: str
    stages: tuple[Stage, ...]
    columns: Mapping[str, pa.DataType]
    folder: str
    batch: str
    source: SourceOptions
    max_removed_chars: int
    ahead: KeysAhead | None = None
    limits: DocumentLimits = field(default_factory=DocumentLimits)
    takedowns: StoredLists = field(default_factory=StoredLists)
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class ProcessedPart:
    """What a part became, and the next step's keys, if they were made ahead."""

    result: PartResult
    keys: WrittenKeys | None = None


def process_part(
    work: StepWork,
    part: Part,
    flags: Flags,
    follow: Callable[[int, int], None],
    *,
    tried_before: bool = False,
) -> ProcessedPart:
    """Judge every document of a part and write it.

    ``follow`` is told how many are done so far, and how many of them are kept. Where it was
    ``tried_before``, documents are judged in a child that may die of one.
    """
    if work.is_sample:
        forget_all()
    ahead = KeyedStage(work.ahead.fingerprint, work.ahead.stage) if work.ahead else None
    called = CalledStages(work.fingerprint, work.stages, ahead)
    with guarding(called, work.limits, tried_before=tried_before) as guard:
        return _process(work, part, flags, follow, guard)


def _process(
    work: StepWork, part: Part, flags: Flags, follow: Callable[[int, int], None], guard: Guard
) -> ProcessedPart:
    chain = guard.open()
    intake = Intake()
    done = kept_so_far = 0
    takedowns = work.takedowns.open()
    found = intake.count(read_documents(part.content, work.batch, work.source, intake, takedowns))
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
        keys = (
            stack.enter_context(
                KeyWriter(work.ahead.stage, guard.make_keys, work.ahead.folder, part.number)
            )
            if work.ahead
            else None
        )
        for documents in batched(found):
            for document in documents:
                position = document.columns["position"]
                document.flag = part.unkeyed.get(position) or flags.get(position)
            run_chain(chain, documents, guard.judge)
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


def write_keys(
    work: StepWork, stage: CorpusStage, folder: str, part: Part, *, tried_before: bool = False
) -> WrittenKeys:
    """Write the keys of every document of a part that reaches the step's corpus stage."""
    if work.is_sample:
        forget_all()
    before = work.stages[: work.stages.index(stage)]
    called = CalledStages(work.fingerprint, before, KeyedStage(work.fingerprint, stage))
    with (
        guarding(called, work.limits, tried_before=tried_before) as guard,
        KeyWriter(stage, guard.make_keys, folder, part.number) as keys,
    ):
        for rows in _rows_for_keys(work, stage, part, guard):
            keys.write(rows)
        return keys.finish()


def _rows_for_keys(
    work: StepWork, stage: CorpusStage, part: Part, guard: Guard
) -> Iterator[Sequence[Row]]:
    """What the stages before the corpus stage keep; its own columns only, where there are none."""
    chain = guard.open()
    if isinstance(part.content, StepFiles) and not chain:
        columns = columns_for_keys(stage)
        for file in part.content.files:
            yield from (batch.to_pylist() for batch in read_batches(file.path, columns))
        return
    takedowns = work.takedowns.open()
    found = read_documents(part.content, work.batch, work.source, Intake(), takedowns)
    for documents in batched(found):
        run_chain(chain, documents, guard.judge)
        yield [d.columns for d in documents if d.decision is Decision.KEEP]
