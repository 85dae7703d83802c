"""An example of every command, as its help shows it."""

from __future__ import annotations

from collections.abc import Iterator

import click

EXAMPLES = {
    "run": "curate run conf/local.toml crawl/ --root runs",
    "stage": "curate stage rules conf/local.toml --root runs",
    "plan": "curate plan conf/local.toml crawl/ --root runs",
    "config": "curate config conf/local.toml",
    "why": "curate why https://example.org/a --root runs",
    "report": "curate report --root runs --out report.html",
    "sites": "curate sites --root runs --top 1000 --out sites.csv",
    "pack": "curate pack conf/local.toml --root runs --sequence-length 4096",
    "verify": "curate verify --root runs --deep",
    "repair": "curate repair conf/local.toml --root runs",
    "history": "curate history --root runs --port 18080",
    "doctor": "curate doctor conf/local.toml --root runs",
    "confusion": "curate confusion labelled.jsonl",
    "sample-crawl": "curate sample-crawl crawl/ --pages 5000",
    "batches": "curate batches --root runs",
    "withdraw": "curate withdraw 2026-05 --root runs",
    "compact": "curate compact --root runs",
    "lines": "curate lines --root runs --top 100 --out lines.csv",
    "train": "curate train quality --labels quality.jsonl --root runs --base bge-m3 --out model",
    "distil": "curate distil quality --root runs --checkpoint large --out weights",
}


def commands_below(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by the words that call it."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands_below(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def show_examples(group: click.Group) -> None:
    """Add its example to the help of every command that has one here."""
    for name, command in commands_below(group):
        if name in EXAMPLES and not command.epilog:
            command.epilog = f"\b\nExample:\n  {EXAMPLES[name]}"
