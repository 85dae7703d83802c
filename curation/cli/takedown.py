"""The command that takes pages, sites and captures out of all that a root holds."""

from __future__ import annotations

import click

from curation.cli.options import MASTER, OUT, ROOT, words_for_errors


@click.command()
@click.argument("takedown_list", metavar="LIST")
@ROOT
@click.option("--dry-run", is_flag=True, help="Say what would go, and change nothing.")
@MASTER
@words_for_errors
def takedown(takedown_list: str, root: str, master: str | None, *, dry_run: bool) -> None:
    """Take what LIST names out of all batches and shards of a root, and out of those to come.

    LIST has a line for each URL (that page, however often it was captured), site (a host alone:
    with all below it) or doc_id. A line that is none of these ends it before anything is done.
    """
    from curation.cli.takedown_commands import take_down

    take_down(takedown_list, root, master, OUT, dry_run=dry_run)
