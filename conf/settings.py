"""What a dataclass of settings says of its fields: key, type, default, unit and meaning.

A field's meaning is the string below it, its unit a ``Unit`` in its type, its bounds the type's.
That reads as code does, and nothing says the same twice; the price is that meanings are read from
the source, which takes `curate config` 0.1 s and nothing else any.
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
import textwrap
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Any, get_type_hints

from annotated_types import Unit
from pydantic import JsonValue, TypeAdapter
from pydantic_core import to_jsonable_python

from conf.records import is_required


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of a table, with its JSON schema. One that is ``required`` has no default."""

    key: str
    schema: Mapping[str, Any]
    required: bool
    default: JsonValue
    unit: str
    meaning: str


def read_settings(kind: type, fields: Container[str] | None = None) -> Iterator[Setting]:
    """Every key of the table that makes a dataclass; those of one in it by their dotted keys.

    ``fields`` are the only ones that are meant, if given.

    >>> @dataclass(frozen=True)
    ... class Cut:
    ...     max_lines: int = 5
    >>> list(read_settings(Cut))
    [Setting(key='max_lines', schema={'type': 'integer'}, required=False, default=5, unit='', \
meaning='')]
    """
    hints, meanings = get_type_hints(kind, include_extras=True), read_meanings(kind)
    for field in dataclasses.fields(kind):
        hint = hints[field.name]
        if fields is not None and field.name not in fields:
            continue
        if dataclasses.is_dataclass(hint) and isinstance(hint, type):
            for inner in read_settings(hint):
                yield replace(inner, key=f"{field.name}.{inner.key}")
            continue
        yield Setting(
            key=field.name,
            schema=TypeAdapter(hint).json_schema(),
            required=is_required(field),
            default=None if is_required(field) else to_jsonable_python(_default(field)),
            unit=next((one.unit for one in _metadata(hint) if isinstance(one, Unit)), ""),
            meaning=meanings.get(field.name, ""),
        )


@cache
def read_meanings(kind: type) -> Mapping[str, str]:
    """The string below each field of a dataclass, in one line; a subclass's own wins.

    Python drops these strings, so they are read from the source; a class without has none.
    """
    found: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        if dataclasses.is_dataclass(base):
            found |= dict(_strings_below_fields(base))
    return found


def _strings_below_fields(kind: type) -> Iterator[tuple[str, str]]:
    try:
        [tree] = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    except (OSError, TypeError):  # made in a shell, or shipped without its source
        return
    body = tree.body if isinstance(tree, ast.ClassDef) else []
    for field, below in pairwise(body):
        match field, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                yield name, " ".join(text.split())


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


def _metadata(hint: Any) -> tuple[Any, ...]:
    return getattr(hint, "__metadata__", ())
