"""What a batch last ran: ``{root}/{pipeline}/{batch}/_run.json``."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

from pydantic import JsonValue
from pydantic_core import to_jsonable_python

from curation import storage
from curation.storage.records import Former, read_record, write_record
from curation.storage.stage_description import CLASS

if TYPE_CHECKING:
    from curation.config import PipelineConfig  # and all stages: 1 s for who only reads records

FILE_NAME = "_run.json"
_PHASE = re.compile(r"_run\.(.+)\.json")


@dataclass(frozen=True, slots=True)
class RunRecord:
    """The folders that make up a batch's last run, and what it was run on.

    ``number`` is the batch's among those of its pipeline, ``configuration`` has every setting that
    a result depends on, by its dotted key; ``overrides`` are the ``key=value`` that were given
    beside the file. ``states`` maps each corpus stage that leaves state to the folder of its step,
    ``judged_against`` to the lineage of the batches before (see ``curation.batches.lineage``).
    ``taken_down`` and ``remade`` are kept by ``curation.batches.remade``. Before format 3 nothing
    could be overridden, before format 5 nothing was said of takedowns.
    """

    format_version: ClassVar[int] = 5
    remedy: ClassVar[str] = "delete it and run the batch again: steps that are done stay done"

    number: int
    configuration: Mapping[str, JsonValue]
    inputs: tuple[str, ...]
    steps: tuple[str, ...]
    states: Mapping[str, str]
    judged_against: Mapping[str, str]
    overrides: tuple[str, ...] = ()
    taken_down: Mapping[str, str] = field(default_factory=dict)
    remade: Mapping[str, str] = field(default_factory=dict)

    def output_of(self, step: str) -> str:
        """What ``curation.outputs.registry`` finds the output by that the step made, if it did."""
        return str(self.configuration.get(f"{step}.{CLASS}", step))

    def save(self, batch_folder: str, phase: str = "") -> None:
        """Write it; the folder is a batch from now on, or that batch has run that phase."""
        write_record(storage.join(batch_folder, record_name(phase)), self)


@dataclass(frozen=True, slots=True)
class FirstRunRecord:
    """The record as it was before it had a ``format_version``: settings are Python's repr."""

    number: int
    configuration: Mapping[str, str]
    inputs: tuple[str, ...]
    steps: tuple[str, ...]
    states: Mapping[str, str]
    judged_against: Mapping[str, str]


def record_name(phase: str) -> str:
    """The file of what a batch last ran, or of what it last ran of a phase.

    >>> record_name(""), record_name("annealing")
    ('_run.json', '_run.annealing.json')
    """
    return f"_run.{phase}.json" if phase else FILE_NAME


def phases_in(batch_folder: str) -> list[str]:
    """The phases that a batch has run, sorted."""
    names = (name for name in storage.list_names(batch_folder) if name != FILE_NAME)
    found = (_PHASE.fullmatch(name) for name in names)
    return sorted(match[1] for match in found if match)


def load_run_record(batch_folder: str, phase: str = "") -> RunRecord | None:
    """What a batch last ran, or None if it never did. Raises RecordError."""
    formers = {1: Former(FirstRunRecord, _upgrade)}
    return read_record(storage.join(batch_folder, record_name(phase)), RunRecord, formers)


def settings_of(config: PipelineConfig) -> dict[str, JsonValue]:
    """Every setting that a result depends on, by its dotted key, as JSON has it."""
    from curation.outputs.registry import KNOWN_OUTPUTS  # and so all outputs: 0.2 s

    values = asdict(replace(config, phases={}))
    del values["spark"], values["overrides"], values["source"]["identity"]
    del values["phase"], values["phases"]  # which have records of their own
    for step in values["step"]:
        del step["resources"]
    values |= values.pop("outputs")  # each under its own name, as its table is
    for name, output in config.outputs.items():
        if (reference := KNOWN_OUTPUTS.reference_to(type(output))) != name:
            values[name][CLASS] = reference
    settings: dict[str, JsonValue] = {}
    _flatten("", to_jsonable_python(values), settings)
    return settings


def _flatten(key: str, value: JsonValue, into: dict[str, JsonValue]) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            _flatten(f"{key}.{name}" if key else name, inner, into)
    else:
        into[key] = value


def _upgrade(first: FirstRunRecord) -> RunRecord:
    """What a run without a ``format_version`` says, as a record says it now."""
    return RunRecord(
        number=first.number,
        configuration={key: _value(text) for key, text in first.configuration.items()},
        inputs=first.inputs,
        steps=first.steps,
        states=first.states,
        judged_against=first.judged_against,
    )


_MEMBER = re.compile(r"<[\w.]+: ('[^']*')>")


def _value(text: str) -> JsonValue:
    """The value whose repr a text is; an enumeration's member is its own.

    >>> _value("('zh', 'en')"), _value("<Method.BLOCKS: 'blocks'>"), _value("10.0")
    (['zh', 'en'], 'blocks', 10.0)
    """
    try:
        value: JsonValue = to_jsonable_python(ast.literal_eval(_MEMBER.sub(r"\1", text)))
    except (ValueError, SyntaxError):
        return text
    return value
