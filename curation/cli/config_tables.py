"""Every table that a configuration may have, with its keys."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

from pydantic import JsonValue
from pydantic_core import to_jsonable_python

from conf.settings import Setting, read_settings
from curation.config import KEYS, TABLES, PipelineConfig, StepConfig
from curation.outputs.registry import OUTPUTS
from stages.registry import STAGES

ABOVE_TABLES = "(above all tables)"
"""Heads the keys that stand in no table."""


@dataclass(frozen=True)
class ConfigTable:
    """One table of a file: how it is headed there, what it is about, and its keys.

    ``made`` is what a configuration has made of it, or None where none is asked about.
    """

    heading: str
    about: str
    settings: tuple[Setting, ...]
    made: object = None

    def value(self, setting: Setting) -> JsonValue:
        """What the configuration has for a key."""
        value: JsonValue = to_jsonable_python(reduce(getattr, setting.key.split("."), self.made))
        return value


def read_tables() -> list[ConfigTable]:
    """All that there are."""
    return [
        _above_all(None),
        *(_table(f"[{name}]", kind) for name, kind in TABLES.items()),
        _table("[[step]]", StepConfig),
        *(_table(f"[stage.{name}]", stage) for name, stage in STAGES.items()),
        *(_table(f"[{name}]", output) for name, output in OUTPUTS.items()),
    ]


def tables_of(config: PipelineConfig) -> list[ConfigTable]:
    """Those of which a configuration is made, its steps left out, with what they make."""
    stages = {f"stage.{name}": stage for name, stage in config.stage.items()}
    made = {name: getattr(config, name) for name in TABLES} | stages | {**config.outputs}
    return [
        _above_all(config),
        *(_table(f"[{name}]", type(record), record) for name, record in made.items()),
    ]


def _above_all(config: PipelineConfig | None) -> ConfigTable:
    plain = [name for name in KEYS if name not in TABLES]
    return ConfigTable(
        ABOVE_TABLES, _about(PipelineConfig), tuple(read_settings(PipelineConfig, plain)), config
    )


def _table(heading: str, kind: type, made: object = None) -> ConfigTable:
    return ConfigTable(heading, _about(kind), tuple(read_settings(kind)), made)


def _about(kind: type) -> str:
    return (kind.__doc__ or "").split("\n", 1)[0].replace("``", "")
