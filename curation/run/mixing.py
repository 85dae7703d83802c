"""What balance would decide of a batch: its tokens are counted, and nothing is drawn."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from curation import storage
from curation.parts.keys import read_keys
from curation.run.comparison import read_earlier
from curation.run.outcome import StepOutcome
from curation.run.plan import Plan, PlannedStep
from curation.run.step_keys import find_keys
from curation.run.steps import cut_parts, step_work
from curation.spark.gpus import gpu_profile
from stages.balance import Balance
from stages.balance.mix import solve
from stages.balance.outlook import Outlook

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def foresee(
    spark: SparkSession, plan: Plan, step: PlannedStep, stage: Balance, before: StepOutcome
) -> Outlook:
    """The mix of what the step ``before`` kept, as ``stage`` decides it in ``step``.

    Keys lie in a folder of their own as long as they are counted.
    """
    trial = replace(step, folder=storage.join(plan.batch.folder, f"trial-mix-{step.fingerprint}"))
    parts = cut_parts(spark, plan, before)
    profile = gpu_profile(spark, trial.name, trial.gpus)
    try:
        written = find_keys(spark, trial, step_work(plan, trial, None), parts, {}, profile)
        keys = read_keys(spark, stage, written, None)
        offered, delivered = stage.count(keys, read_earlier(spark, step, stage, None))
    finally:
        storage.delete_folder(trial.folder)
    rules = stage.rules()
    return Outlook(offered, delivered, rules, solve(offered, delivered, rules))
