"""A pipeline's configuration, as typed records from one TOML file."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from annotated_types import MinLen, Unit

from conf.names import FolderName
from conf.overrides import override
from conf.records import RecordReader, read_table
from conf.references import ClassReferenceError, place_of
from curation.outputs.base import Output
from curation.outputs.tables import configure_outputs
from curation.parts.limits import DocumentLimits
from curation.sources.reader import SourceOptions
from stages.base import Bytes, CorpusStage, Count, Ratio, Stage
from stages.registry import KNOWN_STAGES, STAGES


@dataclass(frozen=True)
class StepResources:
    """What each task of a step needs beside a core. No result depends on it."""

    gpus: Count = 0
    """Of each task; on a cluster Spark runs as many tasks of the step as there are GPUs for."""


@dataclass(frozen=True)
class StepConfig:
    """Stages that run together and are persisted once; one of them at most is a corpus stage.

    Stages before the corpus stage run twice: for its keys, and with the others. ``stages`` are
    their names, whatever the file says for them (see ``conf.references``).
    """

    name: FolderName
    """Of the step; its folder has it."""
    stages: Annotated[tuple[str, ...], MinLen(1)]
    """Those that it runs, in this order."""
    resources: StepResources = field(default_factory=StepResources)


@dataclass(frozen=True)
class SparkConfig:
    """Where the embedded session runs, and Spark's own settings."""

    master: str = "local[*,4]"
    """Of an embedded session; spark-submit's own wins."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Spark's own, by its keys; the values are strings."""


@dataclass(frozen=True)
class PipelineConfig:
    """One pipeline: the source, the steps with their stages, and what is made of what is kept.

    ``stage`` holds every stage that a step runs, ``outputs`` every output of which the file has a
    table; an output stands behind what it is made of. ``overrides`` are the values that were given
    beside the file, as they were given. ``phases`` are the same pipeline with other settings of its
    last step and of outputs, by the name that each has as its ``phase``.
    """

    name: FolderName
    """Of the pipeline; its folder in the root has it."""
    step: tuple[StepConfig, ...]
    stage: Mapping[str, Stage]
    max_quarantine_ratio: Ratio = 0.05
    """Share of the crawl that may be quarantined before the run fails."""
    max_removed_chars: Annotated[Count, Unit("characters")] = 1_000_000
    """Of the text of a document that leaves, which is kept to be looked at."""
    part_bytes: Bytes = 256 << 20
    """The most of a crawl that one task reads."""
    document: DocumentLimits = field(default_factory=DocumentLimits)
    source: SourceOptions = field(default_factory=SourceOptions)
    outputs: Mapping[str, Output] = field(default_factory=dict)
    spark: SparkConfig = field(default_factory=SparkConfig)
    overrides: tuple[str, ...] = ()
    phase: str = ""
    phases: Mapping[str, PipelineConfig] = field(default_factory=dict)

    def stages_of(self, step: StepConfig) -> tuple[Stage, ...]:
        """The configured stages of a step, in order."""
        return tuple(self.stage[name] for name in step.stages)


_MADE = ("step", "stage", "outputs", "overrides", "phase", "phases")
"""Fields of a pipeline that are not made of the key of their name."""
KEYS = tuple(one.name for one in fields(PipelineConfig) if one.name not in _MADE)
"""What a file says beside its steps, stages and outputs."""
TABLES: Mapping[str, type] = {
    "document": DocumentLimits,
    "source": SourceOptions,
    "spark": SparkConfig,
}
"""Those of the keys that are tables."""


def load_config(path: str | Path, overrides: Sequence[str] = ()) -> PipelineConfig:
    """Read and check a configuration file, with the ``key=value`` of ``overrides`` in their places.

    Raises ConfigError with file (or --set), key, value and rule.
    """
    overridden = override(read_table(path), overrides)
    tables, reader = overridden.tables, RecordReader(str(path), overridden.keys)
    phases = tables.pop("phases", {})
    config = replace(_pipeline(reader, dict(tables)), overrides=tuple(overrides))
    return replace(config, phases=read_phases(reader, phases, tables, config))


def read_phases(
    reader: RecordReader, phases: object, tables: Mapping[str, Any], config: PipelineConfig
) -> dict[str, PipelineConfig]:
    """The pipeline with the settings of each of its phases in place of its own ``tables``.

    A phase is said as ``[phases.NAME.stage.STAGE]``, of a stage of the last step, and as
    ``[phases.NAME.OUTPUT]``. Raises ConfigError for one that says anything else.
    """
    if not isinstance(phases, Mapping):
        raise reader.error("phases", phases, "must be tables: write [phases.NAME.stage.STAGE]")
    made = {}
    for name, table in phases.items():
        key = f"phases.{reader.value(FolderName, name, 'phases')}"
        others = [one for one in tables if one not in (*KEYS, *_MADE)]
        merged = _replace_settings(reader, tables, table, ("stage", *others), key)
        stages = _replace_settings(
            reader,
            tables.get("stage", {}),
            table.get("stage", {}),
            config.step[-1].stages,
            f"{key}.stage",
        )
        within = RecordReader(f"{reader.file}: {key}")
        made[name] = replace(
            _pipeline(within, {**merged, "stage": stages}), phase=name, overrides=config.overrides
        )
    return made


