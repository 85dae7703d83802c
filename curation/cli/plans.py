"""The plans that commands carry out: over inputs that are named, or those of a batch's last run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from curation.batches.records import find_batch, refuse_other_run
from curation.batches.run_record import load_run_record
from curation.config import PipelineConfig, load_config
from curation.errors import UsageError
from curation.run.outcome import StepOutcome
from curation.run.plan import Plan, PlannedStep
from curation.run.planning import make_plan
from curation.run.session import Start
from curation.sources.inputs.expand import InputError, expand, named
from curation.sources.inputs.input_file import InputFile
from curation.storage import manifest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def plan_of(
    conf: str, inputs: Sequence[str], root: str, batch: str, overrides: Sequence[str] = ()
) -> Plan:
    """What `run` would do, whatever the batch has run before; the inputs are listed for it."""
    return plan_over(load_config(conf, overrides), inputs, root, batch, replace=True)


def plan_over(
    config: PipelineConfig, inputs: Sequence[str], root: str, batch: str, *, replace: bool
) -> Plan:
    """The plan over some inputs.

    Raises UsageError for inputs that cannot be had, and unless ``replace`` for other ones, or
    another configuration, than the batch has run with.
    """
    try:
        files = _expand(config, inputs)
    except InputError as error:
        raise UsageError(str(error)) from error
    found = find_batch(root, config.name, batch)
    if not replace:
        refuse_other_run(found, config, named(files))
    return make_plan(config, files, found)


def last_plan(config: PipelineConfig, conf: str, root: str, batch_name: str) -> Plan:
    """The plan over the inputs of the batch's last run."""
    found = find_batch(root, config.name, batch_name)
    last = load_run_record(found.folder)
    if last is None:
        raise UsageError(f"{found.folder}: holds no run; `curate run {conf} INPUT…` makes one")
    return make_plan(config, _expand(config, last.inputs), found)


def _expand(config: PipelineConfig, inputs: Sequence[str]) -> list[InputFile]:
    source = config.source
    return expand(inputs, source.archives, (source.columns.html, source.columns.text))


def find_stage(plan: Plan, name: str, conf: str) -> tuple[PlannedStep, int]:
    """The step that runs a stage, and its place among those of the step. Raises UsageError."""
    for step in plan.steps:
        for place, stage in enumerate(step.stages):
            if stage.name == name:
                return step, place
    known = ", ".join(stage.name for step in plan.steps for stage in step.stages)
    raise UsageError(f"{conf}: runs no stage {name!r}; its stages: {known}")


def step_before(plan: Plan, step: PlannedStep, name: str, conf: str) -> StepOutcome | None:
    """What feeds the step of a stage; None for the first one. Raises UsageError if not done."""
    place = plan.steps.index(step)
    if not place:
        return None
    before = plan.steps[place - 1]
    done = manifest.load(before.folder)
    if done is None:
        raise UsageError(
            f"step {before.name}, which feeds stage {name}, has not run with this configuration: "
            f"run `curate run {conf} …` as far as that first"
        )
    return StepOutcome(before, done, cached=True)


def start_with(master: str | None) -> Start:
    """What opens the session of a run, on another master than the configuration's, if given."""

    def start(
        settings: Mapping[str, str], configured: str, defaults: Mapping[str, str]
    ) -> SparkSession:
        from curation.spark.session import start_session

        return start_session(settings, master=master or configured, defaults=defaults)

    return start
