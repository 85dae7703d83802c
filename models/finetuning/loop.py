"""The loop: steps over shuffled documents, early stopping, and a state to go on from."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.finetuning import state
from models.finetuning.encoding import Row
from models.finetuning.order import passes_of_step, rate_of_step, seed_of_pass, steps_of_epoch
from models.finetuning.processes import Processes
from models.finetuning.settings import TrainingSettings
from models.finetuning.state import Position
from models.finetuning.trainee import Trainee

if TYPE_CHECKING:
    from torch import Tensor
    from torch.optim import Optimizer

SAVE_STEPS = 200
SPEAK_STEPS = 20
REMEDY = "lower --learning-rate, or look at the base's weights"

Say = Callable[[str], None]


class NotFiniteError(ValueError):
    """The loss or its gradient is no number: weights that follow would be none."""


@dataclass(frozen=True, eq=False)
class Weights:
    """What the answers of each task weigh, (labels,), by task."""

    by_label: Mapping[str, NDArray[np.float32]]

    def of_rows(self, rows: Sequence[Row], task: str) -> NDArray[np.float32]:
        """The weight of every answer that rows have, row by row.

        The lines of a document weigh together as 50 lines at most: one of 5,000 lines is one page.
        """
        found = [
            self.by_label[task][list(read.answers)] * min(1.0, MAX_LINES / len(read.answers))
            for row in rows
            if (read := row.reads[task]).answers
        ]
        return np.concatenate([np.zeros(0, np.float32), *found]).astype(np.float32)


MAX_LINES = 50
"""Of a document, that count in the loss."""


@dataclass(eq=False)
class Training:
    """One training of a checkpoint: ``run`` goes on from the state in ``path``, if there is one.

    Rows are those of the documents that are learnt from; without ``validation`` all epochs are run.
    A step's gradient is that of its whole loss, whatever passes and processes it was computed in.
    """

    trainee: Trainee
    rows: Sequence[Row]
    validation: Sequence[Row]
    weights: Weights
    settings: TrainingSettings
    processes: Processes
    path: Path
    say: Say
    save_steps: int = SAVE_STEPS
    best: dict[str, Tensor] = field(default_factory=dict)

    def run(self) -> Position:
        """Train, and leave the best weights in the trainee; says how it went.

        Raises NotFiniteError, naming the step, when the loss is no number any more.
        """
        import torch

        parameters = self.trainee.parameters()
        optimizer = torch.optim.AdamW(
            parameters.values(),
            self.settings.learning_rate,
            weight_decay=self.settings.weight_decay,
        )
        position = Position()
        if self.path.exists():
            position, self.best = state.load(self.path, parameters, optimizer)
            self.say(f"goes on at epoch {position.epoch + 1}, step {position.step + 1}")
        while not position.is_over(self.settings.epochs, self.settings.patience):
            position = self._epoch(position, optimizer)
        with torch.no_grad():
            for name, weights in self.best.items():
                parameters[name].copy_(weights)
        return position

    def _epoch(self, position: Position, optimizer: Optimizer) -> Position:
        steps = self._steps(position.epoch)
        began, tokens = time.monotonic(), 0
        for number in range(position.step, len(steps)):
            loss = self._step(position.epoch, number, steps, optimizer)
            tokens += sum(len(self.rows[row].tokens) for row in steps[number])
            if number % SPEAK_STEPS == 0 or number + 1 == len(steps):
                speed = tokens / max(time.monotonic() - began, 1e-9)
                self.say(
                    f"epoch {position.epoch + 1}/{self.settings.epochs} step {number + 1}/"
                    f"{len(steps)} loss {loss:.4f}, {speed:,.0f} tokens/s"
                )
            if (number + 1) % self.save_steps == 0 and number + 1 < len(steps):
                self._save(replace(position, step=number + 1), optimizer)
        loss_of_validation = self._validate()
        after = position.after_epoch(loss_of_validation)
        if loss_of_validation is not None:
            self.say(f"epoch {after.epoch} validation loss {loss_of_validation:.4f}")
            if after.best_epoch == position.epoch:
                self.best = {
                    name: one.detach().clone() for name, one in self.trainee.parameters().items()
                }
        self._save(after, optimizer)
        return after

    def _steps(self, epoch: int) -> list[list[int]]:
        """The rows of each step: all rows of so many documents."""
        by_example: dict[int, list[int]] = {}
        for number, row in enumerate(self.rows):
            by_example.setdefault(row.example, []).append(number)
        documents = list(by_example.values())
        order = steps_of_epoch(len(documents), self.settings.batch_size, self.settings.seed, epoch)
        return [[row for document in step for row in documents[document]] for step in order]

    def _step(
        self, epoch: int, number: int, steps: Sequence[Sequence[int]], optimizer: Optimizer
    ) -> float:
        """Learn from the rows of one step; its loss."""
        import torch

        settings, rows = self.settings, [self.rows[row] for row in steps[number]]
        total = epoch * len(steps) + number
        for group in optimizer.param_groups:
            group["lr"] = rate_of_step(settings, total, settings.epochs * len(steps))
        lengths = [len(row.tokens) for row in rows]
        mass = {task: float(self.weights.of_rows(rows, task).sum()) for task in self._tasks}
        passes = passes_of_step(range(len(rows)), lengths, settings.tokens_per_batch)
        self.trainee.train(mode=True)
        loss = torch.zeros(1, device=self.trainee.device)
        for place, chosen in self.processes.share(list(enumerate(passes))):
            torch.manual_seed(seed_of_pass(settings.seed, total, place))
            part = self._loss([rows[row] for row in chosen], mass)
            part.backward()
            loss += part.detach()
        gradients = []
        for parameter in self.trainee.parameters().values():
            if parameter.grad is None:
                parameter.grad = torch.zeros_like(parameter)
            gradients.append(parameter.grad)
        self.processes.add_up([loss, *gradients])
        norm = torch.nn.utils.clip_grad_norm_(
            self.trainee.parameters().values(), settings.max_gradient_norm
        )
        value = float(loss)
        if not math.isfinite(value) or not math.isfinite(float(norm)):
            raise NotFiniteError(
                f"loss {value}, gradient {float(norm)} at step {number + 1} of epoch {epoch + 1}: "
                f"{REMEDY}"
            )
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        return value

    @property
    def _tasks(self) -> list[str]:
        return [head.task for head in self.trainee.heads]

    def _loss(self, rows: Sequence[Row], mass: Mapping[str, float]) -> Tensor:
        """The part of these rows in the mean loss of each task, added up over tasks."""
        import torch
        from torch.nn.functional import cross_entropy

        logits = self.trainee.logits(rows)
        loss = torch.zeros(1, device=self.trainee.device)
        for task in self._tasks:
            right = [answer for row in rows for answer in row.reads[task].answers]
            known = torch.tensor(right, dtype=torch.long, device=self.trainee.device)
            weights = torch.from_numpy(self.weights.of_rows(rows, task)).to(self.trainee.device)
            losses = cross_entropy(logits[task], known, reduction="none")
            loss = loss + (losses * weights).sum() / max(mass[task], 1e-12)
        return loss

    def _validate(self) -> float | None:
        """The loss of the validation part; None if there is none."""
        import torch

        if not self.validation:
            return None
        lengths = [len(row.tokens) for row in self.validation]
        mass = {
            task: float(self.weights.of_rows(self.validation, task).sum()) for task in self._tasks
        }
        passes = passes_of_step(range(len(lengths)), lengths, self.settings.tokens_per_batch)
        self.trainee.train(mode=False)
        loss = torch.zeros(1, dtype=torch.float64, device=self.trainee.device)
        with torch.inference_mode():
            for chosen in self.processes.share(passes):
                loss += self._loss([self.validation[row] for row in chosen], mass)
        self.processes.add_up([loss])
        if not math.isfinite(float(loss)):
            raise NotFiniteError(f"the loss of the validation part is {float(loss)}: {REMEDY}")
        return float(loss)

    def _save(self, position: Position, optimizer: Optimizer) -> None:
        if self.processes.is_first:
            state.save(self.path, position, self.trainee.parameters(), self.best, optimizer)
        self.processes.wait()
