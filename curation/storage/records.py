"""Typed records in files of their own: one way to write them, and one to read them back.

A file is a JSON object: a record's fields, the ``format_version`` of its type, and a ``checksum``
of all else. Reading checks every value against the type. A file that is damaged or edited, or that
a newer version of the project wrote, is one error of one line; files of former versions are read as
what they were, and upgraded.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Generic, Protocol, TypeVar

from annotated_types import Ge
from pydantic import JsonValue, TypeAdapter, ValidationError

from curation.errors import RecordError
from curation.storage.files import exists, read_bytes, write_bytes


class Record(Protocol):
    """A frozen dataclass that has a file of its own.

    ``format_version`` is raised whenever its fields change.
    """

    format_version: ClassVar[int]


class ReadRecord(Record, Protocol):
    """A record that is read back; ``remedy`` says what to do about a file that is damaged."""

    remedy: ClassVar[str]


RecordType = TypeVar("RecordType", bound=ReadRecord)
Shape = TypeVar("Shape")


@dataclass(frozen=True, slots=True)
class Former(Generic[Shape, RecordType]):
    """The dataclass that a record was in a former version, and what makes the present one of it."""

    shape: type[Shape]
    upgrade: Callable[[Shape], RecordType]


@dataclass(frozen=True, slots=True)
class _Header:
    """What every file says; files of the first version did not say theirs."""

    format_version: Annotated[int, Ge(1)] = 1


def write_record(uri: str, record: Record) -> None:
    """Write a record's file, which appears whole or not at all."""
    value = _plain(record)
    write_bytes(uri, _json(value | {"checksum": _checksum(value)}).encode())


def to_text(record: Record) -> str:
    """A record as JSON with sorted keys, so that equal records are equal bytes."""
    return _json(_plain(record))


def _plain(record: Record) -> dict[str, JsonValue]:
    value: dict[str, JsonValue] = _adapter(type(record)).dump_python(record, mode="json")
    return value | {"format_version": record.format_version}


def _json(value: Mapping[str, JsonValue]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _checksum(value: Mapping[str, JsonValue]) -> str:
    return hashlib.blake2b(_json(value).encode(), digest_size=16).hexdigest()


def read_record(
    uri: str,
    kind: type[RecordType],
    formers: Mapping[int, Former[Any, RecordType]] | None = None,
) -> RecordType | None:
    """The record in a file, or None if there is no such file; ``formers`` has former versions.

    Raises RecordError for a file that is damaged, edited or of a newer version.
    """
    if not exists(uri):
        return None
    content = read_bytes(uri)
    record = parse_record(uri, content, kind, formers)
    given = json.loads(content)
    if given.get("format_version") == kind.format_version:
        said = given.pop("checksum", None)
        if said != _checksum(given):
            raise RecordError(f"{uri}: is damaged (its checksum is another): {kind.remedy}")
    return record


def parse_record(
    uri: str,
    content: bytes,
    kind: type[RecordType],
    formers: Mapping[int, Former[Any, RecordType]] | None = None,
) -> RecordType:
    """The record that ``content``, found at ``uri``, is, whatever its checksum.

    Raises RecordError for content that is no such record or of a newer version.
    """
    try:
        version = _adapter(_Header).validate_json(content, strict=True).format_version
        if version > kind.format_version:
            raise RecordError(
                f"{uri}: was written by a newer version of this project (format {version}, known "
                f"is {kind.format_version} and before): upgrade to that version"
            )
        former = (formers or {}).get(version)
        if former is not None:
            return former.upgrade(_adapter(former.shape).validate_json(content, strict=True))
        return _adapter(kind).validate_json(content, strict=True)
    except ValidationError as error:
        raise RecordError(f"{uri}: is damaged ({_first_fault(error)}): {kind.remedy}") from error
    except ValueError as error:
        raise RecordError(f"{uri}: is damaged ({error}): {kind.remedy}") from error


def from_values(values: Mapping[str, JsonValue], kind: type[Shape]) -> Shape:
    """A dataclass from plain values as JSON has them. Raises ValueError for what it cannot be."""
    return _adapter(kind).validate_json(json.dumps(values), strict=True)


_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


def _adapter(kind: type[Shape]) -> TypeAdapter[Shape]:
    """Made once for each type: making one takes longer than reading a record with it."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def _first_fault(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = ".".join(map(str, first["loc"]))
    return ": ".join(filter(None, (place, first["msg"][:200])))
