"""Values given beside a configuration file: ``stage.rules.families=["empty"]``."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from conf.records import OVERRIDE, ConfigError

Tables = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Overridden:
    """The tables of a file with other values in them, and the ``keys`` of those."""

    tables: Tables
    keys: tuple[str, ...]


def override(tables: Tables, overrides: Sequence[str]) -> Overridden:
    """The tables with each ``key=value`` in its place, the last of a key where there are several.

    Key and value are TOML's, so a string has quotes; a table is merged with the one that is there.
    Raises ConfigError for what is not one TOML line of that form.

    >>> override({"stage": {"rules": {"sites": "sites"}}}, ["stage.rules.families=['empty']"])
    Overridden(tables={'stage': {'rules': {'sites': 'sites', 'families': ['empty']}}}, \
keys=('stage.rules.families',))
    """
    merged, keys = dict(tables), list[str]()
    for one in overrides:
        merged = _merge(merged, _parse(one), "", keys)
    return Overridden(merged, tuple(keys))


def _parse(override: str) -> Tables:
    try:
        parsed = tomllib.loads(override)
    except tomllib.TOMLDecodeError as error:
        rule = f"is not KEY=VALUE with a TOML value ({error})"
        advice = """strings need their quotes: --set 'stage.language.model="embedded"'"""
        raise ConfigError(f"{OVERRIDE} {override}: {rule}; {advice}") from error
    if "\n" in override or len(parsed) != 1 or override.lstrip().startswith("["):
        rule = f"is not one KEY=VALUE; give {OVERRIDE} once for each"
        raise ConfigError(f"{OVERRIDE} {override}: {rule}")
    return parsed


def _merge(table: Tables, other: Tables, below: str, keys: list[str]) -> Tables:
    merged = dict(table)
    for name, value in other.items():
        key = f"{below}{name}"
        there = table.get(name)
        if isinstance(there, dict) and isinstance(value, dict):
            merged[name] = _merge(there, value, f"{key}.", keys)
        else:
            merged[name] = value
            keys.append(key)
    return merged
