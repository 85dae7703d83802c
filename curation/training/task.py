"""One model's training: documents in, through the stages that serve, weights out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import click

from conf import locate
from curation.cli.options import words_for_errors
from curation.config import PipelineConfig, load_config
from curation.errors import UsageError
from curation.training.examples import (
    Example,
    MadeBy,
    TrainingDocument,
    account,
    read_examples,
    write_examples,
)
from curation.training.extraction import extraction_tools
from curation.training.options import CONF, DATA_OR_EXAMPLES, OUT
from curation.training.serve import serve, stages_before
from stages.extract import Tools


class Fitted(Protocol):
    """What training gives: weights that can be written, and how they score out of fold."""

    @property
    def about(self) -> Mapping[str, object]:
        """What is to be known of the weights."""
        ...

    def save(self, folder: Path, name: str, about: Mapping[str, object]) -> None:
        """Write them under a name, with what is to be known of them."""
        ...


@dataclass(frozen=True)
class Task:
    """How the models of a stage are trained.

    ``enter`` gives the documents of a folder of labelled data, ``fit`` the weights by the stem of
    their file.
    """

    stage: str
    enter: Callable[[Path, Tools], Iterator[TrainingDocument]]
    fit: Callable[[Sequence[Example]], Mapping[str, Fitted]]


def train(task: Task, data: Path, out: Path, config: PipelineConfig) -> Mapping[str, Fitted]:
    """Write weights, and the examples that they were fitted on, into ``out``.

    ``data`` is a folder of labelled data, or a file of examples that these stages made before.
    Raises UsageError for examples that others made, and for too few to fit anything to.
    """
    stages = stages_before(config, task.stage)
    made_by = MadeBy.of(stages)
    out.mkdir(parents=True, exist_ok=True)
    if data.is_file():
        examples = read_examples(data, made_by)
    else:
        documents = task.enter(data, extraction_tools(config))
        examples = list(serve(documents, stages, config))
        write_examples(out / f"{task.stage}.examples.parquet", examples, made_by)
    try:
        fits = task.fit([example for example in examples if example.text])
    except ValueError as error:
        raise UsageError(f"{data}: {error}") from error
    counts = account(examples)
    for name, fit in fits.items():
        about = {
            "served_by": made_by.versions,
            "digest_of_stages": made_by.digest,
            "documents": counts,
            "out_of_fold": fit.about,
        }
        fit.save(out, name, about)
    return fits


def command(task: Task) -> click.Command:
    """The command that trains: ``DATA OUT [--conf PIPELINE]``."""

    @click.command(task.stage)
    @DATA_OR_EXAMPLES
    @OUT
    @CONF
    @words_for_errors
    def run(data: Path, out: Path, conf: str) -> None:
        """Write weights into the folder OUT, fitted to DATA: labelled data, or examples of them."""
        for name, fit in train(task, data, out, load_config(locate(conf))).items():
            click.echo(f"{name} {json.dumps(fit.about, indent=1)}")

    return run
