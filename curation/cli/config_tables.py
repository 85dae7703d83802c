"""Every table that a configuration may have, with its keys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce

from pydantic import JsonValue
from pydantic_core import to_jsonable_python

from conf.records import ConfigError
from conf.references import ClassReferenceError, Kind, Registry
from conf.settings import Setting, read_settings
from curation.cli.toml import toml_key
from curation.config import KEYS, TABLES, PipelineConfig, StepConfig
from curation.outputs.base import Output
from curation.outputs.registry import KNOWN_OUTPUTS, OUTPUTS
from stages.registry import KNOWN_STAGES, STAGES


@dataclass(frozen=True)
class ConfigTable:
    """One table of a file: where it stands, what it is about, and its keys.

    ``path`` leads to it, () to the keys above all tables; ``is_list`` of one of which there may be
    several. ``made`` is what a configuration has made of it, or None where none is asked about.
    """

    path: tuple[str, ...]
    about: str
    settings: tuple[Setting, ...]
    is_list: bool = False
    made: object = None

    @property
    def heading(self) -> str:
        """How it is headed in the file."""
        if not self.path:
            return "(above all tables)"
        heading = f"[{'.'.join(map(toml_key, self.path))}]"
        return f"[{heading}]" if self.is_list else heading

    def value(self, setting: Setting) -> JsonValue:
        """What the configuration has for a key."""
        value: JsonValue = to_jsonable_python(reduce(getattr, setting.key.split("."), self.made))
        return value


def our_tables() -> list[ConfigTable]:
    """All that there are of this project."""
    return [
        _above_all(None),
        *(_table((name,), kind) for name, kind in TABLES.items()),
        replace(_table(("step",), StepConfig), is_list=True),
        *(_table(("stage", name), stage) for name, stage in STAGES.items()),
        *(_table((name,), output) for name, output in OUTPUTS.items()),
    ]


def read_tables() -> list[ConfigTable]:
    """All that there are, those of installed packages last. Raises ConfigError for a faulty one."""
    stages = KNOWN_STAGES.names()[len(STAGES) :]
    outputs = KNOWN_OUTPUTS.names()[len(OUTPUTS) :]
    return [
        *our_tables(),
        *(_table(("stage", name), _offered(KNOWN_STAGES, name)) for name in stages),
        *(_table((name,), _offered(KNOWN_OUTPUTS, name)) for name in outputs),
    ]


def tables_of(config: PipelineConfig) -> list[ConfigTable]:
    """Those of which a configuration is made, its steps left out, with what they make."""
    outputs = config.outputs.values()
    return [
        _above_all(config),
        *(_table((name,), kind, getattr(config, name)) for name, kind in TABLES.items()),
        *(_table(("stage", name), type(stage), stage) for name, stage in config.stage.items()),
        *(_table((_name_in_file(type(one)),), type(one), one) for one in outputs),
    ]


def phase_tables(config: PipelineConfig) -> list[ConfigTable]:
    """Those in which its phases have other values than it has itself, with what they make."""
    return [
        replace(theirs, path=("phases", name, *theirs.path))
        for name, phase in config.phases.items()
        for ours, theirs in zip(tables_of(config), tables_of(phase), strict=True)
        if theirs.path and ours.made != theirs.made
    ]


def _above_all(config: PipelineConfig | None) -> ConfigTable:
    plain = [name for name in KEYS if name not in TABLES]
    settings = tuple(read_settings(PipelineConfig, plain))
    return ConfigTable((), _about(PipelineConfig), settings, made=config)


def _offered(known: Registry[Kind], name: str) -> type[Kind]:
    try:
        return known.find(name)
    except ClassReferenceError as error:
        raise ConfigError(f"{name!r}, which a package offers as {known.what}: {error}") from error


def _name_in_file(output: type[Output]) -> str:
    is_known = output.name in KNOWN_OUTPUTS.names()
    return output.name if is_known else KNOWN_OUTPUTS.reference_to(output)


def _table(path: tuple[str, ...], kind: type, made: object = None) -> ConfigTable:
    return ConfigTable(path, _about(kind), tuple(read_settings(kind)), made=made)


def _about(kind: type) -> str:
    return (kind.__doc__ or "").split("\n", 1)[0].replace("``", "")
