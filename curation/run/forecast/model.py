"""From the steps of two samples to those of the whole crawl: arithmetic over what was measured.

A run over n bytes of a crawl takes, of whatever a step takes, fixed + slope x n. What judging and
writing a byte takes is measured in the tasks of the large sample, where nothing else is in it. What
comparing one takes, or an output of one, is the difference between the large sample and a small
one, both on a session that has warmed up, where that is more than noise. The fixed part is what the
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

CLEAR_RATIO = 1.5
"""What the large sample takes beside judging is mostly Spark's work for each job, and varies by a
third from run to run: less than so many times what the small one takes is not taken for growth."""
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
    between = large_bytes - small_bytes
    assert cold.usage and warm.usage and large.usage  # noqa: PT018 - they ran just now
    stage, scale = cold.step.corpus_stage, crawl_bytes / large_bytes
    more = crawl_bytes - small_bytes
    documents, keys = large.manifest.rows_in * scale, large.usage.key_bytes * scale
    growing = clear_growth(_beside_judging(warm), _beside_judging(large)) / between
    per_byte = large.usage.judged_s / large_bytes + growing
    pairs_s = seconds_of_pairs(stage, documents, keys)
    fixed_s = max(0.0, _used(cold) - per_byte * small_bytes)
    written_more = max(0, written_bytes(large) - written_bytes(warm)) / between * more
    written = written_bytes(warm) + written_more
    alone_s = growing * crawl_bytes + pairs_s
    serial_s = alone_s if _is_serial(stage, keys, cold, written) else 0.0
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


def clear_growth(small: float, large: float) -> float:
    """By how much the large one is more, if that is no noise.

    >>> clear_growth(1.0, 3.0), clear_growth(1.0, 1.4), clear_growth(0.0, 0.0)
    (2.0, 0.0, 0.0)
    """
    return large - small if large > small * CLEAR_RATIO else 0.0


def _is_serial(
    stage: CorpusStage | None, key_bytes: float, outcome: StepOutcome, written: float
) -> bool:
    """Whether one core does alone what is not judging: compares few keys, or writes one shard."""
    if stage is not None:
        return fit_one_task(round(key_bytes))
    return not outcome.manifest.stages and written < SHARD_BYTES


def _used(outcome: StepOutcome) -> float:
    usage = outcome.usage
    return (usage.lap.processor_s or 0.0) if usage else 0.0


def _beside_judging(outcome: StepOutcome) -> float:
    """What a step takes before it judges, if it compares; of an output all of it."""
    usage = outcome.usage
    if usage is None or not outcome.manifest.stages:
        return _used(outcome)
    if usage.judging is None or outcome.step.corpus_stage is None:
        return 0.0
    return max(0.0, _used(outcome) - (usage.judging.processor_s or 0.0))
