"""Makes the plan of a run: fingerprints and folders of its steps, checked before Spark starts.

The fingerprint of a step hashes what its output depends on: the step before it, its stages with
their versions, fields and files, and for the first step the crawl. Equal fingerprint, equal output:
a step with a manifest under its fingerprint is done.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace

import pyarrow as pa

from curation import storage
from curation.batches.earlier import EarlierBatches, EarlierState
from curation.batches.input_record import load_inputs
from curation.batches.records import Batch
from curation.config import PipelineConfig, StepConfig
from curation.errors import UsageError
from curation.outputs.base import Output
from curation.outputs.registry import KNOWN_OUTPUTS
from curation.run.chain_checks import check_columns, check_languages
from curation.run.plan import Plan, PlannedOutput, PlannedStep, corpus_stage_of
from curation.run.resources import describe, resources_of
from curation.sources.inputs.identity import Identity, identify
from curation.sources.inputs.input_file import InputFile
from curation.storage.stage_description import StageDescription
from schemas.document import TRANSIENT
from stages.base import Stage

FORMAT = 3  # raised when the engine itself writes the same rows differently
FINGERPRINT_CHARS = 12


def make_plan(config: PipelineConfig, inputs: Sequence[InputFile], batch: Batch) -> Plan:
    """Check the chain's columns and lay out the steps.

    Raises ConfigError for a chain that cannot run, UsageError for a file that a stage needs and for
    an input that cannot be read where its content is asked for.
    """
    columns_by_step = check_columns(config)
    check_languages(config)
    inputs = _identified(inputs, config.source.identity, batch)
    source = asdict(config.source)
    del source["identity"]  # which is in what identifies the inputs
    fingerprint = _digest([FORMAT, batch.name, list(map(_identifying, inputs)), source])
    planner = _Planner(batch, config)
    earlier = EarlierBatches.before(batch.pipeline_folder, batch.number)
    steps: list[PlannedStep] = []
    for step, columns in zip(config.step, columns_by_step, strict=True):
        given = steps[-1].fingerprint if steps else fingerprint
        steps.append(planner.judging(step, given, columns, lambda: earlier))
    outputs = _plan_outputs(planner, config.outputs, steps[-1])
    plan = Plan(config, batch, tuple(inputs), tuple(steps), outputs)
    phases = (_plan_phase(plan, phase, given) for phase in config.phases.values())
    return replace(plan, phases=tuple(phases))


def _plan_phase(plan: Plan, config: PipelineConfig, given: str) -> Plan:
    """A phase: the steps of a plan but the last, which it has anew, with its outputs."""
    batch, columns = plan.batch, check_columns(config)[-1]
    planner = _Planner(batch, config, len(plan.steps) - 1)

    def earlier() -> EarlierBatches:
        return EarlierBatches.before(batch.pipeline_folder, batch.number, config.phase)

    last = planner.judging(config.step[-1], given, columns, earlier)
    outputs = _plan_outputs(planner, config.outputs, last)
    return Plan(config, batch, plan.inputs, (*plan.steps[:-1], last), outputs)


def _identified(inputs: Sequence[InputFile], identity: Identity, batch: Batch) -> list[InputFile]:
    former = load_inputs(batch.folder) if identity is Identity.CONTENT else None
    try:
        return identify(inputs, identity, former.by_path() if former else {})
    except OSError as error:
        raise UsageError(
            f"source.identity: content of an input cannot be read: {' '.join(str(error).split())}"
        ) from error


def _identifying(file: InputFile) -> list[object]:
    """What says that a file is the one that was read before."""
    ranges = [[each.offset, each.length] for each in file.ranges]
    return [file.path, file.size, file.content or file.modified, ranges]


def _plan_outputs(
    planner: _Planner, outputs: Mapping[str, Output], last: PlannedStep
) -> tuple[PlannedOutput, ...]:
    planned: dict[str, PlannedOutput] = {}
    for name, output in outputs.items():
        made_of = planned[output.made_of].step if output.made_of else last
        if made_of is last:
            _check(output, last)
        # The first version stands for nothing: steps were done before outputs had any.
        version = [output.version] if output.version > 1 else []
        reference = KNOWN_OUTPUTS.reference_to(type(output))
        place = [reference] if reference != name else []
        resources = resources_of(output)
        content = [made_of.fingerprint, asdict(output), *resources.values(), *version, *place]
        step = planner.step(output.name, content)
        planned[name] = PlannedOutput(output, step, made_of, resources)
    return tuple(planned.values())


def _check(output: Output, last: PlannedStep) -> None:
    columns = last.columns or {}
    try:
        output.check({name: kind for name, kind in columns.items() if name not in TRANSIENT})
    except ValueError as error:
        raise UsageError(f"{output.name}: {error}") from error


def _earlier_state(
    batches: Callable[[], EarlierBatches],
    stages: Sequence[Stage],
    descriptions: Sequence[StageDescription],
) -> EarlierState | None:
    """What earlier batches left for the corpus stage, where there is one that keeps state."""
    compared = corpus_stage_of(stages)
    if compared is None or compared.state_columns is None:
        return None
    return batches().state(descriptions[stages.index(compared)], compared.state_settings)


class _Planner:
    """Numbers steps and names their folders; those of a phase have its name too."""

    def __init__(self, batch: Batch, config: PipelineConfig, number: int = 0) -> None:
        self._folder = batch.folder
        self._config = config
        self._number = number

    def judging(
        self,
        step: StepConfig,
        given: str,
        columns: Mapping[str, pa.DataType],
        earlier_batches: Callable[[], EarlierBatches],
    ) -> PlannedStep:
        """A step that judges what the step of the fingerprint ``given`` keeps."""
        stages = self._config.stages_of(step)
        descriptions = tuple(describe(stage) for stage in stages)
        earlier = _earlier_state(earlier_batches, stages, descriptions)
        lineage = earlier.lineage if earlier else None
        described = [asdict(description) for description in descriptions]
        content = [given, step.name, described, lineage, self._config.max_removed_chars]
        made = self.step(step.name, content, stages, columns)
        return replace(made, descriptions=descriptions, earlier=earlier, gpus=step.resources.gpus)

    def step(
        self,
        name: str,
        content: Sequence[object],
        stages: tuple[Stage, ...] = (),
        columns: Mapping[str, pa.DataType] | None = None,
    ) -> PlannedStep:
        self._number += 1
        fingerprint = _digest(content)
        phase = self._config.phase
        words = (f"{self._number:02d}", phase, name, fingerprint)
        folder = storage.join(self._folder, "-".join(filter(None, words)))
        return PlannedStep(self._number, name, fingerprint, folder, stages, columns, phase=phase)


def _digest(value: Sequence[object]) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:FINGERPRINT_CHARS]
