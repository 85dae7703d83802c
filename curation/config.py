"""A pipeline's configuration, as typed records from one TOML file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from annotated_types import MinLen

from conf.records import RecordReader, read_table
from curation.outputs.export import ExportOptions
from curation.outputs.pack import PackOptions
from curation.sources.reader import SourceOptions
from stages.base import CorpusStage, Count, Positive, Ratio, Stage
from stages.registry import STAGES, StageReferenceError, find_stage, known_names

Name = Annotated[str, MinLen(1)]


@dataclass(frozen=True)
class StepConfig:
    """Stages that run together and are persisted once; one of them at most is a corpus stage.

    Stages before the corpus stage run twice: for its keys, and with the others. ``stages`` are
    their names, whatever the file says for them (see ``stages.registry.find_stage``).
    """

    name: Name
    stages: Annotated[tuple[str, ...], MinLen(1)]


@dataclass(frozen=True)
class SparkConfig:
    """Where the embedded session runs, and Spark's own settings. spark-submit's master wins."""

    master: str = "local[*,4]"
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PipelineConfig:
    """One pipeline: the source, the steps with their stages, and what is made of what is kept.

    ``export`` and ``pack`` are made only where the file has their tables; ``stage`` holds every
    stage that a step runs, configured.
    """

    name: Name
    step: tuple[StepConfig, ...]
    stage: Mapping[str, Stage]
    max_quarantine_ratio: Ratio = 0.05
    max_removed_chars: Count = 1_000_000
    part_bytes: Positive = 256 << 20
    source: SourceOptions = field(default_factory=SourceOptions)
    export: ExportOptions | None = None
    pack: PackOptions | None = None
    spark: SparkConfig = field(default_factory=SparkConfig)

    def stages_of(self, step: StepConfig) -> tuple[Stage, ...]:
        """The configured stages of a step, in order."""
        return tuple(self.stage[name] for name in step.stages)


_TABLES = {
    "source": SourceOptions,
    "export": ExportOptions,
    "pack": PackOptions,
    "spark": SparkConfig,
}


def load_config(path: str | Path) -> PipelineConfig:
    """Read and check a configuration file. Raises ConfigError with file, key, value and rule."""
    tables = read_table(path)
    reader = RecordReader(str(path))
    steps, classes = _steps(reader, tables.pop("step", None))
    made: dict[str, object] = {
        name: reader.record(kind, tables.pop(name), name)
        for name, kind in _TABLES.items()
        if name in tables
    }
    stages = configure_stages(reader, classes, tables.pop("stage", {}))
    given = made | {"step": steps, "stage": stages}
    if "pack" in made and "export" not in made:
        raise reader.error("pack", None, "needs an [export] table: it packs what is exported")
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
            reader.refuse_unknown(reference, known_names(), key, "is not a stage")
        try:
            stage = find_stage(reference)
        except StageReferenceError as error:
            raise reader.error(key, reference, str(error)) from error
        other = found.get(stage.name) or earlier.get(stage.name)
        if other is stage:
            raise reader.error(key, reference, "runs already, earlier in the pipeline")
        if other:
            place = f"{other.__module__}:{other.__qualname__}"
            raise reader.error(key, reference, f"is called {stage.name!r}, as {place} is")
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
            reader.refuse_unknown(name, {*classes, *known_names()}, key, "is not a stage")
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
