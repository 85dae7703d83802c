"""What is to be tried: a stage of a run with other settings."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_type_hints

from conf.records import ConfigError, RecordReader
from curation.errors import UsageError
from curation.inspect.recorded_stages import recorded_stage
from curation.inspect.run_files import StepRun
from stages.base import Stage
from stages.recall import Recall


@dataclass(frozen=True)
class Change:
    """A stage as it was and as it is tried; ``step`` is the place of its step among those."""

    step: int
    stage: Stage
    tried: Stage
    asked: tuple[str, ...]

    def recall(self, *, tried: bool) -> Recall:
        """How the stage judges by what was stored; a new one each time, since it may count."""
        made = (self.tried if tried else self.stage).recall(self.stage)
        assert made is not None
        return made


def read_changes(steps: Sequence[StepRun], changes: Sequence[str]) -> Change:
    """The change that ``stage.key=value`` ask for; the values are TOML's, a bare word is a string.

    Raises UsageError for what cannot be tried, with what can, and where what is stored does not
    suffice.
    """
    parsed = [_parse(one) for one in changes]
    names = {name for name, _, _ in parsed}
    if len(names) > 1:
        raise UsageError(
            f"whatif: {', '.join(sorted(names))}: one stage at a time: what the first would let "
            "pass, the second has not judged"
        )
    [name] = names
    place, stage = _find(steps, name)
    tried = stage
    for (_, key, value), asked in zip(parsed, changes, strict=True):
        tried = _with_value(tried, key, value, asked)
    _refuse_unknown_effect(stage, tried, name)
    return Change(place, stage, tried, tuple(changes))


def _parse(change: str) -> tuple[str, str, object]:
    key, mark, text = change.partition("=")
    name, dot, rest = key.strip().removeprefix("stage.").partition(".")
    if not (mark and dot and rest and text.strip()):
        raise UsageError(f"whatif {change}: is not STAGE.KEY=VALUE, as quality.min_quality=0.3")
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text.strip()
    return name, rest, value


def _find(steps: Sequence[StepRun], name: str) -> tuple[int, Stage]:
    for place, step in enumerate(steps):
        for description in step.manifest.stages:
            if description.name == name:
                return place, recorded_stage(description)
    known = ", ".join(stage.name for step in steps for stage in step.manifest.stages)
    raise UsageError(f"whatif: the run has no stage {name!r}; its stages: {known}")


def _with_value(stage: Stage, key: str, value: object, asked: str) -> Stage:
    """The stage with another value of a field, or of what ``revise`` knows."""
    fields = {field.name for field in dataclasses.fields(stage)}
    try:
        if key in fields:
            hint = get_type_hints(type(stage), include_extras=True)[key]
            given = RecordReader("whatif").value(hint, value, f"{stage.name}.{key}")
            return dataclasses.replace(stage, **{key: given})
        return stage.revise(key, value)
    except ConfigError as error:
        raise UsageError(str(error)) from error
    except (ValueError, FileNotFoundError) as error:
        known = ", ".join(sorted(fields))
        raise UsageError(f"whatif {asked}: {error}; its settings: {known}") from error


def _refuse_unknown_effect(stage: Stage, tried: Stage, name: str) -> None:
    """Raise UsageError where what the stage stores tells nothing of a setting."""
    try:
        recall = tried.recall(stage)
    except (ValueError, FileNotFoundError) as error:
        raise UsageError(f"whatif {name}: {error}") from error
    known = recall.settings if recall else frozenset[str]()
    differing = {
        field.name
        for field in dataclasses.fields(stage)
        if getattr(stage, field.name) != getattr(tried, field.name)
    }
    if unknown := sorted(differing - known):
        can = f"it tells of {', '.join(sorted(known))}" if known else "it tells of no setting"
        raise UsageError(
            f"whatif {name}.{unknown[0]}: what the run has stored does not tell what another value "
            f"would do; {can}. `curate stage {name} CONF --set stage.{name}.{unknown[0]}=…` runs "
            "the stage again on what the last run gave it"
        )
