"""Carry out one step that judges: what its corpus stage compares, then every part."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from curation import storage
from curation.parts.process import StepWork, process_part
from curation.parts.reader import CrawlSlice, CrawlSlices, Part, StepFile
from curation.parts.tasks import run_parts
from curation.run.comparison import KEYS_FOLDER, Comparison, compare
from curation.run.plan import Plan, PlannedStep
from curation.sources.inputs.input_file import InputFile
from curation.sources.inputs.splits import split
from curation.storage import manifest
from curation.storage.manifest import FITTED_FOLDER, STATE_FOLDER, Manifest, PartResult
from schemas.verdict import Decision

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


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
    compared = compare(spark, step, work, parts)
    results = run_parts(spark, parts, partial(process_part, work), compared.flags)
    spark.catalog.clearCache()  # keys, flags, and what the corpus stage itself persisted
    made = _account(step, results, compared, time.monotonic() - started)
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


def _account(
    step: PlannedStep,
    results: Sequence[PartResult],
    compared: Comparison,
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
        state=compared.state,
        fitted=compared.fitted,
    )


def _delete_strays(folder: str, made: Manifest) -> None:
    """Delete what no manifest lists: keys, and files of tries that Spark gave up."""
    storage.delete_folder(storage.join(folder, KEYS_FOLDER))
    listed = {file.name for part in made.parts for file in part.files.values()}
    listed |= {storage.join(STATE_FOLDER, file.name) for file in made.state}
    listed |= {storage.join(FITTED_FOLDER, file.name) for file in made.fitted}
    for name in storage.list_files(folder):
        if name not in listed:
            storage.delete_file(storage.join(folder, name))
