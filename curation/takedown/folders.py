"""What lies in the folder of a batch: steps that are done, and what was never finished."""

from __future__ import annotations

import re
from dataclasses import dataclass

from curation import storage
from curation.batches.run_record import RunRecord, load_run_record, phases_in
from curation.storage import manifest
from curation.storage.manifest import Manifest

PREPARED = "_takedown"
"""In the folder of an output: what its files are to become."""

_STEP = re.compile(r"\d{2,}-.+|trial-.+")


@dataclass(frozen=True)
class StepFolder:
    """A folder of a step that is done."""

    folder: str
    name: str
    made: Manifest

    @property
    def is_first(self) -> bool:
        """Whether it read the crawl."""
        return bool(self.made.stages) and self.made.number == 1


@dataclass(frozen=True)
class LastRun:
    """What a batch last ran, or last ran of the ``phase`` of that name."""

    phase: str
    record: RunRecord

    def dataset_name(self, pipeline: str) -> str:
        """What is made of its documents goes by it."""
        return f"{pipeline}-{self.phase}" if self.phase else pipeline


@dataclass(frozen=True)
class BatchFolder:
    """A batch with every step that lies in its folder, also those of former runs and trials.

    ``runs`` has its last run, then what it last ran of each phase; ``unfinished`` are folders of
    steps that have no manifest.
    """

    folder: str
    runs: tuple[LastRun, ...]
    steps: tuple[StepFolder, ...]
    unfinished: tuple[str, ...]

    @property
    def judged(self) -> list[StepFolder]:
        """The steps that judge; those that read the crawl first."""
        found = [step for step in self.steps if step.made.stages]
        return sorted(found, key=lambda step: not step.is_first)

    @property
    def outputs(self) -> list[StepFolder]:
        """The outputs of the last runs in the order in which they made them, then former ones."""
        found = [step for step in self.steps if not step.made.stages]
        names = dict.fromkeys(name for run in self.runs for name in run.record.steps)
        places = {name: place for place, name in enumerate(names)}
        return sorted(found, key=lambda step: places.get(step.name, len(places)))

    def run_of(self, step: StepFolder) -> LastRun | None:
        """The run that a step belongs to; None for one of a former run, and for a trial."""
        return next((run for run in self.runs if step.name in run.record.steps), None)

    def steps_of(self, run: LastRun) -> list[StepFolder]:
        """The steps of a run that are done, in order."""
        return [step for step in self.places_of(run) if step]

    def places_of(self, run: LastRun) -> list[StepFolder | None]:
        """The steps of a run in order, None in the place of one that is not done."""
        by_name = {step.name: step for step in self.steps}
        return [by_name.get(name) for name in run.record.steps]


def read_batch(folder: str) -> BatchFolder | None:
    """A batch as it lies there; None for a folder that is none. Raises RecordError."""
    record = load_run_record(folder)
    if record is None:
        return None
    of_phases = ((name, load_run_record(folder, name)) for name in phases_in(folder))
    runs = [LastRun("", record), *(LastRun(name, one) for name, one in of_phases if one)]
    done, unfinished = [], []
    for name in storage.list_names(folder):
        path = storage.join(folder, name)
        if not _STEP.fullmatch(name):
            continue
        if made := manifest.load(path):
            done.append(StepFolder(path, name, made))
        else:
            unfinished.append(path)
    return BatchFolder(folder, tuple(runs), tuple(done), tuple(unfinished))
