"""Whether the stages of a pipeline can follow each other: columns that they read, and languages."""

from __future__ import annotations

import pyarrow as pa

from conf.records import ConfigError
from curation.config import PipelineConfig
from curation.errors import UsageError
from schemas.document import SOURCE_COLUMNS, TRANSIENT
from stages.base import Stage


def check_columns(config: PipelineConfig) -> list[dict[str, pa.DataType]]:
    """The columns after each step. Raises ConfigError for a stage that reads what is not there."""
    columns = dict(SOURCE_COLUMNS)
    after = []
    for step in config.step:
        for stage in config.stages_of(step):
            missing = [name for name in stage.reads if name not in columns]
            if missing:
                raise ConfigError(
                    f"{config.name}: stage {stage.name} in step {step.name} reads "
                    f"{', '.join(missing)}, which no earlier stage writes and the source of that "
                    f"step does not have; columns there: {', '.join(columns)}"
                )
            columns |= stage.written
        after.append(dict(columns))
        columns = {name: kind for name, kind in columns.items() if name not in TRANSIENT}
    return after


def check_languages(config: PipelineConfig) -> None:
    """Refuse a language that one stage lets through and a later one cannot judge.

    Raises ConfigError naming stage, language and what to add, UsageError for a file of a stage.
    """
    kept: tuple[str, ...] = ()
    chooser = ""
    for stage in (stage for step in config.step for stage in config.stages_of(step)):
        for language in kept:
            if lack := _lack(stage, language):
                raise ConfigError(
                    f"{config.name}: stage {stage.name}: language {language} {lack}, or take "
                    f"{language} out of stage.{chooser}.languages"
                )
        chosen = stage.kept_languages()
        if chosen is not None:
            kept, chooser = chosen, stage.name


def _lack(stage: Stage, language: str) -> str:
    try:
        return stage.lacks(language)
    except (OSError, ValueError) as error:
        raise UsageError(f"stage {stage.name}: {error}") from error
