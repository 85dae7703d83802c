"""``curate train`` and ``curate distil``: a checkpoint from labels, embedded weights from that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from curation.cli.options import ERR, OUT, which_run, words_for_errors
from curation.cli.records import SectionedCommand, fills
from curation.distilling.settings import DistillingSettings
from curation.finetuning.given import Licences, Texts
from curation.inspect.printable import say
from models.finetuning.settings import Aim, TrainingSettings


def _max_tokens(given: Mapping[str, Any]) -> int:
    return 8_192 if given["tasks"] == "clutter" else 2_048


def _precision(_given: Mapping[str, Any]) -> object:
    from curation.finetuning.command import default_precision

    return default_precision()


@click.command(cls=SectionedCommand, short_help="Train a checkpoint from labels.")
@click.argument("tasks", metavar="TASK[,TASK…]")
@click.option("--labels", multiple=True, required=True, help="A .jsonl file of labels, or a root.")
@click.option("--base", required=True, help="A folder, or a name of the Hugging Face hub.")
@click.option("--out", required=True, help="The folder to write the checkpoint into.")
@words_for_errors
@fills("texts", Texts, "Documents")
@fills(
    "settings",
    TrainingSettings,
    "Training",
    later={"max_tokens": _max_tokens, "precision": _precision},
)
@fills("aim", Aim, "Threshold")
@fills("licences", Licences, "Card")
def train(
    tasks: str,
    *,
    labels: Sequence[str],
    base: str,
    out: str,
    texts: Texts,
    settings: TrainingSettings,
    aim: Aim,
    licences: Licences,
) -> None:
    """Train a checkpoint for TASK from labels: page_type, quality, category or clutter.

    Several tasks are heads on one base. What is written goes straight into a configuration;
    README.md in it tells how it fares on sites that it has not seen. A training that was broken off
    goes on when the same command is given again. `torchrun --nproc-per-node 8 -m curation train …`
    uses eight GPUs.
    """
    from curation.finetuning.command import train_command

    account = train_command(
        *(tasks, labels, texts, base, out, settings), aim=aim, licences=licences, say=_say
    )
    for task, own in account.tasks.items() if account else ():
        figures = own.figures
        _tell(
            f"{task}: ROC AUC {figures.auc}, macro F1 {figures.macro_f1}, threshold {own.threshold}"
        )
    if account:
        _tell(f"checkpoint: {out}")


@click.command(cls=SectionedCommand, short_help="Train embedded weights from a checkpoint.")
@click.argument("task")
@which_run
@click.option("--checkpoint", required=True, help="A folder, FOLDER#TASK, or a name of the hub.")
@click.option("--out", required=True, help="The folder to write the weights into.")
@words_for_errors
@fills("settings", DistillingSettings, "Sample and card", short={"size": "-n"})
def distil(
    task: str,
    root: str,
    pipeline: str | None,
    batch: str | None,
    *,
    checkpoint: str,
    out: str,
    settings: DistillingSettings,
) -> None:
    """Teach an embedded model what a checkpoint says: page_type, quality, category or clutter.

    The checkpoint scores a sample of a finished run, drawn as `curate label export` draws. What is
    written is named as weights in a configuration, alone or in a cascade with the checkpoint;
    README.md in it tells how far the two agree on sites that were not learnt from.
    """
    from curation.distilling.command import distil_command
    from curation.inspect.run_files import choose_run

    folder = choose_run(root, pipeline, batch)
    account = distil_command(task, folder, checkpoint, out, settings, say=_say)
    for language, own in account.agreement.items():
        _tell(
            f"{language or 'unknown'}: {own.documents:,} documents, agreement {own.accuracy}, "
            f"kappa {own.kappa}, rank correlation {own.rank_correlation}, ROC AUC {own.auc}"
        )
    _tell(f"weights: {out}")


def _say(words: str) -> None:
    say(ERR, words)


def _tell(words: str) -> None:
    say(OUT, words)
