"""Prometheus's text format, and what every metric of a run means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

PREFIX = "curation_"

MEANINGS: Mapping[str, str] = {
    "run_state": "1 for what the run is: running, done or failed; 0 for what it is not.",
    "run_started_timestamp_seconds": "When the run began, in seconds since 1970.",
    "run_updated_timestamp_seconds": "When this file was written; long ago while running: killed.",
    "run_steps": "Steps of the run, outputs among them.",
    "run_steps_done": "Those of them that are done.",
    "step_rows_in": "Documents that came into a step, or rows of another output.",
    "step_rows": "Documents that a step kept, removed or quarantined, by decision.",
    "step_duration_seconds": "What a step took, whenever it was done.",
    "step_written_bytes": "What a step has on disk.",
    "step_processor_seconds": "Time of all processors that a step took, Java's and its workers'.",
    "step_peak_memory_bytes": "The most memory of all processes of the run during a step.",
    "step_tasks": "Spark tasks of a step.",
    "step_task_seconds": "Time that they ran, added up.",
    "step_shuffle_bytes": "What they wrote to shuffles.",
    "step_spilled_bytes": "What they put on disk for want of memory.",
    "step_running": "1 for the step that is under way.",
    "step_pages_done": "Pages that it has judged.",
    "step_kept_ratio": "The share of them that it keeps, 0 to 1.",
    "step_pages_per_second": "Its rate since judging began.",
    "step_remaining_seconds": "What is left of it at that rate.",
}
"""All are gauges: a file shows what is, and a run that begins anew begins at 0."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A value of a metric, named without the prefix, with the labels that tell it from others."""

    metric: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


def exposition(samples: Sequence[Sample], labels: Mapping[str, str]) -> str:
    r"""The samples as text, by metric, each with these ``labels`` too.

    >>> print(exposition([Sample("run_steps", 9)], {"batch": 'a"b'}), end="")
    # HELP curation_run_steps Steps of the run, outputs among them.
    # TYPE curation_run_steps gauge
    curation_run_steps{batch="a\"b"} 9
    """
    lines = []
    for metric, meaning in MEANINGS.items():
        found = [sample for sample in samples if sample.metric == metric]
        if found:
            name = PREFIX + metric
            lines += [f"# HELP {name} {meaning}", f"# TYPE {name} gauge"]
            lines += [f"{name}{_labels({**labels, **s.labels})} {s.value:.15g}" for s in found]
    return "\n".join([*lines, ""])


def _labels(labels: Mapping[str, str]) -> str:
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
