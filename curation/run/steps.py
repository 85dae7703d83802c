"""Carry out one step that judges: keys and flags of its corpus stage, then every part."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from curation import storage
from curation.parts.process import Flags, ProcessedPart, StepWork, process_part
from curation.parts.reader import Part
from curation.parts.tasks import run_parts
from curation.run import circumstances
from curation.run.comparison import Comparison, bytes_to_compare, compare
from curation.run.laps import Lap, Laps
from curation.run.outcome import StepOutcome
from curation.run.part_sizes import PartSizing, parts_of_crawl, parts_of_slices, parts_of_step
from curation.run.plan import Plan, PlannedStep
from curation.run.resources import refuse_changed
from curation.run.step_keys import KEYS_FOLDER, find_keys, keys_ahead, without_keys
from curation.run.step_summary import summarise_step
from curation.sources.takedown.lists import stored_lists
from curation.spark.gpus import gpu_profile
from curation.spark.progress import PageCount
from curation.spark.sizing import as_whole, core_count, sized_for
from curation.spark.tasks import SparkTasks, was_tried_before
from curation.storage import StoredFile, ledger, manifest
from curation.storage.manifest import Manifest, PartResult
from schemas.verdict import Decision

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_BEGUN: set[str] = set()
"""Steps of samples, by their fingerprints, of which this worker has done a part."""


def run_step(
    spark: SparkSession,
    plan: Plan,
    step: PlannedStep,
    before: StepOutcome | None,
    following: PlannedStep | None,
    pages: PageCount,
) -> StepOutcome:
    """Do a step from scratch and write its manifest; what a crashed try left is deleted first.

    ``following`` is the next step, where that is to be done too. ``pages`` counts what is judged.
    """
    laps = Laps()
    made_ahead = before.keys_ahead if before else {}
    if not made_ahead:
        storage.delete_folder(step.folder)
    parts = cut_parts(spark, plan, before)
    work = step_work(plan, step, following)
    profile = gpu_profile(spark, step.name, step.gpus)
    keys = find_keys(spark, step, work, parts, made_ahead, profile)
    parts = without_keys(parts, keys)
    key_bytes = bytes_to_compare(step, keys)
    deciding_bytes = as_whole(key_bytes, plan.share)
    with sized_for(spark, deciding_bytes):
        compared = compare(spark, step, keys, deciding_bytes)
        pages.expect(len(parts), before.manifest.keep if before else None, key_bytes)
        processed = run_parts(spark, parts, partial(_process, work, pages), compared.flags, profile)
        spark.catalog.clearCache()  # keys, flags, and what the corpus stage itself persisted
    refuse_changed(step)
    results = [part.result for part in processed]
    ledger.check_parts(step.name, [part.number for part in parts], results)
    summary = summarise_step(SparkTasks(lambda: spark), step.folder, results)
    made = _account(step, results, compared, summary, laps.end(step.name))
    ledger.check(made, before.manifest if before else None)
    storage.delete_folder(storage.join(step.folder, KEYS_FOLDER))
    manifest.delete_strays(step.folder, made)  # files of tries that Spark gave up
    made.save(step.folder)
    ahead = {part.result.part: part.keys for part in processed if part.keys}
    return StepOutcome(step, made, cached=False, keys_ahead=ahead)


def step_work(plan: Plan, step: PlannedStep, following: PlannedStep | None) -> StepWork:
    """What every part of a step is to be done with."""
    return StepWork(
        step.fingerprint,
        step.stages,
        step.columns or {},
        step.folder,
        plan.batch.name,
        plan.config.source,
        plan.config.max_removed_chars,
        keys_ahead(step, following),
        plan.config.document,
        stored_lists(plan.batch.root),
        is_sample=bool(plan.slices),
    )


def cut_parts(spark: SparkSession, plan: Plan, before: StepOutcome | None) -> list[Part]:
    """The parts of a step: of the crawl, or of what the step before it kept."""
    sizing = PartSizing(core_count(spark), plan.config.part_bytes)
    if before is None and plan.slices:
        size = sum(size for _, size in plan.slices)
        return parts_of_slices(plan.slices, sizing.of_crawl(size))
    if before is None:
        return parts_of_crawl(plan.inputs, sizing)
    return parts_of_step(before.step, before.manifest, sizing)


def _process(work: StepWork, pages: PageCount, part: Part, flags: Flags) -> ProcessedPart:
    laps = Laps()
    follow = partial(pages.follow, part.number)
    begins = work.is_sample and work.fingerprint not in _BEGUN
    if begins:  # so that what is measured then has nothing of it
        process_part(work, part, flags, follow, tried_before=was_tried_before())
        _BEGUN.add(work.fingerprint)
        first_s = laps.end("first").processor_s or 0.0
    processed = process_part(work, part, flags, follow, tried_before=was_tried_before())
    kept = processed.result.files.get(Decision.KEEP)
    taken = laps.end("judged").processor_s or 0.0
    if begins:
        pages.begin(first_s, taken)
    pages.end(processed.result.rows_in, kept.rows if kept else 0, taken)
    return processed


def _account(
    step: PlannedStep,
    results: Sequence[PartResult],
    compared: Comparison,
    summary: StoredFile | None,
    lap: Lap,
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
        seconds=round(lap.seconds, 3),
        parts=tuple(results),
        state=compared.state,
        fitted=compared.fitted,
        summary=summary,
        limits={stage.name: found for stage in step.stages if (found := stage.limits_in_force())},
        processor_s=circumstances.processor_s(lap),
        finished=circumstances.now(),
        software=circumstances.software(),
    )
