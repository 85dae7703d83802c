"""What is to be known of distilled weights, as ``distilled.json`` and as a card in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import ClassVar

from curation.distilling.settings import DistillingSettings
from curation.finetuning.markdown import number, table
from models.distillation.agreement import Agreement, Sent
from stages.clutter import Clutter

FILE, CARD = "distilled.json", "README.md"
ALL = "all"
"""What figures over all languages are called."""


@dataclass(frozen=True)
class DistilledAccount:
    """Distilled weights: what taught them, by which texts, and how far the two agree.

    ``agreement`` is by language, and over all; out of fold, folds by site. ``wanted`` and
    ``threshold`` are what the figures were measured at.
    """

    format_version: ClassVar[int] = 1
    remedy: ClassVar[str] = "distil the checkpoint again"

    task: str
    checkpoint: str
    checkpoint_digest: str
    setting: str
    threshold: float
    wanted: tuple[str, ...]
    run: str
    sample_digest: str
    population: int
    documents: int
    sites: int
    left_out: Mapping[str, int]
    agreement: Mapping[str, Agreement]
    cascades: tuple[Sent, ...]
    settings: DistillingSettings
    versions: Mapping[str, str]


def card(account: DistilledAccount, place: str) -> str:
    """The card of weights that lie at ``place``."""
    return "\n".join(
        [*_front(account, place), *_agreement(account), *_cascades(account), *_made(account), ""]
    )


def _front(account: DistilledAccount, place: str) -> Iterator[str]:
    yield "---"
    yield f"license: {account.settings.licence or 'other'}"
    yield "---"
    yield f"# {account.task}, distilled from {account.checkpoint}"
    yield ""
    yield "In the place of the shipped weights:"
    yield ""
    yield from _toml(account, [f'weights = "{place}"'])
    yield "In front of the checkpoint:"
    yield ""
    yield from _toml(
        account,
        [
            f'model = "{account.checkpoint}"',
            f'weights = "{place}"',
            "cascade = { max_sent_ratio = 0.2 }",
        ],
    )
    yield f"Licence: {account.settings.licence or 'not stated'}. Of the texts: their publishers'."
    yield ""


def _toml(account: DistilledAccount, lines: list[str]) -> Iterator[str]:
    yield "```toml"
    yield f"[stage.{account.task}]"
    yield from lines
    if account.wanted:
        yield f"{account.setting} = {account.threshold}"
    yield "```"
    yield ""


def _agreement(account: DistilledAccount) -> Iterator[str]:
    yield "## Agreement with the checkpoint"
    yield ""
    decides = "at the likeliest class"
    if account.wanted:
        decides = f"at {account.setting} = {account.threshold}"
    yield f"Out of fold, folds by site, {decides}. Accuracy, kappa and shares are of the run."
    if account.task == Clutter.name:
        yield (
            "They are of the lines that both judge; those of a document weigh together as one "
            "document does."
        )
    yield ""
    names = list(Agreement.__dataclass_fields__)
    rows = [
        (language or "unknown", *(number(value) for value in asdict(own).values()))
        for language, own in account.agreement.items()
    ]
    yield from table(("language", *(name.replace("_", " ") for name in names)), rows)


def _cascades(account: DistilledAccount) -> Iterator[str]:
    yield "## As a cascade"
    yield ""
    yield (
        "What a cascade sends on to the checkpoint, and how often it decides as the checkpoint "
        "alone does; each document by a band that was chosen on other sites."
    )
    yield ""
    rows = [
        (f"{one.max_sent_ratio:g}", f"{one.sent:g}", f"{one.accuracy:g}", _band(one))
        for one in account.cascades
    ]
    yield from table(("max_sent_ratio", "sent on", "agreement", "band"), rows)


def _band(one: Sent) -> str:
    return f"{one.low:g} to {one.high:g}" if one.low <= one.high else "nothing"


def _made(account: DistilledAccount) -> Iterator[str]:
    yield "## Made of"
    yield ""
    rows = [
        ("documents", f"{account.documents:,} of {account.sites:,} sites"),
        ("drawn from", f"{account.population:,} documents of {account.run}"),
        ("digest of the sample", account.sample_digest),
        ("digest of the checkpoint", account.checkpoint_digest),
        *((f"left out, {what}", f"{count:,}") for what, count in account.left_out.items()),
        *((name, f"{value}") for name, value in asdict(account.settings).items()),
        *account.versions.items(),
    ]
    yield from table(("", "value"), rows)
