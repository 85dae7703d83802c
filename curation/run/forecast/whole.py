"""A forecast of a whole run: its steps, what is around them, and their sums on so many cores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from curation.run.forecast.model import StepForecast
from curation.run.laps import Lap

MIB = 1 << 20


@dataclass(frozen=True)
class Forecast:
    """What a run will take, and the sample that says so.

    ``around`` are the laps that are no steps, as they were measured. ``driver_bytes`` is what Java
    and the driver may have, ``worker_bytes`` what the workers of a core have.
    """

    crawl_bytes: int
    sample_bytes: int
    sample_pages: int
    sample_cores: int
    steps: Sequence[StepForecast]
    around: Mapping[str, Lap]
    driver_bytes: int
    worker_bytes: int

    @property
    def pages(self) -> float:
        """Of the whole crawl."""
        return self.sample_pages * self.crawl_bytes / self.sample_bytes

    @property
    def processor_s(self) -> float:
        """Of the whole run."""
        around = sum(lap.processor_s or 0.0 for lap in self.around.values())
        return around + sum(step.processor_s for step in self.steps)

    @property
    def fixed_s(self) -> float:
        """The processor seconds that a run takes however large its crawl is."""
        around = sum(lap.processor_s or 0.0 for lap in self.around.values())
        return around + sum(step.fixed_s for step in self.steps)

    def seconds(self, cores: int) -> float:
        """On the clock: of what is around the steps, no more than it took processors."""
        around = sum(
            min(lap.seconds, lap.processor_s or lap.seconds) for lap in self.around.values()
        )
        return around + sum(step.seconds(cores) for step in self.steps)

    def memory_bytes(self, cores: int) -> int:
        """At most, on one machine."""
        return self.driver_bytes + cores * self.worker_bytes

    def as_json(self, cores: int) -> dict[str, Any]:
        """All of it, for programs."""
        steps = [{**asdict(step), "seconds": step.seconds(cores)} for step in self.steps]
        return {
            "crawl_bytes": self.crawl_bytes,
            "sample_bytes": self.sample_bytes,
            "sample_pages": self.sample_pages,
            "pages": self.pages,
            "cores": cores,
            "seconds": self.seconds(cores),
            "processor_s": self.processor_s,
            "fixed_s": self.fixed_s,
            "memory_bytes": self.memory_bytes(cores),
            "shuffled_bytes": sum(step.shuffled_bytes for step in self.steps),
            "written_bytes": sum(step.written_bytes for step in self.steps),
            "steps": steps,
            "around": {name: asdict(lap) for name, lap in self.around.items()},
        }
