"""Steps for those who scrape: a Prometheus text file, and a line of JSON for each of them.

Both lie in the batch's folder and are written anew, whole or not at all, as steps are done. The
text file may stand in a folder of node_exporter's textfile collector too.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from curation import storage
from curation.errors import UsageError
from curation.run.observer import Observer
from curation.run.outcome import StepOutcome
from curation.run.plan import Plan, PlannedStep
from curation.run.prometheus import Sample, exposition
from curation.spark.progress_display import Reached, TasksDone

METRICS_FILE, STEPS_FILE = "metrics.prom", "steps.jsonl"
WRITE_EVERY_S = 15.0
"""While a step runs: Prometheus scrapes once a minute by default."""


@dataclass
class Metrics(Observer):
    """Writes what becomes of a plan; into ``textfile_folder`` too, if one is named.

    Of a plan that is carried out twice, as a repair may have to, what a step took stays known.
    """

    textfile_folder: str | None = None
    _plan: Plan = field(init=False)
    _ended: dict[str, StepOutcome] = field(default_factory=dict, init=False)
    _under_way: tuple[PlannedStep, Reached | None] | None = field(default=None, init=False)
    _written: float = field(default=0.0, init=False)
    _started: float = field(default_factory=time.time, init=False)
    _lines: dict[str, bytes] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        if self.textfile_folder and not Path(self.textfile_folder).is_dir():
            raise UsageError(f"--metrics {self.textfile_folder}: is no folder; make it first")

    def run_started(self, plan: Plan) -> None:
        """Remember whose steps they are."""
        self._plan = plan

    def step_started(self, step: PlannedStep) -> None:
        """Show the step as the one that is under way."""
        self._under_way = step, None
        self._write("running")

    def look(self, step: PlannedStep, reached: Reached | TasksDone) -> None:
        """Write now and then how far the step is."""
        self._under_way = step, reached if isinstance(reached, Reached) else None
        if time.monotonic() - self._written >= WRITE_EVERY_S:
            self._write("running")

    def step_ended(self, outcome: StepOutcome) -> None:
        """Add the step to both files."""
        self._under_way = None
        folder = outcome.step.folder
        if not (outcome.cached and folder in self._ended):
            self._ended[folder] = outcome
            line = step_line(self._plan, outcome, datetime.now(UTC))
            self._lines[folder] = to_json(line) + b"\n"
        self._put(self._in_batch(STEPS_FILE), b"".join(self._lines.values()))
        self._write("running")

    def run_ended(self, *, well: bool) -> None:
        """Say that nothing runs any more; a run that was refused has nothing to say."""
        if not self._ended and self._under_way is None:
            return
        self._under_way = None
        self._write("done" if well else "failed")

    def _in_batch(self, name: str) -> str:
        return storage.join(self._plan.batch.folder, name)

    def _write(self, state: str) -> None:
        self._written = time.monotonic()
        samples = [*self._of_run(state), *self._of_steps(), *self._of_progress()]
        labels = {"pipeline": self._plan.config.name, "batch": self._plan.batch.name}
        text = exposition(samples, labels).encode()
        self._put(self._in_batch(METRICS_FILE), text)
        if self.textfile_folder:
            name = f"curation-{self._plan.config.name}-{self._plan.batch.name}.prom"
            self._put(storage.join(self.textfile_folder, name), text)

    def _put(self, uri: str, content: bytes) -> None:
        """Write a file, if it can be: a run does not end because nobody can watch it."""
        with suppress(OSError):
            storage.write_bytes(uri, content)

    def _of_run(self, state: str) -> Iterator[Sample]:
        for one in ("running", "done", "failed"):
            yield Sample("run_state", float(one == state), {"state": one})
        yield Sample("run_started_timestamp_seconds", self._started)
        yield Sample("run_updated_timestamp_seconds", time.time())
        yield Sample("run_steps", len(self._plan.steps_with_phases))
        yield Sample("run_steps_done", len(self._ended))

    def _of_steps(self) -> Iterator[Sample]:
        for outcome in self._ended.values():
            labels, done = {"step": outcome.step.lap_name}, outcome.manifest
            yield Sample("step_rows_in", done.rows_in, labels)
            for decision in ("keep", "remove", "quarantine"):
                rows = getattr(done, decision)
                yield Sample("step_rows", rows, {**labels, "decision": decision})
            yield Sample("step_duration_seconds", done.seconds, labels)
            yield Sample("step_written_bytes", written_bytes(outcome), labels)
            for name, value in _taken(outcome).items():
                if value is not None:
                    yield Sample(name, value, labels)

    def _of_progress(self) -> Iterator[Sample]:
        if self._under_way is None:
            return
        step, reached = self._under_way
        labels = {"step": step.lap_name}
        yield Sample("step_running", 1, labels)
        if reached:
            yield Sample("step_pages_done", reached.pages, labels)
            yield Sample("step_kept_ratio", reached.kept_ratio, labels)
            yield Sample("step_pages_per_second", reached.pages_per_s, labels)
            if reached.left_s is not None:
                yield Sample("step_remaining_seconds", reached.left_s, labels)


def written_bytes(outcome: StepOutcome) -> int:
    """What a step has on disk."""
    return sum(file.bytes for file in outcome.manifest.all_files())


def _taken(outcome: StepOutcome) -> dict[str, float | None]:
    """What a step took that was done now, by the names of their metrics."""
    usage = outcome.usage
    if usage is None:
        return {}
    return {
        "step_processor_seconds": usage.lap.processor_s,
        "step_peak_memory_bytes": usage.peak_bytes,
        "step_tasks": usage.tasks.tasks,
        "step_task_seconds": usage.tasks.run_s,
        "step_shuffle_bytes": usage.tasks.shuffled_bytes,
        "step_spilled_bytes": usage.tasks.spilled_bytes,
    }


def step_line(plan: Plan, outcome: StepOutcome, now: datetime) -> dict[str, Any]:
    """A step as a line of JSON says it; what is not known is null."""
    done, usage = outcome.manifest, outcome.usage
    lap = usage.lap if usage else None
    return {
        "time": now.isoformat(timespec="milliseconds"),
        "pipeline": plan.config.name,
        "batch": plan.batch.name,
        "number": done.number,
        "step": done.step,
        "stages": [stage.name for stage in done.stages],
        "done_before": outcome.cached,
        "rows_in": done.rows_in,
        "keep": done.keep,
        "remove": done.remove,
        "quarantine": done.quarantine,
        "reasons": [asdict(one) for one in done.reasons],
        "figures": [asdict(one) for one in done.figures],
        "seconds": done.seconds,
        "processor_s": lap.processor_s if lap else None,
        "pages_per_s": done.rows_in / lap.seconds if lap and lap.seconds else None,
        "peak_memory_bytes": usage.peak_bytes if usage else None,
        "tasks": usage.tasks.tasks if usage else None,
        "task_s": usage.tasks.run_s if usage else None,
        "shuffle_bytes": usage.tasks.shuffled_bytes if usage else None,
        "spilled_bytes": usage.tasks.spilled_bytes if usage else None,
        "written_bytes": written_bytes(outcome),
    }
