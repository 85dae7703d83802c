"""Carry out one step that judges: keys and flags of its corpus stage, then every part."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa

from curation import storage
from curation.batches.state_files import read_state
from curation.parts.process import StepWork, keys_schema, process_part, write_keys
from curation.parts.reader import CrawlSlice, CrawlSlices, Part, StepFile
from curation.parts.tasks import run_parts
from curation.run.plan import Plan, PlannedStep
from curation.sources.inputs.input_file import InputFile
from curation.sources.inputs.splits import split
from curation.spark.frames import read_frame, write_frame
from curation.spark.tasks import run_tasks
from curation.storage import manifest
from curation.storage.manifest import Manifest, PartResult
from schemas.verdict import Decision
from stages.base import CorpusStage

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


@dataclass(frozen=True)
class Flagged:
    """What a corpus stage said, and what it leaves for later batches."""

    flags: DataFrame | None = None
    state: tuple[storage.StoredFile, ...] = ()


def run_step(
    spark: SparkSession, plan: Plan, step: PlannedStep, before: tuple[PlannedStep, Manifest] | None
) -> Manifest:
    """Do a step from scratch and write its manifest; what a crashed try left is deleted first."""
    started = time.monotonic()
    storage.delete_folder(step.folder)
    parts = (
        parts_of_step(*before) if before else parts_of_crawl(plan.inputs, plan.config.part_bytes)
    )
    work = StepWork(
        step.fingerprint,
        step.stages,
        step.columns or {},
        step.folder,
        plan.batch.name,
        plan.config.source,
        plan.config.max_removed_chars,
    )
    flagged = _flag(spark, step, work, parts)
    results = run_parts(spark, parts, partial(process_part, work), flagged.flags)
    spark.catalog.clearCache()  # keys, flags, and what the corpus stage itself persisted
    made = _account(step, results, flagged.state, time.monotonic() - started)
    manifest.check(made, before[1].keep if before else None)
    _delete_strays(step.folder, made)
    made.save(step.folder)
    return made


def parts_of_step(step: PlannedStep, done: Manifest) -> list[Part]:
    """The parts of what a step kept."""
    return [
        Part(number, StepFile(storage.join(step.folder, file.name)))
        for number, file in done.files(Decision.KEEP)
    ]


def parts_of_crawl(inputs: Sequence[InputFile], part_bytes: int) -> list[Part]:
    """The crawl cut into parts of up to ``part_bytes``, in crawl order.

    Small neighbouring files share a part; a large file is split where its format allows it.
    """
    parts: list[Part] = []
    slices: list[CrawlSlice] = []
    size = 0
    for number, file in enumerate(inputs):
        for piece, length in split(file, part_bytes):
            if slices and size + length > part_bytes:
                parts.append(Part(len(parts), CrawlSlices(tuple(slices))))
                slices, size = [], 0
            slices.append(CrawlSlice(number, file.path, piece))
            size += length
    if slices:
        parts.append(Part(len(parts), CrawlSlices(tuple(slices))))
    return parts


def _flag(spark: SparkSession, step: PlannedStep, work: StepWork, parts: Sequence[Part]) -> Flagged:
    """Keys, written once and compared; both are held, since each is used more than once."""
    stage = step.corpus_stage
    if stage is None:
        return Flagged()
    from pyspark import StorageLevel

    folder = storage.join(step.folder, "keys")
    written = run_tasks(spark, parts, partial(write_keys, work, stage, folder))
    files = [storage.join(folder, file.name) for file in written]
    keys = read_frame(spark, files, keys_schema(stage)).persist(StorageLevel.DISK_ONLY)
    earlier = _earlier_state(spark, step, stage)
    flags = stage.flag(keys, earlier).persist(StorageLevel.DISK_ONLY)
    if stage.state_columns is None:
        return Flagged(flags)
    state = stage.state(keys, flags, earlier)
    target = storage.join(step.folder, "state")
    files_of_state = write_frame(state, target, pa.schema([*stage.state_columns.items()]))
    return Flagged(flags, tuple(files_of_state))


def _earlier_state(spark: SparkSession, step: PlannedStep, stage: CorpusStage) -> DataFrame | None:
    if stage.state_columns is None or step.earlier is None or not step.earlier.batches:
        return None
    return read_state(spark, step.earlier.files, stage.state_columns)


def _account(
    step: PlannedStep,
    results: Sequence[PartResult],
    state: tuple[storage.StoredFile, ...],
    seconds: float,
) -> Manifest:
    totals = manifest.add_up(results)
    return Manifest(
        step=step.name,
        number=step.number,
        fingerprint=step.fingerprint,
        stages=step.descriptions,
        rows_in=totals.rows_in,
        keep=totals.rows.get(Decision.KEEP, 0),
        remove=totals.rows.get(Decision.REMOVE, 0),
        quarantine=totals.rows.get(Decision.QUARANTINE, 0),
        reasons=totals.reasons,
        skipped=totals.skipped,
        seconds=round(seconds, 3),
        parts=tuple(results),
        state=state,
    )


def _delete_strays(folder: str, made: Manifest) -> None:
    """Delete what no manifest lists: keys, and files of tries that Spark gave up."""
    storage.delete_folder(storage.join(folder, "keys"))
    listed = {file.name for part in made.parts for file in part.files.values()}
    listed |= {f"state/{file.name}" for file in made.state}
    for name in storage.list_files(folder):
        if name not in listed:
            storage.delete_file(storage.join(folder, name))
