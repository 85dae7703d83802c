"""Options made of records: each field of a frozen dataclass is an option, said in one place.

``fills("settings", TrainingSettings)`` gives a command an option for each field, with the field's
type, bounds, default and meaning, and hands the command one record under that name. Help pages have
a section for each record.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import cache, update_wrapper
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import click
from annotated_types import Ge, Interval

from conf.settings import read_meanings

Later = Callable[[Mapping[str, Any]], object]
"""Makes the value of a field that was not given, of all values that were."""


class RecordOption(click.Option):
    """An option that fills a field; its help is read from the source only where it is shown."""

    def __init__(
        self, kind: type, field: str, section: str, names: Sequence[str], **given: Any
    ) -> None:
        super().__init__([*names, _key(kind, field)], **given)
        self.kind, self.field, self.section = kind, field, section

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """What the string below the field says, as plain text."""
        meaning = read_meanings(self.kind).get(self.field, "")
        self.help = meaning.replace("``", "").replace("`", "")
        return super().get_help_record(ctx)


class SectionedCommand(click.Command):
    """A command whose help page has a section for each record that its options fill."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options of the command itself first."""
        sections: dict[str, list[tuple[str, str]]] = {"Options": []}
        for option in self.get_params(ctx):
            name = option.section if isinstance(option, RecordOption) else "Options"
            record = option.get_help_record(ctx)
            if record and isinstance(option, click.Option):
                sections.setdefault(name, []).append(record)
        for name, rows in sections.items():
            with formatter.section(name):
                formatter.write_dl(rows)


class ValueChoice(click.Choice[StrEnum]):
    """One member of an enumeration, by its value; click's own goes by names."""

    def normalize_choice(self, choice: Any, ctx: click.Context | None) -> str:  # noqa: ARG002
        """The value of a member; of what was typed, itself."""
        return str(choice)


def fills(
    name: str,
    kind: type,
    section: str,
    *,
    later: Mapping[str, Later] | None = None,
    short: Mapping[str, str] | None = None,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add an option for each field of ``kind``, and hand the record to the command as ``name``.

    ``later`` are fields whose default hangs on what else is given, or takes long to be known;
    ``short`` has a short name for some.
    """
    unset = later or {}
    fields = dataclasses.fields(kind)

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        def run(**given: Any) -> None:
            values = {one.name: given.pop(_key(kind, one.name)) for one in fields}
            for field, make in unset.items():
                if values[field] is None:
                    values[field] = make(given)
            command(**given, **{name: kind(**values)})

        update_wrapper(run, command)
        for one in reversed(fields):
            names = [*filter(None, [(short or {}).get(one.name)]), f"--{_dashed(one.name)}"]
            _add(run, _option(kind, one, section, names, is_later=one.name in unset))
        return run

    return decorate


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def _add(command: Callable[..., None], option: RecordOption) -> None:
    """As click's own decorators do: the last that is added comes first."""
    command.__dict__.setdefault("__click_params__", []).append(option)


def _key(kind: type, field: str) -> str:
    """By what the option is known to click, in one namespace with the command's own."""
    return f"{kind.__name__}_{field}".lower()


def _option(
    kind: type, field: dataclasses.Field[Any], section: str, names: Sequence[str], *, is_later: bool
) -> RecordOption:
    hint = _hints(kind)[field.name]
    required = field.default is dataclasses.MISSING and not is_later
    given: dict[str, Any] = {"required": required}
    if not required:
        default = None if is_later else field.default
        if isinstance(default, StrEnum):
            default = str(default)  # click would show its name
        given |= {"default": default, "show_default": default not in {None, ""}}
    if _plain(hint) is bool:
        return RecordOption(kind, field.name, section, names, is_flag=True, default=field.default)
    return RecordOption(kind, field.name, section, names, type=type_of(hint), **given)


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind, include_extras=True)


def _plain(hint: Any) -> Any:
    """A type without its bounds, and without None."""
    if get_origin(hint) in {Union, UnionType}:
        return _plain(next(one for one in get_args(hint) if one is not NoneType))
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def type_of(hint: Any) -> click.ParamType[Any]:
    """The type of an option for a field of that type.

    >>> type_of(Annotated[int, Ge(1)] | None)
    <IntRange x>=1>
    >>> type_of(Annotated[float, Interval(ge=0, le=1)])
    <FloatRange 0<=x<=1>
    """
    if get_origin(hint) in {Union, UnionType}:
        return type_of(next(one for one in get_args(hint) if one is not NoneType))
    plain = _plain(hint)
    if issubclass(plain, StrEnum):
        return ValueChoice(plain)
    low, high = _bounds(hint)
    if plain is int:
        return click.INT if low is high is None else click.IntRange(low, high)
    if plain is float:
        return click.FLOAT if low is high is None else click.FloatRange(low, high)
    return click.STRING


def _bounds(hint: Any) -> tuple[Any, Any]:
    low = high = None
    for one in getattr(hint, "__metadata__", ()):
        low = getattr(one, "ge", low) if isinstance(one, Ge | Interval) else low
        high = one.le if isinstance(one, Interval) else high
    return low, high
