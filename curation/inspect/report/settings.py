"""What a run was configured with: what differs from the defaults, and what its stages read."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from pydantic import JsonValue
from pydantic_core import to_jsonable_python

from conf.references import ClassReferenceError
from curation.batches.run_record import RunRecord
from curation.inspect.printable import printable
from curation.storage.manifest import Manifest
from curation.storage.stage_description import CLASS

_NOT_SHOWN = ("name", "step")  # said elsewhere


def changed_settings(record: RunRecord) -> list[Mapping[str, JsonValue]]:
    """The settings that are not at their defaults, with those, by their dotted keys."""
    defaults = _defaults(record)
    return [
        {"key": printable(key), "value": _said(value), "default": _said(defaults.get(key))}
        for key, value in sorted(record.configuration.items())
        if key not in _NOT_SHOWN and (key not in defaults or defaults[key] != value)
    ]


def stage_versions(manifests: Sequence[Manifest]) -> list[Mapping[str, Any]]:
    """The stages of a run with their versions, and digests of the files and models they read."""
    return [
        {
            "stage": printable(stage.name),
            "step": done.step,
            "version": stage.version,
            "resources": [
                [printable(name), printable(digest)]
                for name, digest in sorted(stage.resources.items())
            ],
        }
        for done in manifests
        for stage in done.stages
    ]


def _said(value: JsonValue) -> JsonValue:
    """A value as it is shown: texts without controls, others as they are."""
    return printable(value) if isinstance(value, str) else value


def _defaults(record: RunRecord) -> dict[str, JsonValue]:
    """The default of every setting whose class is to be found on this machine."""
    from curation.config import PipelineConfig  # and all stages with it: 1 s
    from curation.outputs.registry import KNOWN_OUTPUTS
    from stages.registry import KNOWN_STAGES

    found = dict(_of_class(PipelineConfig, ""))
    for table in sorted({_table_of(key) for key in record.configuration}):
        group, _, name = table.rpartition(".")
        known = KNOWN_STAGES if group == "stage" else KNOWN_OUTPUTS
        with suppress(ClassReferenceError):
            kind = known.find(str(record.configuration.get(f"{table}.{CLASS}", name)))
            found |= dict(_of_class(kind, f"{table}."))
    return found


def _table_of(key: str) -> str:
    """The table of a class that a key stands in.

    >>> _table_of("stage.rules.sites"), _table_of("export.seed"), _table_of("part_bytes")
    ('stage.rules', 'export', 'part_bytes')
    """
    head, *rest = key.split(".")
    return f"{head}.{rest[0]}" if head == "stage" and rest else head


def _of_class(kind: type, prefix: str) -> Iterator[tuple[str, JsonValue]]:
    for field in dataclasses.fields(kind):
        value = field.default
        if field.default_factory is not dataclasses.MISSING:
            value = field.default_factory()
        if value is not dataclasses.MISSING:
            yield from _flat(f"{prefix}{field.name}", _plain(value))


def _plain(value: Any) -> JsonValue:
    is_record = dataclasses.is_dataclass(value) and not isinstance(value, type)
    return to_jsonable_python(dataclasses.asdict(value) if is_record else value)


def _flat(key: str, value: JsonValue) -> Iterator[tuple[str, JsonValue]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(f"{key}.{name}", inner)
    else:
        yield key, value
