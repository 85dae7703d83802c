"""The stages of a run, as they were when it was made."""

from __future__ import annotations

from conf.references import ClassReferenceError
from curation.errors import UsageError
from curation.storage.records import from_values
from curation.storage.stage_description import StageDescription
from stages.base import Stage


def recorded_stage(description: StageDescription) -> Stage:
    """The stage that a step was run with. Raises UsageError where it is not this one any more."""
    from stages.registry import KNOWN_STAGES  # and so all of them: 1 s

    name = description.name
    try:
        kind = KNOWN_STAGES.find(description.reference)
    except ClassReferenceError as error:
        raise UsageError(f"stage {name} of the run: {error}") from error
    if kind.version != description.version:
        raise UsageError(
            f"stage {name} is of version {kind.version} here, the run was made with version "
            f"{description.version}: run it again"
        )
    try:
        return from_values(description.configuration, kind)
    except ValueError as error:
        raise UsageError(f"stage {name} of the run cannot be made again: {error}") from error
