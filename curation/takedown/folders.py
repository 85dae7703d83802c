"""What lies in the folder of a batch: steps that are done, and what was never finished."""

from __future__ import annotations

import re
from dataclasses import dataclass

from curation import storage
from curation.batches.run_record import RunRecord, load_run_record
from curation.storage import manifest
from curation.storage.manifest import Manifest

PREPARED = "_takedown"
"""In the folder of an output: what its files are to become."""

_STEP = re.compile(r"\d{2,}-.+|trial-.+")


@dataclass(frozen=True)
class StepFolder:
    """A folder of a step that is done; ``is_current`` says that the batch's last run made it."""

    folder: str
    name: str
    made: Manifest
    is_current: bool

    @property
    def is_first(self) -> bool:
        """Whether it read the crawl."""
        return bool(self.made.stages) and self.made.number == 1


@dataclass(frozen=True)
class BatchFolder:
    """A batch with every step that lies in its folder, also those of former runs and trials.

    ``unfinished`` are folders of steps that have no manifest.
    """

    folder: str
    record: RunRecord
    steps: tuple[StepFolder, ...]
    unfinished: tuple[str, ...]

    @property
    def judged(self) -> list[StepFolder]:
        """The steps that judge; those that read the crawl first."""
        found = [step for step in self.steps if step.made.stages]
        return sorted(found, key=lambda step: not step.is_first)

    @property
    def outputs(self) -> list[StepFolder]:
        """The outputs of the last run in the order in which it made them, then former ones."""
        found = [step for step in self.steps if not step.made.stages]
        places = {name: place for place, name in enumerate(self.record.steps)}
        return sorted(found, key=lambda step: places.get(step.name, len(places)))

    def current(self) -> list[StepFolder]:
        """The steps of the last run that are done, in order."""
        by_name = {step.name: step for step in self.steps}
        return [by_name[name] for name in self.record.steps if name in by_name]


def read_batch(folder: str) -> BatchFolder | None:
    """A batch as it lies there; None for a folder that is none. Raises RecordError."""
    record = load_run_record(folder)
    if record is None:
        return None
    done, unfinished = [], []
    for name in storage.list_names(folder):
        path = storage.join(folder, name)
        if not _STEP.fullmatch(name):
            continue
        if made := manifest.load(path):
            done.append(StepFolder(path, name, made, name in record.steps))
        else:
            unfinished.append(path)
    return BatchFolder(folder, record, tuple(done), tuple(unfinished))
