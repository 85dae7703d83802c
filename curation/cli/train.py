"""``curate train``: a checkpoint from labels."""

from __future__ import annotations

from collections.abc import Sequence

import click

from curation.cli.options import ERR, OUT, PIPELINE, words_for_errors

POSITIVE = click.IntRange(min=1)
RATIO = click.FloatRange(0, 1)


@click.command(short_help="Train a checkpoint from labels.")
@click.argument("tasks", metavar="TASK[,TASK…]")
@click.option("--labels", multiple=True, required=True, help="A .jsonl file of labels, or a root.")
@click.option("--root", help="Folder or URI that holds the run whose documents are labelled.")
@PIPELINE
@click.option("--batch", help="Batch, if the pipeline has several.")
@click.option("--documents", help="A JSONL file of documents in place of a run.")
@click.option("--base", required=True, help="A folder, or a name of the Hugging Face hub.")
@click.option("--out", required=True, help="The folder to write the checkpoint into.")
@click.option("--folds", default=5, show_default=True, type=click.IntRange(min=2))
@click.option("--epochs", default=4, show_default=True, type=POSITIVE, help="The most of them.")
@click.option("--patience", default=2, show_default=True, type=POSITIVE, help="To stop early.")
@click.option(
    "--batch-size", default=32, show_default=True, type=POSITIVE, help="Documents a step."
)
@click.option("--tokens-per-batch", default=16_384, show_default=True, type=POSITIVE)
@click.option("--max-tokens", type=click.IntRange(min=2), help="2,048; of clutter alone 8,192.")
@click.option("--learning-rate", default=2e-5, show_default=True, type=click.FloatRange(min=0))
@click.option(
    "--class-weights", default="none", show_default=True, type=click.Choice(["none", "balanced"])
)
@click.option("--lora-rank", default=0, type=click.IntRange(min=0), help="0: learn all weights.")
@click.option("--gradient-checkpointing", is_flag=True, help="Less memory, a third more time.")
@click.option(
    "--precision", type=click.Choice(["float32", "bfloat16"]), help="bfloat16 where there is a GPU."
)
@click.option("--min-precision", type=RATIO, help="Choose the threshold for this precision.")
@click.option(
    "--min-retained",
    default=0.99,
    show_default=True,
    type=RATIO,
    help="Else for this share of the wanted that stays.",
)
@click.option("--licence", default="", help="Of the weights, for the card: an SPDX name.")
@click.option("--base-licence", default="", help="Of the base, for the card.")
@click.option("--seed", default=1, show_default=True)
@words_for_errors
def train(
    tasks: str,
    *,
    labels: Sequence[str],
    root: str | None,
    pipeline: str | None,
    batch: str | None,
    documents: str | None,
    base: str,
    out: str,
    folds: int,
    epochs: int,
    patience: int,
    batch_size: int,
    tokens_per_batch: int,
    max_tokens: int | None,
    learning_rate: float,
    class_weights: str,
    lora_rank: int,
    gradient_checkpointing: bool,
    precision: str | None,
    min_precision: float | None,
    min_retained: float,
    licence: str,
    base_licence: str,
    seed: int,
) -> None:
    """Train a checkpoint for TASK from labels: page_type, quality, category or clutter.

    Several tasks are heads on one base. What is written goes straight into a configuration;
    README.md in it tells how it fares on sites that it has not seen. A training that was broken off
    goes on when the same command is given again. `torchrun --nproc-per-node 8 -m curation train …`
    uses eight GPUs.
    """
    from curation.finetuning.command import Texts, default_precision, train_command
    from curation.finetuning.training import Licences
    from models.finetuning.measures import Aim
    from models.finetuning.settings import ClassWeights, Precision, TrainingSettings

    settings = TrainingSettings(
        epochs=epochs,
        patience=patience,
        folds=folds,
        batch_size=batch_size,
        tokens_per_batch=tokens_per_batch,
        max_tokens=max_tokens or (8_192 if tasks == "clutter" else 2_048),
        learning_rate=learning_rate,
        class_weights=ClassWeights(class_weights),
        lora_rank=lora_rank,
        gradient_checkpointing=gradient_checkpointing,
        precision=Precision(precision) if precision else default_precision(),
        seed=seed,
    )
    account = train_command(
        tasks,
        labels,
        Texts(root, pipeline, batch, documents),
        base,
        out,
        settings,
        aim=Aim(min_precision, min_retained),
        licences=Licences(licence, base_licence),
        say=lambda words: ERR.print(words, highlight=False, markup=False, soft_wrap=True),
    )
    if account:
        for task, own in account.tasks.items():
            OUT.print(
                f"{task}: ROC AUC {own.figures.auc}, macro F1 {own.figures.macro_f1}, threshold "
                f"{own.threshold}",
                highlight=False,
            )
        OUT.print(f"checkpoint: {out}", soft_wrap=True, highlight=False)
