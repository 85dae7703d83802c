"""What a trainee says of rows: logits beside the right answers, for each place that is read."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.finetuning.encoding import Row
from models.finetuning.order import passes_of_step
from models.finetuning.processes import Processes
from models.finetuning.trainee import Trainee

Matrix = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Scored:
    """Of one task: (places,) the example, the line in it, the right label; logits (places, labels).

    ``fold`` tells which places were judged by one training: of none was the site seen in it.
    """

    example: Numbers
    line: Numbers
    answer: Numbers
    fold: Numbers
    logits: Matrix

    @property
    def parts(self) -> dict[str, NDArray[np.float64] | Numbers]:
        """The arrays by name."""
        return {name: getattr(self, name) for name in NAMES}


NAMES = ("example", "line", "answer", "fold", "logits")


def score(
    trainee: Trainee, rows: Sequence[Row], tokens_per_batch: int, processes: Processes, fold: int
) -> dict[str, Scored]:
    """What the trainee says of every place of every row, by task; each process scores its share."""
    import torch

    passes = passes_of_step(range(len(rows)), [len(row.tokens) for row in rows], tokens_per_batch)
    trainee.train(mode=False)
    result = {}
    empty = {
        head.task: _without_logits(rows, head.task, len(head.labels), fold)
        for head in trainee.heads
    }
    starts = {
        task: np.cumsum([0, *(len(row.reads[task].places) for row in rows)]) for task in empty
    }
    sums = {
        task: torch.zeros(one.logits.shape, dtype=torch.float64, device=trainee.device)
        for task, one in empty.items()
    }
    with torch.inference_mode():
        for chosen in processes.share(passes):
            logits = trainee.logits([rows[row] for row in chosen])
            for task, found in logits.items():
                places = [n for row in chosen for n in range(*starts[task][row : row + 2])]
                sums[task][places] = found.double()
    processes.add_up(list(sums.values()))
    for task, one in empty.items():
        result[task] = Scored(one.example, one.line, one.answer, one.fold, sums[task].cpu().numpy())
    return result


def _without_logits(rows: Sequence[Row], task: str, labels: int, fold: int) -> Scored:
    reads = [(row.example, row.reads[task]) for row in rows]
    example = [number for number, read in reads for _ in read.places]
    return Scored(
        np.array(example, np.int64),
        np.array([line for _, read in reads for line in read.lines], np.int64),
        np.array([answer for _, read in reads for answer in read.answers], np.int64),
        np.full(len(example), fold, np.int64),
        np.zeros((len(example), labels)),
    )


def joined(parts: Sequence[Mapping[str, Scored]]) -> dict[str, Scored]:
    """The places of several folds together."""
    return {
        task: Scored(
            *(np.concatenate([part[task].parts[name] for part in parts]) for name in NAMES)
        )
        for task in parts[0]
    }


def save(path: Path, scored: Mapping[str, Scored]) -> None:
    """Write what was said of a fold; the file appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays = {f"{task}/{name}": one for task, s in scored.items() for name, one in s.parts.items()}
    written = path.with_name(f"new-{path.name}")
    np.savez(written, **arrays)  # type: ignore[arg-type]
    os.replace(written, path)  # noqa: PTH105 - the two names of one rename


def load(path: Path, tasks: Sequence[str]) -> dict[str, Scored]:
    """Read what ``save`` wrote."""
    with np.load(path) as arrays:
        return {task: Scored(*(arrays[f"{task}/{name}"] for name in NAMES)) for task in tasks}
