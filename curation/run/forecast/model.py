"""From the steps of two samples to those of the whole crawl: arithmetic over what was measured.

A run over n bytes of a crawl takes, of whatever a step takes, fixed + slope x n. The slope comes
of a small and a large sample, both on a session that has warmed up; the fixed part is what the
small sample took when it ran first, cold as the whole run will be, less its own share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from curation.run.forecast.growth import is_known, seconds_of_pairs
from curation.run.metrics import written_bytes
from curation.run.outcome import StepOutcome
from curation.run.part_sizes import PARTS_PER_CORE
from curation.spark.sizing import fit_one_task
from stages.base import CorpusStage

BUSY = 1 / (1 + 1 / (2 * PARTS_PER_CORE))
"""The share of the time that cores have something to do: with so many parts a core, the last of a
step leave half a part's time idle."""
SHARD_BYTES = 128 << 20
"""Outputs smaller than that are one shard, and one task."""


@dataclass(frozen=True, slots=True)
class StepForecast:
    """What a step of the whole run will take; ``fixed_s`` of its ``processor_s`` whatever it reads.

    ``serial_s`` are processor seconds that one core has to take alone. ``is_guess``: nobody has
    said how its comparison grows.
    """

    name: str
    documents: float
    fixed_s: float
    processor_s: float
    serial_s: float
    fixed_wall_s: float
    shuffled_bytes: float
    written_bytes: float
    key_bytes: float
    is_guess: bool = False

    def seconds(self, cores: int) -> float:
        """On the clock, on so many cores."""
        spread = max(0.0, self.processor_s - self.fixed_s - self.serial_s)
        return self.fixed_wall_s + self.serial_s + spread / (cores * BUSY)


@dataclass(frozen=True, slots=True)
class Measured:
    """The steps of a run over so many bytes of the crawl, by the same names in every run."""

    bytes: int
    steps: Sequence[StepOutcome]


def forecast_steps(
    cold: Measured, warm: Measured, large: Measured, crawl_bytes: int
) -> list[StepForecast]:
    """A forecast for each step: ``cold`` and ``warm`` are of one small sample, in this order."""
    return [
        _forecast(*steps, cold.bytes, large.bytes, crawl_bytes)
        for steps in zip(cold.steps, warm.steps, large.steps, strict=True)
    ]


def _forecast(
    cold: StepOutcome,
    warm: StepOutcome,
    large: StepOutcome,
    small_bytes: int,
    large_bytes: int,
    crawl_bytes: int,
) -> StepForecast:
    def slope(small: float, big: float) -> float:
        return max(0.0, big - small) / (large_bytes - small_bytes)

    assert cold.usage and warm.usage and large.usage  # noqa: PT018 - they ran just now
    stage, scale = cold.step.corpus_stage, crawl_bytes / large_bytes
    more = crawl_bytes - small_bytes
    documents, keys = large.manifest.rows_in * scale, large.usage.key_bytes * scale
    per_byte = slope(_used(warm), _used(large))
    comparing = slope(_comparing(warm), _comparing(large)) * more
    pairs_s = seconds_of_pairs(stage, documents, keys)
    fixed_s = max(0.0, _used(cold) - per_byte * small_bytes)
    written = slope(written_bytes(warm), written_bytes(large)) * more + written_bytes(warm)
    serial_s = _serial(stage, keys, comparing + pairs_s, cold, per_byte * crawl_bytes, written)
    return StepForecast(
        name=cold.step.lap_name,
        documents=documents,
        fixed_s=fixed_s,
        processor_s=fixed_s + per_byte * crawl_bytes + pairs_s,
        serial_s=serial_s,
        fixed_wall_s=min(cold.usage.lap.seconds, fixed_s),
        shuffled_bytes=large.usage.tasks.shuffled_bytes * scale,
        written_bytes=written,
        key_bytes=keys,
        is_guess=not is_known(stage),
    )


def _serial(
    stage: CorpusStage | None,
    key_bytes: float,
    comparing_s: float,
    outcome: StepOutcome,
    spread_s: float,
    written: float,
) -> float:
    """What one core does alone: few keys are compared by one task, a shard is written by one."""
    if stage is not None and fit_one_task(round(key_bytes)):
        return comparing_s
    is_output = not outcome.manifest.stages
    return spread_s if is_output and written < SHARD_BYTES else 0.0


def _used(outcome: StepOutcome) -> float:
    usage = outcome.usage
    return (usage.lap.processor_s or 0.0) if usage else 0.0


def _comparing(outcome: StepOutcome) -> float:
    """Before judging began: keys, where they were not made ahead, and their comparison."""
    usage = outcome.usage
    if usage is None or usage.judging is None or not outcome.step.corpus_stage:
        return 0.0
    return max(0.0, _used(outcome) - (usage.judging.processor_s or 0.0))
