"""What is to be known of a trained checkpoint, as ``curation.json`` and as a card in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from curation.finetuning.joined import Account
from curation.finetuning.markdown import number, table
from curation.finetuning.tasks import TASKS
from models.finetuning.examples import Form
from models.finetuning.measures import Figures
from models.finetuning.settings import TrainingSettings

SHOWN_LABELS = 40
"""Of a confusion: 200 classes fill no page that is read."""

FILE, CARD = "curation.json", "README.md"


@dataclass(frozen=True)
class TaskAccount:
    """One task of a checkpoint: its labels, what they were learnt from, how it fares."""

    labels: tuple[str, ...]
    reads: str
    threshold: float | None
    temperature: float
    learnt: Account
    figures: Figures


@dataclass(frozen=True)
class CheckpointAccount:
    """A trained checkpoint: what it is, how it reads, and what it was made of.

    ``input_policy`` says how title and text become tokens (serving goes by ``max_tokens`` and
    ``long_texts``), ``base_digest`` and ``examples_digest`` what went in, ``tokenizer_digest`` with
    which tokenizer: serving takes no other. ``licence`` and ``base_licence`` are what whoever
    trained says they are.
    """

    format_version: ClassVar[int] = 1
    remedy: ClassVar[str] = "train the checkpoint again"

    form: Form
    tasks: Mapping[str, TaskAccount]
    base: str
    base_digest: str
    base_licence: str
    licence: str
    examples: int
    sites: int
    examples_digest: str
    tokenizer_digest: str
    max_tokens: int
    long_texts: str
    input_policy: str
    settings: TrainingSettings
    validation_losses: tuple[float, ...]
    versions: Mapping[str, str]


POLICIES = {
    Form.TEXT: "the text as the stage gives it, cut behind max_tokens",
    Form.LINES: "judged lines, each behind it the separator, in windows of max_tokens",
    Form.SHARED: "the title if there is one, then the judged lines, behind each the separator, as "
    "many as fit into max_tokens",
}


def card(account: CheckpointAccount, place: str) -> str:
    """The card of a checkpoint that lies at ``place``."""
    return "\n".join([*_front(account, place), *_tasks(account), *_training(account), ""])


def _front(account: CheckpointAccount, place: str) -> Iterator[str]:
    names = ", ".join(account.tasks)
    yield "---"
    yield f"license: {account.licence or 'other'}"
    yield f"base_model: {account.base}"
    yield "library_name: transformers"
    yield "---"
    yield f"# {names}, trained on {account.base}"
    yield ""
    yield "```toml"
    for task, own in account.tasks.items():
        head = f"#{task}" if account.form is Form.SHARED else ""
        yield f"[stage.{task}]"
        yield f'model = "{place}{head}"'
        if own.threshold is not None:
            yield f"{TASKS[task].threshold} = {own.threshold}"
    yield "```"
    yield ""
    yield f"Input: {account.input_policy}; max_tokens {account.max_tokens:,}."
    yield ""
    yield (
        f"Licence of these weights: {account.licence or 'not stated'}. Of the base: "
        f"{account.base_licence or 'not stated'}. Of the texts: their publishers'."
    )
    yield ""


def _tasks(account: CheckpointAccount) -> Iterator[str]:
    for task, own in account.tasks.items():
        yield f"## {task}"
        yield ""
        yield from _figures(own)
        yield from _labels(own)
        yield from _confusion(own.figures)
        yield from _learnt(own)
        yield from _without_examples(TASKS[task].without_examples(own.labels))


def _figures(own: TaskAccount) -> Iterator[str]:
    figures = own.figures
    counts = f"{figures.places:,} answers in {figures.documents:,} documents"
    yield f"Out of fold, folds by site: {counts}."
    yield ""
    rows = {
        "ROC AUC": figures.auc,
        "average precision": figures.average_precision,
        "accuracy": figures.accuracy,
        "macro F1": figures.macro_f1,
        "temperature (folded into the last layer)": figures.temperature,
        "calibration error before": figures.calibration_error_before,
        "calibration error after (temperature of the other folds)": figures.calibration_error_after,
    }
    threshold = figures.threshold
    if threshold:
        rows |= {
            "threshold": threshold.value,
            "precision at it": threshold.precision,
            "wanted retained": threshold.retained,
            "others removed": threshold.others_removed,
        }
    yield from table(("", "value"), [(name, number(value)) for name, value in rows.items()])


def _labels(own: TaskAccount) -> Iterator[str]:
    rows = [
        (
            label,
            f"{one.places:,}",
            f"{one.sites:,}",
            number(one.auc),
            number(one.average_precision),
            number(one.f1),
        )
        for label, one in own.figures.by_label.items()
    ]
    yield from table(("label", "answers", "sites", "AUC", "average precision", "F1"), rows)
    for label, one in own.figures.by_label.items():
        if one.sites == 1:
            yield (
                f"All answers `{label}` are of one site: out of fold nothing has seen any, so its "
                "figures say nothing."
            )
            yield ""


def _confusion(figures: Figures) -> Iterator[str]:
    for language, rows in figures.confusion.items():
        names = [label for label in figures.by_label if _occurs(label, rows)]
        yield f"Confusion, {language or 'language unknown'} (rows are right, columns found):"
        yield ""
        if len(names) > SHOWN_LABELS:
            yield from _commonest(rows)
            continue
        counts = [(r, *(str(rows.get(r, {}).get(f, 0)) for f in names)) for r in names]
        yield from table(("", *names), counts)


def _occurs(label: str, rows: Mapping[str, Mapping[str, int]]) -> bool:
    return label in rows or any(label in found for found in rows.values())


def _commonest(rows: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    wrong = [
        (count, right, found)
        for right, said in rows.items()
        for found, count in said.items()
        if right != found
    ]
    shown = sorted(wrong, key=lambda one: (-one[0], one[1], one[2]))[:SHOWN_LABELS]
    yield from table(("right", "found", "answers"), [(r, f, str(n)) for n, r, f in shown])


def _learnt(own: TaskAccount) -> Iterator[str]:
    learnt = own.learnt
    yield (
        f"Labels: {learnt.labels:,}. Documents that were not found {learnt.missing:,}, of another "
        f"text than was judged {learnt.changed:,}, disputed {learnt.disputed:,}."
    )
    yield ""
    yield from table(("value", "number"), [(k, f"{n:,}") for k, n in learnt.values.items()])
    yield from table(("annotator", "labels"), [(k, f"{n:,}") for k, n in learnt.annotators.items()])


def _without_examples(values: Sequence[str]) -> Iterator[str]:
    if values:
        more = "" if len(values) <= SHOWN_LABELS else f" and {len(values) - SHOWN_LABELS} more"
        shown = ", ".join(f"`{value}`" for value in values[:SHOWN_LABELS])
        yield f"Without an example, so never its answer: {shown}{more}."
        yield ""


def _training(account: CheckpointAccount) -> Iterator[str]:
    yield "## Training"
    yield ""
    losses = ", ".join(f"{loss:.4f}" for loss in account.validation_losses)
    rows = [
        ("examples", f"{account.examples:,} documents of {account.sites:,} sites"),
        ("digest of examples", account.examples_digest),
        ("digest of base", account.base_digest),
        ("digest of tokenizer", account.tokenizer_digest),
        ("validation loss by epoch", losses or "none: there was no site for it"),
        *((name, f"{getattr(account.settings, name)}") for name in account.settings.__slots__),
        *account.versions.items(),
    ]
    yield from table(("", "value"), rows)
