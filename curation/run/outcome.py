"""What became of a step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from curation.parts.keys import WrittenKeys
from curation.run.laps import Lap
from curation.run.plan import PlannedStep
from curation.spark.progress import Beginnings
from curation.spark.stage_totals import StageTotals
from curation.storage.manifest import Manifest


@dataclass(frozen=True)
class StepUsage:
    """What a step has taken that was done now.

    ``lap`` is all of it, ``judged_s`` the processor seconds of it that its tasks took to judge,
    without Spark's own work for them, ``beginnings`` what workers of a sample took before that to
    begin, ``workers_s`` those of Spark's workers for whatever they did,
    or None where nobody can tell, and ``key_bytes`` how much was compared. ``peak_bytes`` is the
    most memory of the process that runs it and of all below, what several share counted once, as
    far as it was looked at; None where nobody can tell. ``workers_bytes`` is that of the workers
    alone, ``tasks`` are Spark's.
    """

    lap: Lap
    judged_s: float
    beginnings: Beginnings
    workers_s: float | None
    key_bytes: int
    peak_bytes: int | None
    workers_bytes: int | None
    tasks: StageTotals


@dataclass(frozen=True)
class StepOutcome:
    """A step's manifest, whether it was found done, and what it took if it was not.

    ``keys_ahead`` are the keys that it made for the next step, by the parts they are of.
    """

    step: PlannedStep
    manifest: Manifest
    cached: bool
    keys_ahead: Mapping[int, WrittenKeys] = field(default_factory=dict)
    usage: StepUsage | None = None
