"""The keys of a configuration in words: for a terminal, and for the pages in ``docs``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.markup import escape
from rich.table import Table

from conf.settings import Setting
from curation.cli.config_tables import ConfigTable
from curation.cli.toml import to_toml

COLUMNS = ("key", "default", "type", "unit", "meaning")
REQUIRED = "required"


def terminal_table(table: ConfigTable) -> Table:
    """A table for a terminal, with what the configuration has where there is one."""
    title = " ".join(filter(None, (table.heading, table.about)))
    shown = Table(title=escape(title), title_justify="left")
    columns = COLUMNS if table.made is None else ("key", "value", *COLUMNS[1:])
    for column in columns:
        shown.add_column(column, overflow="fold")
    for setting in table.settings:
        key, *rest = cells(setting)
        value = [] if table.made is None else [to_toml(table.value(setting))]
        shown.add_row(*(escape(cell.replace("``", "")) for cell in (key, *value, *rest)))
    return shown


def markdown_table(settings: Iterable[Setting]) -> str:
    """The keys as a table in Markdown; a column that says nothing of any key is left out."""
    rows = [
        [_code(key), _code(default), *(one.replace("|", "\\|").replace("``", "`") for one in rest)]
        for key, default, *rest in map(cells, settings)
    ]
    shown = [place for place in range(len(COLUMNS)) if any(row[place] for row in rows)]
    lines = [[COLUMNS[place] for place in shown], ["---"] * len(shown)]
    lines += [[row[place] for place in shown] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def cells(setting: Setting) -> tuple[str, ...]:
    """What is said of a key, in the order of ``COLUMNS``."""
    default = "" if setting.default is None else to_toml(setting.default)
    shown = REQUIRED if setting.required else default
    return (setting.key, shown, in_words(setting.schema), setting.unit, setting.meaning)


def _code(text: str) -> str:
    return text if text in ("", REQUIRED) else f"`{text}`"


_BOUNDS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}


def in_words(schema: Mapping[str, Any]) -> str:
    """The type that a JSON schema asks for.

    >>> in_words({"type": "integer", "minimum": 1}), in_words({"enum": ["a", "b"]})
    ('integer ≥ 1', '"a" or "b"')
    >>> in_words({"type": "array", "items": {"type": "string"}})
    'list of strings'
    >>> in_words({"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}]})
    '[string, integer]'
    >>> in_words({"type": "number", "minimum": 0, "maximum": 1})
    'number from 0 to 1'
    >>> in_words({"anyOf": [{"type": "string"}, {"type": "null"}]}), in_words({})
    ('string', 'any value')
    """
    match schema:
        case {"enum": values}:
            return " or ".join(map(to_toml, values))
        case {"const": value}:
            return to_toml(value)
        case {"anyOf": schemas}:  # TOML has no null
            return " or ".join(in_words(one) for one in schemas if one != {"type": "null"})
        case {"type": "array", "prefixItems": list(schemas)}:
            return f"[{', '.join(map(in_words, schemas))}]"
        case {"type": "array"}:
            return f"list of {_many(in_words(schema.get('items', {})))}"
        case {"type": "object", "additionalProperties": dict(values)}:
            return f"table of {_many(in_words(values))}"
        case {"type": "object"} | {"$ref": _}:
            return "table"
    if "type" not in schema:
        return "any value"
    if {"minimum", "maximum"} <= schema.keys():
        return f"{schema['type']} from {schema['minimum']} to {schema['maximum']}"
    bounds = [f"{sign} {schema[name]}" for name, sign in _BOUNDS.items() if name in schema]
    return " ".join([schema["type"], *bounds])


def _many(word: str) -> str:
    return f"{word}s" if word.isalpha() else word
