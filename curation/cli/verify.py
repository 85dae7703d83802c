"""The command that looks whether files are as they were written: runs of a root, or a copy."""

from __future__ import annotations

import sys

import click

from curation.cli.options import OUT, from_here, words_for_errors
from curation.errors import DamageError, UsageError
from curation.inspect.printable import printable, say


@click.command()
@click.argument("folder", metavar="[DIR]", required=False)
@click.option(
    "--root", callback=from_here, help="Folder or URI that holds the runs, instead of DIR."
)
@click.option("--pipeline", help="Pipeline, if the root holds several.")
@click.option("--batch", help="Batch, if the pipeline has several.")
@click.option("--deep", is_flag=True, help="Read all bytes and compare their digests.")
@words_for_errors
def verify(
    folder: str | None, root: str | None, pipeline: str | None, batch: str | None, *, deep: bool
) -> None:
    """Look whether files are as they were written: a copy of shards in DIR, or runs of a root.

    Of a copy, every byte is read. Of a root, every run unless one is named. Changes nothing. Exit
    code 7 if something is gone or damaged.
    """
    if (folder is None) == (root is None):
        raise UsageError("name either DIR, a copy of exported shards, or --root, where runs lie")
    if folder is not None:
        is_whole = _verify_copy(folder)
    else:
        is_whole = _verify_runs(str(root), pipeline, batch, deep=deep)
    sys.exit(0 if is_whole else DamageError.exit_code)


def _verify_runs(root: str, pipeline: str | None, batch: str | None, *, deep: bool) -> bool:
    """Print what is wrong with the runs of a root; whether nothing is."""
    from curation.batches.pending import is_pending
    from curation.inspect import verification
    from curation.inspect.run_files import runs_of

    is_whole, runs = True, runs_of(root, pipeline, batch)
    for folder in dict.fromkeys(run.rpartition("/")[0] for run in runs):
        if is_pending(folder):
            _say(f"{folder}: a takedown was broken off: `curate takedown` the list again")
            is_whole = False
    for folder in runs:
        found = verification.verify(folder, deep=deep)
        for line in (*map(str, found.faults), str(found)):
            _say(line)
        is_whole = is_whole and not found.faults
    return is_whole


def _verify_copy(folder: str) -> bool:
    """Print what is wrong with a copy of what an output made; whether nothing is."""
    from curation.inspect.copies import verify_copy

    found = verify_copy(folder)
    for line in (*found.faults, str(found)):
        _say(line)
    return not found.faults


def _say(line: str) -> None:
    say(OUT, printable(line))