def _replace_settings(
    reader: RecordReader,
    tables: Mapping[str, Any],
    others: object,
    known: Collection[str],
    key: str,
) -> dict[str, Any]:
    """The tables with the settings of others, each in place of all that it was."""
    if not isinstance(others, Mapping):
        raise reader.error(key, others, "must be a table")
    merged = dict(tables)
    for name, table in others.items():
        rule = "is nothing that a phase can change"
        reader.refuse_unknown(name, known, f"{key}.{name}", rule, table)
        if not isinstance(table, Mapping):
            raise reader.error(f"{key}.{name}", table, "must be a table")
        merged[name] = {**tables.get(name, {}), **table}
    return merged


def _pipeline(reader: RecordReader, tables: dict[str, Any]) -> PipelineConfig:
    steps, classes = _steps(reader, tables.pop("step", None))
    stages = configure_stages(reader, classes, tables.pop("stage", {}))
    asked = {key: tables.pop(key) for key in [*tables] if key not in KEYS}
    outputs = configure_outputs(reader, asked, (*KEYS, *_MADE))
    given = {"step": steps, "stage": stages, "outputs": outputs}
    return reader.record(PipelineConfig, tables, given=given)


def _steps(
    reader: RecordReader, tables: object
) -> tuple[tuple[StepConfig, ...], dict[str, type[Stage]]]:
    """The steps, and the class of every stage that they run, by its name."""
    if not isinstance(tables, list) or not tables:
        raise reader.error("step", tables, "must be a list of [[step]] tables, at least one")
    steps: list[StepConfig] = []
    classes: dict[str, type[Stage]] = {}
    for number, table in enumerate(tables):
        step = reader.record(StepConfig, table, f"step.{number}")
        found = resolve_stages(reader, step.stages, f"step.{number}.stages", classes)
        _refuse_two_corpus_stages(reader, found, f"step.{number}.stages")
        classes |= found
        steps.append(replace(step, stages=tuple(found)))
    return tuple(steps), classes


def resolve_stages(
    reader: RecordReader,
    references: Sequence[str],
    key: str,
    earlier: Mapping[str, type[Stage]] = MappingProxyType({}),
) -> dict[str, type[Stage]]:
    """The classes that names or ``package.module:Class`` stand for, by their names, in order.

    Raises ConfigError for one that stands for none, or for a stage that runs already: in its place
    again, or among the ``earlier`` ones.
    """
    found: dict[str, type[Stage]] = {}
    for reference in references:
        if ":" not in reference and reference not in STAGES:
            reader.refuse_unknown(reference, KNOWN_STAGES.names(), key, "is not a stage")
        try:
            stage = KNOWN_STAGES.find(reference)
        except ClassReferenceError as error:
            raise reader.error(key, reference, str(error)) from error
        other = found.get(stage.name) or earlier.get(stage.name)
        if other is stage:
            raise reader.error(key, reference, "runs already, earlier in the pipeline")
        if other:
            rule = f"is called {stage.name!r}, as {place_of(other)} is"
            raise reader.error(key, reference, rule)
        found[stage.name] = stage
    return found


def _refuse_two_corpus_stages(
    reader: RecordReader, stages: Mapping[str, type[Stage]], key: str
) -> None:
    compared = [name for name, stage in stages.items() if issubclass(stage, CorpusStage)]
    for name in compared[1:]:
        rule = f"is a corpus stage, as {compared[0]} is: give it a step of its own"
        raise reader.error(key, name, rule)


def configure_stages(
    reader: RecordReader, classes: Mapping[str, type[Stage]], tables: Mapping[str, Any]
) -> dict[str, Stage]:
    """The stages of those classes with the settings of their tables, by name.

    Raises ConfigError for a table of no stage among them, an unknown key and a wrong value.
    """
    for name in tables:
        key = f"stage.{name}"
        if name not in classes:
            known = {*classes, *KNOWN_STAGES.names()}
            reader.refuse_unknown(name, known, key, "is not a stage", tables[name])
            raise reader.error(key, None, "is configured, but no step runs it")
    made = {
        name: reader.record(stage, tables.get(name, {}), f"stage.{name}")
        for name, stage in classes.items()
    }
    return {name: following(stage, made, tables.get(name, {})) for name, stage in made.items()}


def following(
    stage: Stage, made: Mapping[str, Stage], table: Mapping[str, Any] = MappingProxyType({})
) -> Stage:
    """The stage with the values that other stages set, where its own table sets none."""
    values = {
        field: getattr(made[name], theirs)
        for field, (name, theirs) in stage.follows.items()
        if name in made and field not in table
    }
    return replace(stage, **values)
