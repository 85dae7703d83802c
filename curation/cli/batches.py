"""The commands on the batches of a pipeline and on the state that they leave for later ones."""

from __future__ import annotations

import sys

import click

from curation.cli.options import ERR, MASTER, OUT, PIPELINE, ROOT, words_for_errors


@click.command()
@ROOT
@PIPELINE
@words_for_errors
def batches(root: str, pipeline: str | None) -> None:
    """List the batches in their order, and which are stale: no longer what they would be."""
    from curation.cli.batch_commands import show_batches

    show_batches(root, pipeline, OUT)


@click.command()
@click.argument("batch")
@ROOT
@PIPELINE
@click.option("--and-later", is_flag=True, help="Withdraw all later batches too.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@words_for_errors
def withdraw(batch: str, root: str, pipeline: str | None, and_later: bool, yes: bool) -> None:
    """Delete BATCH, with all that it left for later batches, which are stale until run again."""
    from curation.cli.batch_commands import withdraw_batches

    def confirm(question: str) -> bool:
        return yes or (sys.stdin.isatty() and click.confirm(question))

    withdraw_batches(root, pipeline, batch, OUT, and_later=and_later, confirm=confirm)


@click.command()
@ROOT
@PIPELINE
@MASTER
@words_for_errors
def compact(root: str, pipeline: str | None, master: str | None) -> None:
    """Merge the state that many batches left for each stage; no result changes."""
    from curation.cli.batch_commands import merge_all
    from curation.spark.session import start_session

    merge_all(root, pipeline, OUT, ERR, lambda: start_session({}, master=master))


@click.command()
@ROOT
@PIPELINE
@MASTER
@click.option("--top", default=20, show_default=True, type=click.IntRange(min=1))
@click.option("--out", help="A .csv or .parquet file to write instead of a table on the terminal.")
@words_for_errors
def lines(root: str, pipeline: str | None, master: str | None, top: int, out: str | None) -> None:
    """Show the head and tail lines that occur most, over all batches and in each."""
    from curation.cli.batch_commands import show_lines
    from curation.spark.session import start_session

    show_lines(root, pipeline, top, out, OUT, lambda: start_session({}, master=master))


BATCH_COMMANDS = (batches, withdraw, compact, lines)
