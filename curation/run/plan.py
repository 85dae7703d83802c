"""What a run will do: its steps with their places, and what is made of the documents they keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from curation.batches.earlier import EarlierState
from curation.batches.records import Batch
from curation.batches.run_record import RunRecord, settings_of
from curation.config import PipelineConfig
from curation.outputs.base import Output
from curation.parts.reader import CrawlSlice
from curation.sources.inputs.expand import named
from curation.sources.inputs.input_file import InputFile
from curation.storage.stage_description import StageDescription
from stages.base import CorpusStage, Stage


@dataclass(frozen=True)
class PlannedStep:
    """A step with its place on disk. ``columns`` are those of its documents, transient ones too.

    ``descriptions`` say what the output of each stage depends on: digests of lists and models are
    taken once, when the plan is made. ``earlier`` is what the step's stage is judged against, where
    it keeps state. ``gpus`` is how many each of its tasks needs, which is no part of its
    fingerprint.
    """

    number: int
    name: str
    fingerprint: str
    folder: str
    stages: tuple[Stage, ...] = ()
    columns: Mapping[str, pa.DataType] | None = None
    descriptions: tuple[StageDescription, ...] = ()
    earlier: EarlierState | None = None
    gpus: int = 0
    phase: str = ""

    @property
    def label(self) -> str:
        """What it is called where those of phases are told too."""
        return f"{self.phase} {self.name}" if self.phase else self.name

    @property
    def folder_name(self) -> str:
        """The name of its folder in the batch's."""
        return self.folder.rsplit("/", 1)[1]

    @property
    def lap_name(self) -> str:
        """What its time goes by."""
        return f"{self.number:02d} {self.label}"

    @property
    def corpus_stage(self) -> CorpusStage | None:
        """The corpus stage of the step, if it has one; it has no more than one."""
        return corpus_stage_of(self.stages)


@dataclass(frozen=True)
class PlannedOutput:
    """An output, its step, and the step of whose files it is made.

    ``resources`` are digests of the files that it depends on, taken when the plan is made.
    """

    output: Output
    step: PlannedStep
    made_of: PlannedStep
    resources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """The steps that judge, then what is made of the documents that are kept.

    ``slices`` are what is read of the inputs, with their sizes, where that is not all: a ``share``
    of them. ``phases`` are plans whose first steps are these, done by then.
    """

    config: PipelineConfig
    batch: Batch
    inputs: tuple[InputFile, ...]
    steps: tuple[PlannedStep, ...]
    outputs: tuple[PlannedOutput, ...]
    slices: tuple[tuple[CrawlSlice, int], ...] = ()
    share: float = 1.0
    phases: tuple[Plan, ...] = ()

    @property
    def dataset_name(self) -> str:
        """What is made of its documents goes by it."""
        return "-".join(filter(None, (self.config.name, self.config.phase)))

    @property
    def steps_with_phases(self) -> tuple[PlannedStep, ...]:
        """Every step in order, then those that only a phase has."""
        steps = {step.folder: step for plan in (self, *self.phases) for step in plan.all_steps}
        return tuple(steps.values())

    @property
    def all_steps(self) -> tuple[PlannedStep, ...]:
        """Every step in order."""
        return self.steps + tuple(planned.step for planned in self.outputs)

    def record(self) -> RunRecord:
        """What the batch will have run, or what it will have run of its phase."""
        states, lineages = {}, {}
        for step in self.steps:
            if step.phase == self.config.phase and step.corpus_stage and step.earlier:
                states[step.corpus_stage.name] = step.folder_name
                lineages[step.corpus_stage.name] = step.earlier.lineage
        return RunRecord(
            number=self.batch.number,
            configuration=settings_of(self.config),
            inputs=tuple(named(self.inputs)),
            steps=tuple(step.folder_name for step in self.all_steps),
            states=states,
            judged_against=lineages,
            overrides=self.config.overrides,
        )


def corpus_stage_of(stages: Sequence[Stage]) -> CorpusStage | None:
    """The one that compares documents, if there is one."""
    return next((stage for stage in stages if isinstance(stage, CorpusStage)), None)
