"""The last two steps: shards of what is kept, and packed sequences of the shards."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from curation import storage
from curation.errors import LedgerError
from curation.outputs.export import ExportOptions, export_shards
from curation.outputs.export_counts import ExportCounts
from curation.outputs.pack import PackOptions, pack_shards
from curation.outputs.packing import PackingFigures
from curation.run.plan import PlannedStep
from curation.storage import manifest
from curation.storage.manifest import Figure, Manifest
from schemas.verdict import Decision

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def run_export(
    spark: SparkSession,
    options: ExportOptions,
    step: PlannedStep,
    last: PlannedStep,
    done: Manifest,
    name: str,
) -> Manifest:
    """Export what the last step that judges has kept, as a dataset called ``name``."""
    started = time.monotonic()
    storage.delete_folder(step.folder)
    kept = [storage.join(last.folder, file.name) for _, file in done.files(Decision.KEEP)]
    result = export_shards(
        spark,
        kept,
        step.folder,
        options,
        name=name,
        fingerprint=step.fingerprint,
    )
    figures = export_figures(result.counts)
    made = _account(step, done.keep, result.counts.documents, result.files, figures, started)
    made.save(step.folder)
    return made


def run_pack(
    spark: SparkSession,
    options: PackOptions,
    step: PlannedStep,
    exported: PlannedStep,
    done: Manifest,
) -> Manifest:
    """Pack the exported shards."""
    started = time.monotonic()
    storage.delete_folder(step.folder)
    shards = [file for file in done.products if file.name.endswith(".parquet")]
    uris = [storage.join(exported.folder, shard.name) for shard in shards]
    result = pack_shards(spark, uris, step.folder, options)
    rows, figures = sum(shard.rows for shard in shards), pack_figures(result.figures)
    made = _account(step, rows, result.figures.documents, result.files, figures, started)
    made.save(step.folder)
    return made


def export_figures(counts: ExportCounts) -> tuple[Figure, ...]:
    """What is said of an export."""
    languages = sorted(counts.language_tokens.items())
    return (
        Figure("rows", counts.rows),
        Figure("tokens", counts.tokens),
        Figure("characters", counts.chars),
        *(Figure(f"{language} tokens", tokens) for language, tokens in languages),
    )


def pack_figures(found: PackingFigures) -> tuple[Figure, ...]:
    """What is said of packed sequences."""
    return (
        Figure("sequences", found.sequences),
        Figure("tokens", found.tokens),
        Figure("fill ratio", round(found.fill_ratio, 6)),
        Figure("split documents", found.split_documents),
    )


def _account(
    step: PlannedStep,
    rows_in: int,
    kept: int,
    files: Sequence[storage.StoredFile],
    figures: tuple[Figure, ...],
    started: float,
) -> Manifest:
    """The manifest of a step that loses nothing. Raises LedgerError if it did."""
    if kept != rows_in:
        raise LedgerError(f"step {step.name}: {rows_in} rows came in, {kept} went out")
    made = Manifest(
        step=step.name,
        number=step.number,
        fingerprint=step.fingerprint,
        stages=(),
        rows_in=rows_in,
        keep=kept,
        remove=0,
        quarantine=0,
        reasons=(),
        skipped={},
        seconds=round(time.monotonic() - started, 3),
        products=tuple(files),
        figures=figures,
    )
    manifest.check(made, rows_in)
    return made
