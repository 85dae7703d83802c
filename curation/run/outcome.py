"""What became of a step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from curation.run.plan import PlannedStep
from curation.storage import StoredFile
from curation.storage.manifest import Manifest


@dataclass(frozen=True)
class StepOutcome:
    """A step's manifest, and whether it was found done.

    ``keys_ahead`` are the files of keys that it made for the next step, by the parts they are of.
    """

    step: PlannedStep
    manifest: Manifest
    cached: bool
    keys_ahead: Mapping[int, StoredFile] = field(default_factory=dict)
