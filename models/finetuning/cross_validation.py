"""Folds of sites: each judged by a training that saw none of them, then one training for serving.

Whatever is done is done once: a fold's scores are in a file of their own when it ends, and the
training that runs has its state (``state.py``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.finetuning import scored
from models.finetuning.encoding import Row
from models.finetuning.examples import Example, Head
from models.finetuning.loop import Say, Training, Weights
from models.finetuning.processes import Processes
from models.finetuning.scored import Scored
from models.finetuning.settings import (
    MAX_WEIGHT,
    VALIDATION_PARTS,
    ClassWeights,
    TrainingSettings,
)
from models.finetuning.state import Position
from models.finetuning.trainee import Trainee
from models.linear.fit import fold_of

MIN_SITES = 3
"""One to learn from, one to stop by, one to report on."""


@dataclass(eq=False)
class CrossValidation:
    """Trainings over the same examples; ``work`` holds what is done of them.

    ``load`` gives the base with fresh heads.
    """

    load: Callable[[], Trainee]
    examples: Sequence[Example]
    heads: Sequence[Head]
    settings: TrainingSettings
    processes: Processes
    work: Path
    say: Say
    _rows: Sequence[Row] | None = None

    def out_of_fold(self) -> dict[str, Scored]:
        """What is said of every example by a training that saw nothing of its site, by task."""
        folds = [fold_of(one.site, self.settings.folds) for one in self.examples]
        return scored.joined([self._fold(fold, folds) for fold in sorted(set(folds))])

    def _fold(self, fold: int, folds: Sequence[int]) -> dict[str, Scored]:
        path = self.work / f"fold-{fold}.npz"
        tasks = [head.task for head in self.heads]
        if not path.exists():
            seen = {one.site for one, own in zip(self.examples, folds, strict=True) if own != fold}
            trainee, rows, _ = self._train(f"fold {fold + 1}", f"fold-{fold}", seen)
            outside = [row for row in rows if folds[row.example] == fold]
            budget = self.settings.tokens_per_batch
            found = scored.score(trainee, outside, budget, self.processes, fold)
            if self.processes.is_first:
                scored.save(path, found)
                self._state(f"fold-{fold}").unlink(missing_ok=True)
            self.processes.wait()
        return scored.load(path, tasks)

    def final(self) -> tuple[Trainee, Position]:
        """The training for serving, over all sites but those that say when to stop."""
        trainee, _, position = self._train("all", "all", {one.site for one in self.examples})
        return trainee, position

    def _train(
        self, title: str, name: str, sites: set[str]
    ) -> tuple[Trainee, Sequence[Row], Position]:
        """Train on the examples of some sites; the rows are those of all examples."""
        trainee = self.load()
        rows = self._encoded(trainee)
        stopping = validation_sites(sites)
        site = [one.site for one in self.examples]
        learnt = [row for row in rows if site[row.example] in sites - stopping]
        training = Training(
            trainee,
            learnt,
            [row for row in rows if site[row.example] in stopping],
            Weights({head.task: class_weights(learnt, head, self.settings) for head in self.heads}),
            self.settings,
            self.processes,
            self._state(name),
            lambda words: self.say(f"{title}: {words}"),
        )
        position = training.run()
        trainee.merge()
        return trainee, rows, position

    def _encoded(self, trainee: Trainee) -> Sequence[Row]:
        """The rows of all examples, made once: every trainee has the same tokenizer."""
        if self._rows is None:
            self._rows = trainee.reader.rows(self.examples)
        return self._rows

    def _state(self, name: str) -> Path:
        return self.work / f"{name}.safetensors"


def validation_sites(sites: set[str]) -> set[str]:
    """Those that say when to stop: one in ten by hash, or the one of the lowest hash."""
    chosen = {one for one in sites if fold_of(f"validation {one}", VALIDATION_PARTS) == 0}
    if 0 < len(chosen) < len(sites):
        return chosen
    return set(sorted(sites, key=_hash)[: min(1, len(sites) - 1)])


def _hash(site: str) -> bytes:
    return hashlib.sha256(site.encode()).digest()


def class_weights(
    rows: Sequence[Row], head: Head, settings: TrainingSettings
) -> NDArray[np.float32]:
    """What an answer of each label weighs, 1 on average over the answers (before the limit)."""
    answers = [answer for row in rows for answer in row.reads[head.task].answers]
    counts = np.bincount(np.array(answers, np.int64), minlength=len(head.labels))
    if settings.class_weights is ClassWeights.NONE or not counts.any():
        return np.ones(len(head.labels), np.float32)
    even = counts.sum() / (np.count_nonzero(counts) * np.maximum(counts, 1))
    return np.minimum(even, MAX_WEIGHT).astype(np.float32)
