"""From the steps of samples to those of the whole crawl: arithmetic over what was measured.

A run over n bytes of a crawl takes, of whatever a step takes, fixed + slope x n. All that grows is
done by tasks: what they took is measured in them, Java's threads and its workers, without what
Spark takes for a job whatever is in it. What judging takes is told apart by parts and bytes
(``judging``); what else tasks do (compare, make keys or an output) has fixed parts too, so a byte
of it is the difference between a large sample and a small one, when all has warmed up. The fixed
part is what the small sample took when it ran first, cold as the whole run will be, less its own
share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from curation.run.forecast.growth import is_known, seconds_of_pairs
from curation.run.forecast.judging import Judged, cost_of_judging
from curation.run.metrics import written_bytes
from curation.run.outcome import StepOutcome
from curation.run.part_sizes import PARTS_PER_CORE
from curation.spark.progress import Beginnings
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


@dataclass(frozen=True, slots=True)
class Samples:
    """What was measured: a small sample first, ``cold``, then again, ``warm``, then a large one."""

    cold: Measured
    warm: Measured
    large: Measured


@dataclass(frozen=True, slots=True)
class WholeCrawl:
    """What is to be foreseen: so many bytes, in so many parts, done by so many workers."""

    bytes: int
    parts: int
    workers: int


def forecast_steps(samples: Samples, crawl: WholeCrawl) -> list[StepForecast]:
    """A forecast for each step, in their order."""
    runs = samples.cold.steps, samples.warm.steps, samples.large.steps
    return [
        _forecast(cold, warm, large, samples, crawl)
        for cold, warm, large in zip(*runs, strict=True)
    ]


def _forecast(
    cold: StepOutcome, warm: StepOutcome, large: StepOutcome, samples: Samples, crawl: WholeCrawl
) -> StepForecast:
    small_bytes, large_bytes = samples.cold.bytes, samples.large.bytes
    between = large_bytes - small_bytes
    assert cold.usage and large.usage  # noqa: PT018 - they ran just now
    stage, scale = cold.step.corpus_stage, crawl.bytes / large_bytes
    documents, keys = large.manifest.rows_in * scale, large.usage.key_bytes * scale
    judging = cost_of_judging(_judged(warm, small_bytes), _judged(large, large_bytes))
    growing = max(0.0, _beside_judging(large) - _beside_judging(warm)) / between
    pairs_s = seconds_of_pairs(stage, documents, keys)
    per_byte = judging.byte_s + growing
    fixed_s = max(0.0, _used_once(cold) - per_byte * small_bytes)
    more_s = judging.part_s * max(0, crawl.parts - len(cold.manifest.parts))
    more_s += _of_other_workers(cold, crawl)
    small, written = written_bytes(cold), written_bytes(large)
    written_in_all = small + max(0, written - small) / between * (crawl.bytes - small_bytes)
    alone_s = growing * crawl.bytes + pairs_s
    return StepForecast(
        name=cold.step.lap_name,
        documents=documents,
        fixed_s=fixed_s,
        processor_s=fixed_s + more_s + per_byte * crawl.bytes + pairs_s,
        serial_s=alone_s if _is_serial(stage, keys, cold, written_in_all) else 0.0,
        fixed_wall_s=min(cold.usage.lap.seconds, fixed_s),
        shuffled_bytes=large.usage.tasks.shuffled_bytes * scale,
        written_bytes=written_in_all,
        key_bytes=keys,
        is_guess=not is_known(stage),
    )


def _judged(outcome: StepOutcome, size: int) -> Judged:
    seconds = outcome.usage.judged_s if outcome.usage else 0.0
    return Judged(seconds, len(outcome.manifest.parts), size)


def _of_other_workers(cold: StepOutcome, crawl: WholeCrawl) -> float:
    """What workers take to begin of which the small sample, that has few parts, needed none."""
    begun = cold.usage.beginnings if cold.usage else Beginnings()
    return begun.more_s * max(0, min(crawl.workers, crawl.parts) - begun.workers)


def _is_serial(
    stage: CorpusStage | None, key_bytes: float, outcome: StepOutcome, written: float
) -> bool:
    """Whether one core does alone what is not judging: compares few keys, or writes one shard."""
    if stage is not None:
        return fit_one_task(round(key_bytes))
    return not outcome.manifest.stages and written < SHARD_BYTES


def _used_once(outcome: StepOutcome) -> float:
    """What a step took, without what it did once more to be measured."""
    usage = outcome.usage
    return max(0.0, (usage.lap.processor_s or 0.0) - usage.beginnings.again_s) if usage else 0.0


def _beside_judging(outcome: StepOutcome) -> float:
    """What the tasks of a step have taken, Java's threads and its workers, judging aside."""
    usage = outcome.usage
    if usage is None:
        return 0.0
    judged_s = usage.judged_s + usage.beginnings.first_s
    return max(0.0, (usage.workers_s or 0.0) + usage.tasks.processor_s - judged_s)
