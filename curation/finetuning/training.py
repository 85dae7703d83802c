"""One training from labels and documents to a checkpoint with its card."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import ClassVar

from curation.errors import UsageError
from curation.finetuning.account import CARD, FILE, POLICIES, CheckpointAccount, TaskAccount, card
from curation.finetuning.given import Licences
from curation.finetuning.joined import Joined
from curation.finetuning.sites import refuse_few_sites
from curation.finetuning.tasks import TASKS
from curation.storage.records import read_record, write_record
from models.finetuning.calibration import fit_temperature
from models.finetuning.checkpoint_files import write_checkpoint
from models.finetuning.cross_validation import CrossValidation
from models.finetuning.encoding import LONG_TEXTS
from models.finetuning.examples import Head, form_of
from models.finetuning.measures import Figures, measure
from models.finetuning.processes import Processes
from models.finetuning.scored import Scored
from models.finetuning.settings import Aim, TrainingSettings
from models.finetuning.state import Position
from models.finetuning.trainee import Trainee, load_trainee
from models.transformer.checkpoint import Checkpoint
from models.transformer.vocabulary import tokenizer_digest

STARTED = "training.json"
HOW_MUCH_AT_ONCE = ("tokens_per_batch", "gradient_checkpointing")
"""Settings that may change when a training goes on, for want of memory: they move last bits."""


@dataclass(frozen=True)
class Started:
    """What a training was begun with: another one does not go on from its states."""

    format_version: ClassVar[int] = 1
    remedy: ClassVar[str] = "delete the folder that it lies in, to train from the beginning"

    base_digest: str
    examples_digest: str
    settings: TrainingSettings

    def difference_from(self, other: Started) -> str:
        """The first difference from another one, in words, "" for none."""
        if self.base_digest != other.base_digest:
            return "its base is another one"
        if self.examples_digest != other.examples_digest:
            return "its labels or documents are others"
        mine, theirs = asdict(self.settings), asdict(other.settings)
        names = [name for name in mine if name not in HOW_MUCH_AT_ONCE]
        return next(
            (f"its {n} is {theirs[n]}, not {mine[n]}" for n in names if mine[n] != theirs[n]), ""
        )


def train(
    joined: Joined,
    base: Checkpoint,
    out: Path,
    settings: TrainingSettings,
    *,
    aim: Aim,
    licences: Licences,
    processes: Processes,
    say: Callable[[str], None],
) -> CheckpointAccount | None:
    """Write a checkpoint, its account and its card into ``out``; go on where one was broken off.

    Only the process that writes has an account. What is done so far lies in a folder beside
    ``out``. Raises UsageError for an ``out`` that is there, for too few sites, and for states of
    another training.
    """
    sites = {one.site for one in joined.examples}
    refuse_few_sites(
        "the labelled documents are of",
        sites,
        "label documents of more sites",
        folds=settings.folds,
    )
    work = out.with_name(f"{out.name}.training")
    started = Started(base.digest, joined.digest, settings)
    if processes.is_first:
        _begin(out, work, started)
    processes.wait()
    _say_without_examples(joined, say)

    def load() -> Trainee:
        return load_trainee(base, joined.heads, settings, processes.device)

    validation = CrossValidation(
        load, joined.examples, joined.heads, settings, processes, work, say
    )
    scores = validation.out_of_fold()
    figures = {head.task: _measure(joined, head, scores[head.task], aim) for head in joined.heads}
    trainee, position = validation.final()
    temperatures = {t: fit_temperature(one.logits, one.answer) for t, one in scores.items()}
    account = None
    if processes.is_first:
        whole = _write_weights(trainee, figures, temperatures, work)
        account = _account(
            *(joined, base, settings, figures, temperatures, position),
            licences=licences,
            tokenizer=tokenizer_digest(whole).hex(),
        )
        _write_account(account, whole, out)
        shutil.rmtree(work)
    processes.wait()
    return account


def _say_without_examples(joined: Joined, say: Callable[[str], None]) -> None:
    for head in joined.heads:
        if values := TASKS[head.task].without_examples(head.labels):
            say(f"{head.task}: without an example, so never an answer: {', '.join(values)}")


def _begin(out: Path, work: Path, started: Started) -> None:
    if out.exists():
        raise UsageError(f"{out}: is there already; name another --out, or delete it")
    path = work / STARTED
    before = read_record(str(path), Started)
    if before and (difference := started.difference_from(before)):
        raise UsageError(
            f"{work}: holds a training that was broken off, but {difference}: delete that folder, "
            "or train as before"
        )
    work.mkdir(parents=True, exist_ok=True)
    write_record(str(path), started)


def _measure(joined: Joined, head: Head, scored: Scored, aim: Aim) -> Figures:
    examples = [joined.examples[number] for number in scored.example]
    wanted = [label for label in TASKS[head.task].wanted if label in head.labels]
    return measure(
        head.labels,
        wanted,
        scored.logits,
        scored.answer,
        scored.fold,
        documents=scored.example,
        languages=[one.language for one in examples],
        sites=[one.site for one in examples],
        aim=aim,
    )


def _account(
    joined: Joined,
    base: Checkpoint,
    settings: TrainingSettings,
    figures: Mapping[str, Figures],
    temperatures: Mapping[str, float],
    position: Position,
    *,
    licences: Licences,
    tokenizer: str,
) -> CheckpointAccount:
    form = form_of(joined.heads)
    return CheckpointAccount(
        form=form,
        tasks={
            head.task: TaskAccount(
                head.labels,
                head.reads.value,
                _threshold(figures[head.task]),
                temperatures[head.task],
                joined.accounts[head.task],
                figures[head.task],
            )
            for head in joined.heads
        },
        base=base.name,
        base_digest=base.digest,
        base_licence=licences.base_licence,
        licence=licences.licence,
        examples=len(joined.examples),
        sites=len({one.site for one in joined.examples}),
        examples_digest=joined.digest,
        tokenizer_digest=tokenizer,
        max_tokens=settings.max_tokens,
        long_texts=LONG_TEXTS,
        input_policy=POLICIES[form],
        settings=settings,
        validation_losses=position.losses,
        versions={name: version(name) for name in ("curation", "torch", "transformers")},
    )


def _threshold(figures: Figures) -> float | None:
    return figures.threshold.value if figures.threshold else None


def _write_weights(
    trainee: Trainee,
    figures: Mapping[str, Figures],
    temperatures: Mapping[str, float],
    work: Path,
) -> Path:
    """Write what serves into a folder that has no name yet."""
    whole = work / "checkpoint"
    shutil.rmtree(whole, ignore_errors=True)
    whole.mkdir()
    trainee.fold_in(temperatures)
    write_checkpoint(trainee, whole, {task: _threshold(own) for task, own in figures.items()})
    return whole


def _write_account(account: CheckpointAccount, whole: Path, out: Path) -> None:
    """Write what is to be known of it beside the weights, and give the folder its name."""
    write_record(str(whole / FILE), account)
    (whole / CARD).write_text(card(account, str(out)), encoding="utf-8")
    whole.rename(out)
