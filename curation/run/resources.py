"""The files that steps depend on (lists, models, rules): as they were planned, and as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from pydantic_core import to_jsonable_python

from curation.errors import UsageError
from curation.outputs.base import Output
from curation.run.plan import PlannedOutput, PlannedStep
from curation.storage.stage_description import CLASS, StageDescription
from stages.base import Stage
from stages.registry import KNOWN_STAGES


def describe(stage: Stage) -> StageDescription:
    """What a stage's output depends on. Raises UsageError for a missing or malformed file."""
    try:
        resources = dict(stage.resources())
    except (OSError, ValueError) as error:
        raise UsageError(f"stage {stage.name}: {error}") from error
    reference = KNOWN_STAGES.reference_to(type(stage))
    if reference != stage.name:
        resources[CLASS] = reference
    configuration = to_jsonable_python(asdict(stage))
    return StageDescription(stage.name, stage.version, configuration, resources)


def resources_of(output: Output) -> Mapping[str, str]:
    """Digests of the files that an output depends on. Raises UsageError for one that is missing."""
    try:
        return dict(output.resources())
    except (OSError, ValueError) as error:
        raise UsageError(f"{output.name}: {error}") from error


def refuse_changed(step: PlannedStep) -> None:
    """Raise UsageError where a stage was given other files than the step was planned with.

    Workers open files when they start, which may be hours after the plan: what they made of others
    must not stand under the plan's fingerprint.
    """
    for stage, planned in zip(step.stages, step.descriptions, strict=True):
        _refuse(step.label, planned.resources, describe(stage).resources)


def refuse_changed_output(planned: PlannedOutput) -> None:
    """The same of an output."""
    _refuse(planned.step.label, planned.resources, resources_of(planned.output))


def _refuse(label: str, planned: Mapping[str, str], found: Mapping[str, str]) -> None:
    names = sorted({**planned, **found})
    if changed := [name for name in names if planned.get(name) != found.get(name)]:
        raise UsageError(
            f"step {label}: changed while it was done: {', '.join(changed)}; it does not count, "
            "run again to do it with what is there now"
        )
