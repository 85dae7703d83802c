"""The JSON schema of configurations, by which editors complete and check them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from conf.settings import Setting
from curation.cli.config_tables import ConfigTable, read_tables, tables_of
from curation.config import PipelineConfig
from curation.outputs.registry import OUTPUTS

Schema = dict[str, Any]
DEFINITIONS = "$defs"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def config_schema(config: PipelineConfig | None = None) -> Schema:
    """The schema of any configuration; with ``config``, of one that has its stages and outputs too.

    It knows no rule that holds between keys, such as that of an output that is made of another.
    """
    tables = {table.path: table for table in tables_of(config)} if config else {}
    tables |= {table.path: table for table in read_tables()}
    definitions = _definitions(tables.values())
    whole = _table_schema(tables.pop(()))
    properties: Schema = whole["properties"]
    stages: Schema = {}
    for path, table in tables.items():
        into = stages if path[0] == "stage" else properties
        into[path[-1]] = _table_schema(table)
    step = properties["step"]
    names = [{"enum": sorted(stages)}, {"pattern": ":"}]
    step["properties"]["stages"]["items"] = {"type": "string", "anyOf": names}
    properties["step"] = {"type": "array", "minItems": 1, "items": step}
    properties["stage"] = _object(stages, [])
    properties["phases"] = _phases(properties, stages, [*OUTPUTS])
    whole["required"].append("step")
    return {"$schema": DIALECT, "title": "A pipeline of curate", **whole, **definitions}


def _phases(properties: Schema, stages: Schema, outputs: Iterable[str]) -> Schema:
    """Tables of phases by their names: stages and outputs, of which no key is required again."""
    tables = {"stage": _object({name: _of_some(one) for name, one in stages.items()}, [])}
    tables |= {name: _of_some(properties[name]) for name in outputs}
    meaning = "The last step and the outputs once more, under other settings, by their names."
    return {"type": "object", "description": meaning, "additionalProperties": _object(tables, [])}


def _of_some(table: Schema) -> Schema:
    return {**table, "required": []}


def _definitions(tables: Iterable[ConfigTable]) -> Schema:
    """What the schemas of keys refer to, which must stand at the root."""
    settings = [setting for table in tables for setting in table.settings]
    found = [one for setting in settings for one in setting.schema.get(DEFINITIONS, {}).items()]
    return {DEFINITIONS: dict(found)} if found else {}


def _table_schema(table: ConfigTable) -> Schema:
    return {"description": table.about, **_of_settings(table.settings)}


def _of_settings(settings: Iterable[Setting]) -> Schema:
    properties: Schema = {}
    required: list[str] = []
    for setting in settings:
        *tables, key = setting.key.split(".")
        into = properties
        for name in tables:
            into = into.setdefault(name, _object({}, []))["properties"]
        into[key] = _of_setting(setting)
        if setting.required:
            required.append(key)
    return _object(properties, required)


def _of_setting(setting: Setting) -> Schema:
    meaning = setting.meaning.replace("``", "`")
    described = f"{meaning} Unit: {setting.unit}." if setting.unit else meaning
    default = {} if setting.default is None else {"default": setting.default}
    schema = {name: value for name, value in setting.schema.items() if name != DEFINITIONS}
    return {**schema, "description": described, **default}


def _object(properties: Schema, required: list[str]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
