"""Carry out a step that makes an output of what is kept, or of another output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curation import storage
from curation.outputs.base import Material
from curation.run import circumstances
from curation.run.laps import Laps
from curation.run.plan import Plan, PlannedOutput
from curation.run.resources import refuse_changed_output
from curation.storage.integrity import refuse_missing
from curation.storage.ledger import check
from curation.storage.manifest import Manifest, load
from schemas.verdict import Decision

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def run_output(
    spark: SparkSession, plan: Plan, planned: PlannedOutput, before: Manifest
) -> Manifest:
    """Make an output from scratch of the files of ``before`` and write the step's manifest.

    Raises LedgerError where it wrote more or less than it was given.
    """
    laps = Laps()
    step, output = planned.step, planned.output
    storage.delete_folder(step.folder)
    kept = tuple(file for _, file in before.files(Decision.KEEP))
    files = before.products if output.made_of else kept
    material = Material(
        planned.made_of.folder,
        files,
        plan.dataset_name,
        step.fingerprint,
        sources=tuple(file.path for file in plan.inputs),
        steps=tuple(filter(None, (load(each.folder) for each in plan.steps))),
        configuration=plan.record().configuration,
    )
    account = output.write(spark, material, step.folder)
    refuse_changed_output(planned)
    lap = laps.end(step.name)
    made = Manifest(
        step=step.name,
        number=step.number,
        fingerprint=step.fingerprint,
        stages=(),
        rows_in=account.rows_in,
        keep=account.documents,
        remove=0,
        quarantine=0,
        reasons=(),
        skipped={},
        seconds=round(lap.seconds, 3),
        products=account.files,
        figures=account.figures,
        processor_s=circumstances.processor_s(lap),
        finished=circumstances.now(),
        software=circumstances.software(),
        tokens=account.tokens,
    )
    check(made, None if output.made_of else before)
    refuse_missing(step.folder, made.all_files())
    made.save(step.folder)
    return made
