"""Frozen records from TOML tables: unknown keys and wrong values are refused by name.

Every configuration file of the project is read this way, so that every mistake in one is told the
same way: file, key, value, rule.
"""

from __future__ import annotations

import dataclasses
import difflib
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from pydantic import TypeAdapter, ValidationError

OVERRIDE = "--set"
"""What errors name in the place of a file where the command line says a key."""

MAX_NAMES_SHOWN = 40
"""Of the names that are known, in an error about one that is not."""
MAX_VALUE_CHARS = 100
"""Of a value, in an error about it."""


class ConfigError(ValueError):
    """A configuration file says something that cannot be; the message is for its author."""


Record = TypeVar("Record")


def read_table(path: str | Path) -> dict[str, Any]:
    """The tables of a TOML file. Raises ConfigError if it is missing or not TOML."""
    return parse_table(read_content(path), str(path))


def read_content(path: str | Path) -> bytes:
    """The bytes of a file. Raises ConfigError if it is missing or cannot be read."""
    try:
        return Path(path).read_bytes()
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: no such file") from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error


def parse_table(content: bytes, file: str) -> dict[str, Any]:
    """The tables of a TOML file that has been read. Raises ConfigError if it is not TOML."""
    try:
        return tomllib.loads(content.decode())
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: not valid TOML: {error}") from error
    except RecursionError as error:
        raise ConfigError(f"{file}: not valid TOML: tables are nested too deeply") from error
    except ValueError as error:  # Python makes no number of more than 4,300 digits
        raise ConfigError(f"{file}: not valid TOML: a number has too many digits") from error


@dataclass(frozen=True, slots=True)
class RecordReader:
    """Makes records from tables of one file, whose name its errors carry.

    ``overridden`` are the dotted keys that the command line says in the file's place.
    """

    file: str
    overridden: tuple[str, ...] = ()

    def record(
        self, kind: type[Record], table: Any, key: str = "", given: Mapping[str, Any] | None = None
    ) -> Record:
        """A frozen dataclass from a table. ``given`` are fields made already, ``key`` its place.

        Raises ConfigError for unknown keys, wrong types, broken bounds and missing fields.
        """
        if not isinstance(table, Mapping):
            raise self.error(key, table, "must be a table")
        ready = dict(given or {})
        fields = {f.name: f for f in dataclasses.fields(kind)}  # type: ignore[arg-type]
        hints = get_type_hints(kind, include_extras=True)
        for name, value in table.items():
            self.refuse_unknown(name, fields, _below(key, name), "is not a known key", value)
            ready[name] = self.value(hints[name], value, _below(key, name))
        for name in fields.keys() - ready.keys():
            if is_required(fields[name]):
                raise self.error(_below(key, name), None, "is required")
        try:
            return kind(**ready)
        except ValueError as error:
            raise self.error(key, None, str(error)) from error

    def refuse_unknown(
        self, name: str, known: Iterable[str], key: str, complaint: str, value: Any = None
    ) -> None:
        """Raise ConfigError, with the nearest known name, if ``name`` is none of them.

        ``value`` is what an unknown key was given; without it the name itself is the key's value.
        """
        names = sorted(known)
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            more = ", …" if len(names) > MAX_NAMES_SHOWN else ""
            known_names = ", ".join(names[:MAX_NAMES_SHOWN]) + more
            hint = f"did you mean {near[0]!r}?" if near else f"known: {known_names}"
            raise self.error(key, name if value is None else value, f"{complaint}; {hint}")

    def error(self, key: str, value: Any, rule: str) -> ConfigError:
        """The error that says file, key, value and rule."""
        shown = "" if value is None else f" = {_cut(repr(value))}"
        return ConfigError(": ".join(filter(None, (self._place(key), key + shown, rule))))

    def _place(self, key: str) -> str:
        """Where a key is said: an unknown one names itself, what is required names its table."""
        said = any(f"{key}.".startswith(f"{one}.") for one in self.overridden)
        return OVERRIDE if said else self.file

    def value(self, hint: Any, value: Any, key: str) -> Any:
        """A value of some type, a record among them. Raises ConfigError for one that is none."""
        if dataclasses.is_dataclass(hint):
            return self.record(hint, value, key)  # type: ignore[arg-type]
        try:
            return _adapter(hint).validate_json(json.dumps(value, default=str), strict=True)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join([key, *(str(place) for place in first["loc"])])
            message = first["msg"].removeprefix("Value error, ")
            rule = message[:1].lower() + message[1:]
            raise self.error(where, first["input"], rule) from error


def _cut(shown: str) -> str:
    """A value in no more than a line: that of an unknown key may be a table of any size."""
    return shown if len(shown) <= MAX_VALUE_CHARS else f"{shown[:MAX_VALUE_CHARS]}…"


@cache
def _adapter(hint: Any) -> TypeAdapter[Any]:
    """Made once for each type: making one takes longer than reading a record with it."""
    return TypeAdapter(hint)


def _below(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


def is_required(field: dataclasses.Field[Any]) -> bool:
    """Whether a table must have it."""
    missing = dataclasses.MISSING
    return field.default is missing and field.default_factory is missing
