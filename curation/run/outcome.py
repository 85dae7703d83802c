"""What became of a step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from curation.parts.keys import WrittenKeys
from curation.run.plan import PlannedStep
from curation.storage.manifest import Manifest


@dataclass(frozen=True)
class StepOutcome:
    """A step's manifest, and whether it was found done.

    ``keys_ahead`` are the keys that it made for the next step, by the parts they are of.
    """

    step: PlannedStep
    manifest: Manifest
    cached: bool
    keys_ahead: Mapping[int, WrittenKeys] = field(default_factory=dict)
